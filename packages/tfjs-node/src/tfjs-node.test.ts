import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import * as tfjs from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import * as tf from "./index.js";

test("the engine is begun, and stands where tfjs-node's backend would", async () => {
  expect(tf.getBackend()).toBe("onnx");
  await tf.setBackend("cpu");
  expect(tf.getBackend()).toBe("cpu");
  expect(await tf.setBackend("tensorflow")).toBe(true);
  expect(tf.getBackend()).toBe("onnx");
  expect(tf.add([1, 2], 1).arraySync()).toEqual([2, 3]);
});

test("all of TensorFlow.js is there, and tfjs-node's own", () => {
  expect(Object.keys(tfjs).filter((name) => !(name in tf))).toEqual([]);
  expect(Object.keys(tf.node).sort()).toEqual([
    "decodeBmp",
    "decodeGif",
    "decodeImage",
    "decodeJpeg",
    "decodePng",
    "encodeJpeg",
    "encodePng",
    "getMetaGraphsFromSavedModel",
    "getNumOfSavedModels",
    "loadSavedModel",
    "summaryFileWriter",
    "tensorBoard",
  ]);
  expect(tf.io).toMatchObject({ fileSystem: expect.any(Function), nodeHTTPRequest: expect.any(Function) });
  expect(Object.keys(tfjs.io).filter((name) => !(name in tf.io))).toEqual([]);
  expect(tf.version).toMatchObject({ tfjs: "4.22.0", "tfjs-node": "4.22.0", "tfjs-core": "4.22.0" });
  expect(tf.default.tensor).toBe(tf.tensor);
});

test("a graph model of tensorflowjs_converter's layout loads from a file:// URL, and is saved to one", async () => {
  const folder = await mkdtemp(join(tmpdir(), "graph-model-"));
  const float = { type: "DT_FLOAT" };
  const shape = (...sizes: number[]) => ({ dim: sizes.map((size) => ({ size: String(size) })) });
  const value = { tensor: { dtype: "DT_FLOAT", tensorShape: shape(3, 2) } };
  const node = [
    { name: "x", op: "Placeholder", attr: { dtype: float, shape: { shape: shape(-1, 3) } } },
    { name: "w", op: "Const", attr: { dtype: float, value } },
    { name: "product", op: "MatMul", input: ["x", "w"], attr: { T: float, transpose_a: {}, transpose_b: {} } },
    { name: "y", op: "Relu", input: ["product"], attr: { T: float } },
  ];
  const weights = [{ name: "w", shape: [3, 2], dtype: "float32" }];
  const weightsManifest = [{ paths: ["group1-shard1of1.bin"], weights }];
  const modelTopology = { node, library: {}, versions: { producer: 1 } };
  await writeFile(
    join(folder, "model.json"),
    JSON.stringify({ format: "graph-model", modelTopology, weightsManifest }),
  );
  await writeFile(join(folder, "group1-shard1of1.bin"), new Uint8Array(Float32Array.of(1, -1, 2, -2, 3, 3).buffer));

  const model = await tf.loadGraphModel(`file://${folder}/model.json`);
  // By hand: (1 + 4 + 3, −1 − 4 + 3) and (2, −2), below zero nothing.
  expect(
    (
      model.predict(
        tf.tensor2d([
          [1, 2, 1],
          [0, 1, 0],
        ]),
      ) as tf.Tensor
    ).arraySync(),
  ).toEqual([
    [8, 0],
    [2, 0],
  ]);
  await model.save(`file://${folder}/again`);
  const again = await tf.loadGraphModel(`file://${folder}/again/model.json`);
  expect((again.predict(tf.tensor2d([[0, 0, 1]])) as tf.Tensor).arraySync()).toEqual([[3, 3]]);
  expect((await readFile(join(folder, "again", "weights.bin"))).length).toBe(24);
  await rm(folder, { recursive: true });
});

test("SavedModels are refused with the way around", async () => {
  const way =
    "tensorflowjs_converter --input_format=tf_saved_model --output_format=tfjs_graph_model somewhere converted";
  await expect(tf.node.loadSavedModel("somewhere")).rejects.toThrow(way);
  await expect(tf.node.getMetaGraphsFromSavedModel("somewhere")).rejects.toThrow(way);
  expect(tf.node.getNumOfSavedModels()).toBe(0);
});

test("images are decoded in a worker's thread too", async () => {
  const built = new URL("../dist/index.cjs", import.meta.url).pathname;
  const program = `
    const { parentPort } = require("node:worker_threads");
    const tf = require(${JSON.stringify(built)});
    tf.node.encodePng(tf.fill([2, 3, 1], 7)).then((png) => parentPort.postMessage(tf.node.decodePng(png).arraySync()));`;
  const worker = new Worker(program, { eval: true });
  const decoded = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  expect(decoded).toEqual([[[7], [7], [7]], [[7], [7], [7]]]); // biome-ignore format: an image
  await worker.terminate();
});
