/** A store that is killed a hundred times while it is written: nothing acknowledged is lost, no cell is there twice. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { madeCell } from "../testing/cells.js";
import { formatCell } from "./cell-record.js";
import { openStore } from "./result-store.js";

const KILLS = 100;
const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));
/** Adds the cells that are not there yet, and says each that is acknowledged. */
const WRITER = `
import { readFileSync } from "node:fs";
import { openStore, parseCell } from "@autodidact/evaluate";
const [folder, lines] = process.argv.slice(1);
const store = await openStore(folder);
for (const line of readFileSync(lines, "utf8").trim().split("\\n")) {
  const cell = parseCell(line);
  if (await store.append(cell)) process.stdout.write(cell.key + "\\n");
}
process.stdout.write("end\\n");`;

it("loses nothing that it acknowledged", async () => {
  const folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  const made = Array.from({ length: 20 * KILLS }, (_, i) => formatCell(madeCell({ encoder: `model ${i}` }).record));
  await writeFile(join(folder, "lines"), made.join("\n"));
  const acknowledged = new Set<string>();
  let killed = 0;
  for (let isAtEnd = false; killed < KILLS && !isAtEnd; ) {
    const wanted = 1 + (killed % 9);
    isAtEnd = await new Promise<boolean>((resolve, reject) => {
      const args = ["--input-type=module", "-e", WRITER, join(folder, "store"), join(folder, "lines")];
      const child = spawn(process.execPath, args, { cwd: PACKAGE, stdio: ["ignore", "pipe", "inherit"] });
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        if (text.split("\n").length > wanted) child.kill("SIGKILL");
      });
      child.on("error", reject);
      child.on("close", () => {
        const said = text.split("\n").slice(0, -1); // a line that is whole
        for (const key of said) if (key !== "end") acknowledged.add(key);
        resolve(said.includes("end"));
      });
    });
    killed += 1;
    const keys = new Set((await openStore(join(folder, "store"))).cells.map(({ key }) => key));
    expect([...acknowledged].filter((key) => !keys.has(key))).toEqual([]);
  }
  expect(killed).toBe(KILLS);
  const lines = (await readFile(join(folder, "store/cells.jsonl"), "utf8")).split("\n").filter((line) => line !== "");
  const whole = lines.flatMap((line) => {
    try {
      return [(JSON.parse(line) as { key: string }).key];
    } catch {
      return []; // torn
    }
  });
  expect(new Set(whole).size).toBe(whole.length);
  await rm(folder, { recursive: true });
});
