/** Advice as users ask for it: on a few texts and images, with pilots of a second or so. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, runState } from "@autodidact/core";
import { type Advice, adviceSchema } from "@autodidact/evaluate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli, startCli } from "./run-cli.js";
import { type EndedHere, runHere } from "./run-here.js";
import { writeReports } from "./small-texts.js";
import { writeStripes } from "./stripes.js";

const engine = ["--engine", process.env.AUTODIDACT_TEST_ENGINE ?? "onnx"];
/** A model of a thousand weights or so, and a schedule that ends long before the budget. */
const small = [
  ...["--layers", "1", "--heads", "1", "--width", "8", "--context", "16", "--batch-size", "4"],
  ...["--vocabulary-size", "300", "--steps", "30"],
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  const random = createRandom(3);
  const word = (words: readonly string[]) => words[random.integer(words.length)]!;
  const lines = Array.from({ length: 80 }, (_, i) => {
    const text = `the ${word(["sun", "rain", "fog"])} was ${word(i % 2 === 0 ? ["lovely", "bright"] : ["awful", "dull"])} in ${word(["Rome", "Oslo"])}`;
    return `${text}\t${i % 2 === 0 ? "good" : "bad"}`;
  });
  await writeFile(join(folder, "opinions.tsv"), `text\tlabel\n${lines.join("\n")}\n`);
  await writeReports(join(folder, "reports"));
  await writeStripes(join(folder, "stripes"));
});
afterAll(() => rm(folder, { recursive: true }));

const at = (path: string) => join(folder, path);
const adviceIn = async (out: string): Promise<Advice> =>
  adviceSchema.parse(JSON.parse(await readFile(at(`${out}/advice.json`), "utf8")));
async function advise(...args: string[]): Promise<EndedHere> {
  const ended = await runHere(["advise", ...args.slice(0, 2), ...engine, ...args.slice(2)]);
  if (ended.error !== undefined) throw new Error(ended.errors, { cause: ended.error });
  return ended;
}

describe("advise", () => {
  it("compares methods on labelled texts, says what it rests on, and is asked again for nothing", async () => {
    const args = [
      "--data",
      at("opinions.tsv"),
      "--methods",
      "masked-lm",
      "next-token",
      "--budget",
      "10m",
      "--out",
      at("advice"),
      "--",
      ...small,
    ];
    const { output, errors } = await advise(...args);
    expect(errors).toContain("measured on 64 of 64 texts of 2 classes");
    expect(errors).toMatch(/masked-lm: [\d.]+ s a step, a schedule of \d+ steps/);
    expect(output).toMatch(/^method +steps +seconds +RankMe +α +probe, % +random init, % +first in, %$/m);
    expect(output).toMatch(/^bag of words +– /m);
    expect(output).toContain("at equal seconds of training on this machine");
    expect(output).toMatch(
      /npx autodidact pretrain (masked-lm|next-token) --data \S+opinions\.tsv --out \S+ --vocabulary-size 300/,
    );
    expect(output).toMatch(/npx autodidact evaluate \S+ --data \S+opinions\.tsv --protocol linear/);
    const advice = await adviceIn("advice");
    expect(advice.ranked.map(({ method }) => method).sort()).toEqual(["masked-lm", "next-token"]);
    expect(advice.rungs.map(({ methods }) => methods.length)).toEqual([2, 2]);
    expect(advice.ranked.reduce((sum, { chanceOfBest }) => sum + chanceOfBest, 0)).toBeCloseTo(1);
    expect(advice.rawFeatures!.score).toBeGreaterThan(0.9); // the words tell the class
    for (const { steps, method, trainedSeconds } of advice.ranked) {
      expect(trainedSeconds).toBeGreaterThan(0);
      const { state, savedStep } = await runState(at(`advice/pilots/${method}`));
      expect(["done", "paused"]).toContain(state);
      expect(savedStep).toBe(steps);
    }
    const again = await advise(...args);
    expect(again.errors).not.toContain("rung 1 of 2");
    expect((await adviceIn("advice")).ranked).toEqual(advice.ranked);
  });

  it("does without labels, keeps who fails, and says both", async () => {
    const { output, errors } = await advise(
      ...["--data", at("reports"), "--methods", "next-token", "bert", "--budget", "10m", "--out", at("unlabelled")],
      ...["--", ...small, "--documents", "blank-lines"],
    );
    expect(errors).toContain("without labels");
    expect(output).toContain("which is weak evidence");
    const advice = await adviceIn("unlabelled");
    expect(advice).toMatchObject({ rankedBy: "label-free measures", rawFeatures: null, sample: { classes: null } });
    expect(advice.ranked.length + advice.failures.length).toBe(2);
  });

  it("goes on after Ctrl-C with the pilots that there are", async () => {
    const args = [
      "advise",
      "--data",
      at("opinions.tsv"),
      ...engine,
      "--methods",
      "masked-lm",
      "--budget",
      "10m",
      "--out",
      at("stopped"),
      "--",
      ...small,
    ];
    const first = startCli(args, folder);
    await first.seen(/rung 1 of 2: 1 method, /);
    first.process.kill("SIGINT");
    const { code, errors } = await first.ended;
    expect([code, errors]).toEqual([130, expect.stringContaining("The pilots are kept. Go on with:")]);
    expect(errors).toContain("--methods masked-lm -- --layers 1");
    const second = await runCli(args, folder);
    expect([second.code, second.errors]).toEqual([0, expect.stringContaining("going on with")]);
    expect((await adviceIn("stopped")).ranked.map(({ method }) => method)).toEqual(["masked-lm"]);
  });
});

describe("what is unclear is refused with what settles it", () => {
  const refused = async (...args: string[]) => (await runHere(["advise", ...args])).error;

  it.each([
    [["--methods", "simclr", "bert"], "--methods must be of one kind of data, got simclr, bert"],
    [["--methods", "simclr", "--", "--epochs", "4"], "--epochs follow from --budget"],
    [["--as", "images", "--methods", "simclr", "--", "--widht", "4"], "unknown option '--widht'"],
  ])("%j", async (args, message) => {
    expect(await refused("--data", at("stripes"), ...args)).toMatchObject({
      name: "UsageError",
      message: expect.stringContaining(message),
    });
  });

  it("data that is none, labels that are none, and too small a budget", async () => {
    const message = (await refused("--data", at("nowhere")))?.message;
    expect(message).toMatch(/cannot be learned from as any of images, text, speech[\s\S]*as text: /);
    const text = ["--data", at("reports"), ...engine, "--methods", "next-token"];
    const error = await refused(...text, "--labels", at("reports"), "--out", at("a"), "--", ...small);
    expect(error?.message).toMatch(/reports/);
    expect(error?.message).not.toContain("no method could be tried");
    const tooSmall = await refused(...text, "--budget", "0.1s", "--out", at("b"), "--", ...small);
    expect(tooSmall).toMatchObject({
      name: "UsageError",
      message: expect.stringMatching(/--budget 1s is used up .* Give --budget \d+m?s? at least/),
    });
  });
});
