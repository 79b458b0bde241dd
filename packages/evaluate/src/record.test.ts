import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { canonicalJson, formatRecord, parseRecord, type ResultBody, resultRecord, type Score } from "./record.js";

const score: Score = {
  metric: "accuracy",
  value: 0.9,
  interval: [0.88, 0.92],
  deviation: null,
  seeds: [0],
  values: [0.9],
  chosen: [{ l2: 0.001 }],
};
const hash = `sha256:${"0".repeat(64)}`;
const result: Omit<ResultBody, "schema"> = {
  task: {
    name: "mnist",
    version: 1,
    modality: "image",
    classes: ["0", "1"],
    train: { examples: 10, hash },
    test: { examples: 5, hash },
  },
  subject: {
    method: "simclr",
    encoder: { model_type: "resnet", hidden_sizes: [16, 32] },
    weights: hash,
    step: 100,
    seeds: [0],
    pretraining: { lr: 0.12 },
  },
  protocol: { name: "linear", version: 1, settings: { solver: "lbfgs" }, labelsPerClass: null },
  score,
  chance: 0.5,
  baselines: { rawFeatures: score, randomInit: score, fromScratch: null },
  cost: { wallSeconds: 1.5, peakMemoryBytes: 1e9, flops: null, energy: null },
  environment: {
    engine: "cpu",
    provider: null,
    threads: 1,
    platform: "linux x64",
    processor: "unknown",
    versions: { node: "20.20.0" },
  },
  createdAt: "2026-11-22T16:00:00.000Z",
};

describe("canonicalJson", () => {
  it("sorts keys at every depth and keeps lists in order", () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }, 1], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1},1]}');
  });
});

describe("resultRecord", () => {
  it("is addressed by the SHA-256 of its content", () => {
    const { id, ...rest } = resultRecord(result);
    expect(id).toBe(`sha256:${createHash("sha256").update(canonicalJson(rest)).digest("hex")}`);
    expect(resultRecord({ ...result, chance: 0.4 }).id).not.toBe(id);
  });

  it("has one text, whatever the order of its keys", () => {
    const turned = Object.fromEntries(Object.entries(result).reverse()) as typeof result;
    expect(formatRecord(resultRecord(turned))).toBe(formatRecord(resultRecord(result)));
    expect(formatRecord(resultRecord(result))).not.toContain("\n");
  });

  it("comes back from its text", () => {
    const record = resultRecord(result);
    expect(parseRecord(formatRecord(record))).toEqual(record);
  });

  it("refuses a missing baseline, an impossible score and an unknown key, and names the place", () => {
    const { randomInit: _, ...one } = result.baselines;
    expect(() => resultRecord({ ...result, baselines: one as typeof result.baselines })).toThrow(
      "baselines.randomInit",
    );
    expect(() => resultRecord({ ...result, score: { ...score, value: 1.2 } })).toThrow("score.value");
    expect(() => resultRecord({ ...result, extra: 1 } as typeof result)).toThrow("extra");
  });

  it("refuses a record that was changed afterwards", () => {
    const text = formatRecord(resultRecord(result)).replace('"value":0.9', '"value":0.99');
    expect(() => parseRecord(text)).toThrow("was changed after it was written");
  });
});
