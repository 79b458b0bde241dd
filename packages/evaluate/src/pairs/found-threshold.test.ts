import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { appendRecord } from "../record/journal.js";
import { resultRecord } from "../record/record.js";
import { result, score } from "../testing/results.js";
import { foundThreshold } from "./found-threshold.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterAll(() => rm(folder, { recursive: true }));

const { weights } = result.subject;
const metric = { name: "eer", better: "lower", unit: "share" } as const;
const found = (threshold: number, eer: number) =>
  resultRecord({
    ...result,
    kind: "pairs",
    task: { ...result.task, name: "talks, drawn pairs", classes: null, modality: "speech" },
    protocol: { ...result.protocol, name: "verification", settings: { threshold } },
    scores: [{ ...score, metric, value: eer, interval: [0, 1], values: [eer], chance: null }],
    baselines: { rawFeatures: null, randomInit: null, fromScratch: null },
  });

it("takes the newest that was found for these weights, and says what it rests on", async () => {
  expect(await foundThreshold(folder, weights)).toBeUndefined();
  const journal = join(folder, "results.jsonl");
  await appendRecord(journal, found(0.2, 0.45));
  expect(await foundThreshold(folder, weights)).toEqual({
    threshold: 0.2,
    from: "of 5 trials of talks, drawn pairs, where 45.0 % of both kinds are wrong, so that it tells nothing",
  });
  await appendRecord(journal, found(0.7, 0.05));
  await appendRecord(journal, resultRecord(result)); // of another protocol
  expect(await foundThreshold(folder, weights)).toEqual({
    threshold: 0.7,
    from: "of 5 trials of talks, drawn pairs, where 5.0 % of both kinds are wrong",
  });
  expect(await foundThreshold(folder, `sha256:${"1".repeat(64)}`)).toBeUndefined();
});
