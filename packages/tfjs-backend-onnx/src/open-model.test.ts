import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { add, tensor1d } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { GraphBuilder } from "./onnx/graph-builder.js";
import { openModel } from "./open-model.js";
import { useOnnx } from "./use-onnx.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("runs a file beside the engine, inputs and outputs by name", async () => {
  await useOnnx();
  const graph = new GraphBuilder();
  const path = join(folder, "model.onnx");
  await writeFile(path, graph.encode([graph.input({ shape: [2], type: "float32" })]));
  const model = await openModel(path, { threads: 1 });
  expect(model.inputs).toEqual([{ name: "i0", type: "float32", shape: [2] }]);
  const { o0 } = await model.run({ i0: { type: "float32", shape: [2], data: Float32Array.of(1, 2) } });
  expect([o0!.type, o0!.shape, [...o0!.data]]).toEqual(["float32", [2], [1, 2]]);
  expect([...(await add(tensor1d([1]), tensor1d([2])).data())]).toEqual([3]); // the engine goes on
  await model.release();
});

it("refuses what is no model, and names it", async () => {
  await expect(openModel(join(folder, "gone.onnx"))).rejects.toThrow(
    "gone.onnx must be a model that ONNX Runtime reads",
  );
});
