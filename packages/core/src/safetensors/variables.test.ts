import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { storeFloats, storeIntegers } from "./stored-tensor.js";
import { assignVariables, storeVariables } from "./variables.js";

beforeAll(() => useTestBackend());

const model = (): Record<"fc.weight" | "bn.count" | "mask", tf.Variable> => ({
  "fc.weight": tf.variable(tf.tensor2d([1, 2, 3, 4], [2, 2])),
  "bn.count": tf.variable(tf.scalar(5, "int32")),
  mask: tf.variable(tf.tensor1d([true, false], "bool")),
});

test("stored and assigned again, every kind", async () => {
  const stored = await storeVariables(model());
  expect(stored.get("fc.weight")).toEqual(storeFloats(Float32Array.of(1, 2, 3, 4), [2, 2]));
  expect(stored.get("mask")).toEqual({ type: "BOOL", shape: [2], bytes: Uint8Array.of(1, 0) });
  const other = model();
  for (const variable of Object.values(other)) variable.assign(tf.zerosLike(variable));
  const before = tf.memory().numTensors;
  assignVariables(other, stored, { from: "test" });
  expect(tf.memory().numTensors).toBe(before);
  expect(await storeVariables(other)).toEqual(stored);
});

test("halves and 64-bit integers become the variable's kind", async () => {
  const variables = model();
  assignVariables(
    variables,
    new Map([
      ["fc.weight", storeFloats(Float32Array.of(1, 2, 3, 0.5), [2, 2], "F16")],
      ["bn.count", storeIntegers(BigInt64Array.of(7n), [])],
      ["mask", { type: "BOOL", shape: [2], bytes: Uint8Array.of(0, 1) }],
    ]),
    { from: "test" },
  );
  expect([...(await variables["fc.weight"].data())]).toEqual([1, 2, 3, 0.5]);
  expect([...(await variables["bn.count"].data())]).toEqual([7]);
});

test("names, shapes and kinds must agree, and nothing changes when they do not", async () => {
  const variables = model();
  const before = await storeVariables(variables);
  const assign = (change: (stored: typeof before) => void, unexpected?: "ignore") => () => {
    const stored = new Map(
      [...before].map(([name, tensor]) => [name, { ...tensor, bytes: tensor.bytes.map((byte) => byte ^ 1) }]),
    );
    change(stored);
    assignVariables(variables, stored, { from: "x.safetensors", unexpected });
  };
  const extra = storeFloats(Float32Array.of(1), []);
  expect(assign((stored) => stored.delete("mask"))).toThrow("Missing: mask. Unexpected: none");
  expect(assign((stored) => stored.set("extra", extra))).toThrow("Missing: none. Unexpected: extra");
  expect(assign((stored) => stored.set("fc.weight", extra))).toThrow(
    "fc.weight must be [2,2], got [] in x.safetensors",
  );
  expect(assign((stored) => stored.set("bn.count", extra))).toThrow("bn.count must be int32, got F32");
  expect(await storeVariables(variables)).toEqual(before);
  expect(assign((stored) => stored.set("extra", extra), "ignore")).not.toThrow();
  expect(await storeVariables(variables)).not.toEqual(before);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  "%s is no weight: its tensor is named, and nothing changes",
  async (value) => {
    const variables = model();
    const before = await storeVariables(variables);
    for (const type of ["F32", "F16", "BF16"] as const) {
      const stored = new Map(before).set("fc.weight", storeFloats(Float32Array.of(1, 2, value, 4), [2, 2], type));
      expect(() => assignVariables(variables, stored, { from: "x.safetensors" })).toThrow(
        `fc.weight of x.safetensors must hold finite numbers, and holds ${value} at place 2`,
      );
    }
    expect(await storeVariables(variables)).toEqual(before);
  },
);
