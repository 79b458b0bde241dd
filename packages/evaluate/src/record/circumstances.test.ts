import { chooseEngine } from "@autodidact/core";
import { expect, it } from "vitest";
import { circumstancesOf, describeSubject, describeTask, UNCOUNTED } from "./circumstances.js";
import { modelCost } from "./model-cost.js";

const part = (count: number) => ({ examples: [], labels: new Int32Array(count), hash: "sha256:ab" });

it("says of a task what was held out", () => {
  const data = { classes: ["a", "b"], train: part(8), test: part(2), isTestHeldOut: true };
  expect(describeTask("image", "photos", data)).toEqual({
    name: "photos, a fifth held out",
    version: 1,
    modality: "image",
    classes: ["a", "b"],
    train: { examples: 8, hash: "sha256:ab" },
    test: { examples: 2, hash: "sha256:ab" },
  });
  expect(describeTask("text", "sst2", { ...data, isTestHeldOut: false }).name).toBe("sst2");
});

it("calls a run by its method and keeps no path, and another folder by its name", () => {
  const known = { weights: "sha256:cd", step: 5, seed: 3 };
  const config = { method: "simclr", data: { path: "/home/me/photos", size: 32 } };
  expect(describeSubject({ ...known, config }, { depth: 18 }, "runs/x")).toMatchObject({
    method: "simclr",
    encoder: { depth: 18 },
    seeds: [3],
    pretraining: { data: { path: "photos", size: 32 } },
  });
  expect(describeSubject({ ...known, config: undefined }, {}, "models/bert")).toMatchObject({
    method: "bert",
    pretraining: {},
  });
});

it("tells the engine, the time and the cost", async () => {
  const { cost, environment, createdAt } = circumstancesOf(await chooseEngine({ engine: "cpu" }))();
  expect(environment.engine).toBe("cpu");
  expect(cost.wallSeconds).toBeGreaterThanOrEqual(0);
  expect(Number.isNaN(Date.parse(createdAt))).toBe(false);
  expect(cost).toMatchObject({ flops: null, missing: { flops: UNCOUNTED } });
});

it("joins what the model costs", async () => {
  const sofar = circumstancesOf(await chooseEngine({ engine: "cpu" }));
  const table = { flops: { perRow: 12, uncounted: [] }, isCached: true };
  const { cost } = sofar(modelCost(table, 34));
  expect(cost).toMatchObject({ flops: 12, parameters: 34, cachedFeatures: true });
  expect(cost.missing?.flops).toBeUndefined();
  expect(sofar(modelCost({ flops: { perRow: null, uncounted: ["TopK"] } }, undefined)).cost).toMatchObject({
    flops: null,
    parameters: null,
    missing: { flops: "no count is known of TopK", parameters: "whoever asked did not tell them" },
  });
  expect(modelCost({}, 1).missing?.flops).toBe(UNCOUNTED);
});
