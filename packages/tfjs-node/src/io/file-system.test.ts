import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileSystem, fileSystemRouter } from "./file-system.js";
import { readModel } from "./read-model.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "models-"));
});
afterEach(() => rm(folder, { recursive: true }));

function model(units = 2): tf.Sequential {
  const dense = tf.layers.dense({
    units,
    inputShape: [3],
    kernelInitializer: "ones",
    biasInitializer: "zeros",
    name: "dense",
  });
  const made = tf.sequential({ name: "small", layers: [dense] });
  made.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return made;
}

test("a model is model.json beside weights.bin, and comes back", async () => {
  const path = join(folder, "deep", "model"); // folders above it are made
  const saved = model();
  const { modelArtifactsInfo } = await saved.save(fileSystem(path));
  expect(modelArtifactsInfo).toMatchObject({ modelTopologyType: "JSON", weightDataBytes: 4 * 8 });
  expect((await readdir(path)).sort()).toEqual(["model.json", "weights.bin"]);
  // The eight numbers of the weights: six ones, two zeros.
  expect((await readFile(join(path, "weights.bin"))).toString("hex")).toBe("0000803f".repeat(6) + "00000000".repeat(2));
  const json = JSON.parse(await readFile(join(path, "model.json"), "utf8"));
  expect(Object.keys(json)).toEqual(["modelTopology", "weightsManifest", "format", "generatedBy", "convertedBy"]);
  expect(json).toMatchObject({
    format: "layers-model",
    generatedBy: expect.stringContaining("TensorFlow.js tfjs-layers v4.22.0"),
    convertedBy: null,
    weightsManifest: [
      {
        paths: ["weights.bin"],
        weights: [
          { name: "dense/kernel", shape: [3, 2], dtype: "float32" },
          { name: "dense/bias", shape: [2], dtype: "float32" },
        ],
      },
    ],
  });
  const loaded = await tf.loadLayersModel(fileSystem(join(path, "model.json")));
  const x = tf.tensor2d([[1, 2, 3]]);
  expect((loaded.predict(x) as tf.Tensor).arraySync()).toEqual([[6, 6]]);
});

test("the optimizer goes along where that is asked for", async () => {
  await model().save(fileSystem(folder), { includeOptimizer: true });
  const json = JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
  expect(json.trainingConfig).toMatchObject({ loss: "mean_squared_error" });
  const loaded = (await tf.loadLayersModel(fileSystem(join(folder, "model.json")))) as tf.Sequential;
  expect(loaded.optimizer.getClassName()).toBe("SGD");
});

test("an older model in the folder is replaced, and what else is there stays", async () => {
  await writeFile(join(folder, "notes.txt"), "mine");
  await model(1).save(fileSystem(folder));
  await model(2).save(fileSystem(folder));
  expect((await readdir(folder)).sort()).toEqual(["model.json", "notes.txt", "weights.bin"]);
  const loaded = await tf.loadLayersModel(fileSystem(join(folder, "model.json")));
  expect(loaded.outputs[0]!.shape).toEqual([null, 2]);
});

test("weights in several files and groups come in the manifest's order", async () => {
  const spec = (name: string) => ({ name, shape: [1], dtype: "float32" as const });
  const manifest = [
    { paths: ["a.bin", "b.bin"], weights: [spec("x"), spec("y")] },
    { paths: ["c.bin"], weights: [spec("z")] },
  ];
  for (const [i, name] of ["a.bin", "b.bin", "c.bin"].entries())
    await writeFile(join(folder, name), new Uint8Array(Float32Array.of(i + 1).buffer));
  await writeFile(join(folder, "model.json"), JSON.stringify({ modelTopology: {}, weightsManifest: manifest }));
  const { weightSpecs, weightData } = await fileSystem(join(folder, "model.json")).load();
  expect(weightSpecs!.map(({ name }) => name)).toEqual(["x", "y", "z"]);
  expect([...new Float32Array(weightData as ArrayBuffer)]).toEqual([1, 2, 3]);

  await writeFile(join(folder, "topology.pb"), "bytes");
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  const binary = await fileSystem([join(folder, "topology.pb"), join(folder, "manifest.json")]).load();
  expect(Buffer.from(binary.modelTopology as ArrayBuffer).toString()).toBe("bytes");
  expect(binary.weightSpecs).toHaveLength(3);
});

test("weights that are larger than one reading come in pieces, and make the same model", async () => {
  await model().save(fileSystem(folder));
  const artifacts = await readModel(join(folder, "model.json"), 12);
  expect((artifacts.weightData as ArrayBuffer[]).map(({ byteLength }) => byteLength)).toEqual([12, 12, 8]);
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  expect(loaded.getWeights().map((weight) => [...weight.dataSync()])).toEqual([
    [1, 1, 1, 1, 1, 1],
    [0, 0],
  ]);
  await fileSystem(join(folder, "again")).save(artifacts);
  expect(await readFile(join(folder, "again", "weights.bin"))).toEqual(await readFile(join(folder, "weights.bin")));
});

test("only file:// URLs are ours", () => {
  expect(fileSystemRouter("http://somewhere/model.json")).toBeNull();
  expect(fileSystemRouter(["file://a.pb", "http://b.json"])).toBeNull();
  expect(fileSystemRouter("file://model")).not.toBeNull();
  expect(fileSystemRouter(["file://a.pb", "file://b.json"])).not.toBeNull();
});

test.each<[string, () => Promise<unknown>, string]>([
  [
    "a file in a folder's place",
    () => model().save(fileSystem(join(folder, "file"))),
    "exists as a file. The path must be nonexistent or point to a directory.",
  ],
  [
    "a folder that is not there",
    () => fileSystem(join(folder, "none")).load(),
    "does not exist: loading failed. Name the model.json of a saved model",
  ],
  ["a folder", () => fileSystem(folder).load(), "Loading from a directory is not supported"],
  ["what is no JSON", () => fileSystem(join(folder, "file")).load(), "must be JSON"],
  [
    "JSON of something else",
    () => fileSystem(join(folder, "other.json")).load(),
    "must hold a model's modelTopology or weightsManifest",
  ],
  ["weights that are not there", () => fileSystem(join(folder, "lacking.json")).load(), "Weight file"],
  ["two places to save to", () => model().save(fileSystem([folder, folder])), "a model is saved to one folder"],
])("refuses %s", async (_, act, message) => {
  await writeFile(join(folder, "file"), "text");
  await writeFile(join(folder, "other.json"), "{}");
  const weightsManifest = [{ paths: ["gone.bin"], weights: [] }];
  await writeFile(join(folder, "lacking.json"), JSON.stringify({ modelTopology: {}, weightsManifest }));
  await mkdir(join(folder, "folder"));
  await expect(act()).rejects.toThrow(message);
});

test("refuses paths that are none", () => {
  expect(() => fileSystem("")).toThrow("a path must be a text that is not empty");
  expect(() => fileSystem(["a"])).toThrow(
    "an array must hold two paths, of a topology and of its weights' manifest, got 1",
  );
});
