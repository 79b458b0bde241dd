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

test("a training loop that reads nothing makes one graph, its gradients taken by hand and by minimize", () => {
  const graphs = () => (tf.backend() as unknown as { stats(): { graphs: number } }).stats().graphs;
  const weights = tf.variable(tf.randomNormal([64, 64], 0, 1, "float32", 1));
  const inputs = tf.randomNormal([128, 64], 0, 1, "float32", 2);
  const loss = () => inputs.matMul(weights).sub(inputs).square().mean().asScalar();
  const optimizer = tf.train.adam(0.01);
  const before = graphs();
  for (let step = 0; step < 10; step += 1) optimizer.minimize(loss);
  for (let step = 0; step < 10; step += 1) {
    const { value, grads } = tf.variableGrads(loss);
    optimizer.applyGradients(grads as never);
    tf.dispose([value, grads as tf.NamedTensorMap]);
  }
  expect(loss().arraySync()).toBeGreaterThan(0);
  expect(graphs() - before).toBeLessThanOrEqual(3);
});

test("a table trains by fitDataset with early stopping; the model comes back from its files with the same answers", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tfjs-node-"));
  const rows = Array.from({ length: 24 }, (_, i) => `${i / 24},${(i % 5) / 5},${i / 12 - (i % 5) / 5}`);
  await writeFile(join(folder, "rows.csv"), `a,b,label\n${rows.join("\n")}\n`);
  const table = tf.data
    .csv(`file://${folder}/rows.csv`, { hasHeader: true, columnConfigs: { label: { isLabel: true } } })
    .map((row) => {
      const { xs, ys } = row as unknown as { xs: object; ys: object };
      return { xs: Object.values(xs) as number[], ys: Object.values(ys) as number[] };
    })
    .batch(8);
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const callbacks = tf.callbacks.earlyStopping({ monitor: "val_loss", patience: 1, minDelta: 100 });
  const { epoch } = await model.fitDataset(table, { epochs: 9, validationData: table as never, callbacks, verbose: 0 });
  expect(epoch).toEqual([0, 1]);

  await model.save(`file://${folder}/model`);
  const loaded = await tf.loadLayersModel(`file://${folder}/model/model.json`);
  const row = tf.tensor2d([[0.25, 0.5]]);
  const answer = (from: tf.LayersModel) => (from.predict(row) as tf.Tensor).dataSync()[0]!;
  expect(answer(loaded)).toBeCloseTo(answer(model), 6);
  await rm(folder, { recursive: true });
});
