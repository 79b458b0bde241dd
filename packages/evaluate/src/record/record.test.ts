import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { result, score } from "../testing/results.js";
import { canonicalJson } from "./content-address.js";
import { formatRecord, parseRecord, resultRecord } from "./record.js";
import type { Scores } from "./schema.js";

describe("canonicalJson", () => {
  it("sorts keys at every depth and keeps lists in order", () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }, 1], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1},1]}');
  });
});

describe("resultRecord", () => {
  it("is addressed by the SHA-256 of its content", () => {
    const { id, ...rest } = resultRecord(result);
    expect(id).toBe(`sha256:${createHash("sha256").update(canonicalJson(rest)).digest("hex")}`);
    expect(resultRecord({ ...result, kind: "dense" }).id).not.toBe(id);
  });

  it("has one text, whatever the order of its keys", () => {
    const turned = Object.fromEntries(Object.entries(result).reverse()) as typeof result;
    expect(formatRecord(resultRecord(turned))).toBe(formatRecord(resultRecord(result)));
    expect(formatRecord(resultRecord(result))).not.toContain("\n");
  });

  it("has the id that it had before costs and measures without labels were in it, where it has none of them", () => {
    const text = canonicalJson({ schema: "autodidact.result/2", ...result });
    const id = `sha256:${createHash("sha256").update(text).digest("hex")}`;
    expect(resultRecord(result).id).toBe(id);
    const old = canonicalJson({ schema: "autodidact.result/2", ...result, id });
    expect(formatRecord(parseRecord(old))).toBe(old);
  });

  it("holds what a model costs, what its features tell without labels, and why something is null", () => {
    const record = resultRecord({
      ...result,
      cost: {
        ...result.cost,
        flops: 3.6e9,
        parameters: 11_000_000,
        cachedFeatures: true,
        missing: { energy: "no counters" },
      },
      labelFree: { examples: 5, rankMe: 2.5, alphaReq: null, uniformity: -1, missing: { alphaReq: "too few" } },
    });
    expect(parseRecord(formatRecord(record))).toEqual(record);
    const wrong = { ...result, cost: { ...result.cost, missing: { speed: "?" } } } as typeof result;
    expect(() => resultRecord(wrong)).toThrow("cost.missing");
  });

  it("comes back from its text", () => {
    const record = resultRecord(result);
    expect(parseRecord(formatRecord(record))).toEqual(record);
  });

  it("takes any metric, without classes, intervals or baselines", () => {
    const nats = { ...score, metric: { name: "nats", better: "lower" as const, unit: "nats a token" } };
    const record = resultRecord({
      ...result,
      kind: "tokens",
      task: { ...result.task, classes: null, train: null },
      scores: [{ ...nats, value: 4.2, values: [4.2], interval: null, chance: null }, score],
      baselines: { rawFeatures: null, randomInit: null, fromScratch: null },
    });
    expect(parseRecord(formatRecord(record))).toEqual(record);
  });

  it("refuses a baseline left out, an impossible score and an unknown key, and names the place", () => {
    const { randomInit: _, ...one } = result.baselines;
    expect(() => resultRecord({ ...result, baselines: one as typeof result.baselines })).toThrow(
      "baselines.randomInit",
    );
    const scored = (...scores: Scores) => resultRecord({ ...result, scores });
    expect(() => scored({ ...score, value: 1.2 })).toThrow("scores[0].value");
    expect(() => scored({ ...score, interval: [-0.1, 1] })).toThrow("scores[0].interval");
    expect(() => scored({ ...score, value: Number.NaN })).toThrow("scores[0].value");
    expect(() => scored({ ...score, seeds: [0, 1] })).toThrow("one value a seed");
    expect(() => scored(score, score)).toThrow("each metric may have one score");
    expect(() => resultRecord({ ...result, extra: 1 } as typeof result)).toThrow("extra");
  });

  it("refuses a record that was changed afterwards, reading and writing", () => {
    const record = resultRecord(result);
    const text = formatRecord(record).replace('"value":0.9', '"value":0.99');
    expect(() => parseRecord(text)).toThrow("was changed after it was written");
    expect(() => formatRecord({ ...record, kind: "dense" })).toThrow("was changed after it was written");
  });
});

describe("a record of version 1", () => {
  // written by `autodidact evaluate` when that was the version
  const text = readFileSync(new URL("./version-1.record.json", import.meta.url), "utf8").trim();
  const old = JSON.parse(text);

  it("is lifted, with every number where version 2 has it", () => {
    const record = parseRecord(text);
    expect(record).toMatchObject({
      schema: "autodidact.result/2",
      id: old.id,
      kind: "classes",
      task: old.task,
      subject: old.subject,
      protocol: old.protocol,
      cost: old.cost,
    });
    const metric = { name: "accuracy", better: "higher", unit: "share" };
    expect(record.scores).toEqual([{ ...old.score, metric, chance: old.chance }]);
    const { rawFeatures, randomInit } = old.baselines;
    expect(record.baselines).toEqual({
      rawFeatures: [{ ...rawFeatures, metric, chance: old.chance }],
      randomInit: [{ ...randomInit, metric, chance: old.chance }],
      fromScratch: null,
    });
    const { id: _, ...body } = record;
    expect(() => resultRecord(body)).not.toThrow();
  });

  it("is written as it was read", () => {
    expect(formatRecord(parseRecord(text))).toBe(text);
  });

  it("is refused where it was changed, and where it was never one", () => {
    expect(() => parseRecord(text.replace(/"chance":[\d.]+/, '"chance":0.2'))).toThrow("was changed after");
    expect(() => parseRecord(text.replace('"metric":"accuracy"', '"metric":"eer"'))).toThrow("metric");
    expect(() => parseRecord("null")).toThrow("not a result record");
  });
});
