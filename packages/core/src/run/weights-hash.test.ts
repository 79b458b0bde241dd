import { createHash } from "node:crypto";
import { scalar, tensor2d, tidy, variable } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { weightsHash } from "./weights-hash.js";

beforeAll(() => useTestBackend());

it("is of names, types, shapes and bytes, in order", async () => {
  const weight = variable(tensor2d([[1, 2]]));
  const steps = variable(scalar(3, "int32"));
  const weights = { parameters: { weight }, buffers: { steps } };
  const expected = createHash("sha256")
    .update('["weight","F32",[1,2]]')
    .update(new Uint8Array(Float32Array.of(1, 2).buffer))
    .update('["steps","I32",[]]')
    .update(new Uint8Array(Int32Array.of(3).buffer))
    .digest("hex");
  const hash = await weightsHash(weights);
  expect(hash).toBe(`sha256:${expected}`);
  tidy(() => weight.assign(tensor2d([[1, 2.5]])));
  expect(await weightsHash(weights)).not.toBe(hash);
  expect(await weightsHash({ parameters: { other: weight }, buffers: {} })).not.toBe(
    await weightsHash({ parameters: { weight }, buffers: {} }),
  );
});
