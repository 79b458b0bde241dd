import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { characterTokenizer } from "../testing/character-tokenizer.js";
import { numberedCorpus } from "../testing/numbered-corpus.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openCorpus } from "./corpus-cache.js";
import { tokenize } from "./tokenize.js";

const folder = useTemporaryFolder();

/** What the process printed until it was killed, `delayMs` after it began to write. */
function runUntilKilled(place: string, number: number, delayMs: number): Promise<string> {
  const program = fileURLToPath(new URL("../testing/tokenize-until-killed.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", program, place, String(number)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (data) => {
    if (text === "") setTimeout(() => child.kill("SIGKILL"), delayMs);
    text += data;
  });
  return new Promise((resolve) => child.on("close", () => resolve(text)));
}

test("killed with SIGKILL while it replaces another corpus: the old one or the new one is there, whole, or none", async () => {
  const place = folder.path("corpus");
  let before = 0;
  let killed = 0;
  for (const [time, delayMs] of [0, 30, 100, 250].entries()) {
    const number = time + 1;
    const printed = await runUntilKilled(place, number, delayMs);
    const isDone = printed.includes("done");
    if (!isDone) killed += 1;
    const found = await openCorpus(place).catch((error: Error) => error.message);
    if (typeof found === "string") {
      expect(isDone).toBe(false);
      expect(found).toMatch(/has no cache.json/); // never damaged
      continue;
    }
    const text = characterTokenizer().decode(await found.train.read(0, found.train.tokens));
    const numbers = new Set(text.match(/\d+/g));
    expect(numbers.size).toBe(1);
    const there = Number([...numbers][0]);
    expect(isDone ? [number] : [before, number]).toContain(there);
    before = there;
    await found.train.close();
    await found.validation.close();
  }
  expect(killed).toBeGreaterThan(0);

  const { train, validation } = await tokenize(numberedCorpus(99), characterTokenizer(), place); // what was left is no hindrance
  expect(train.tokens + validation.tokens).toBe(20 * 1000 * "Sentence of the corpus with the number 99. ".length);
  await train.close();
  await validation.close();
}, 180_000);
