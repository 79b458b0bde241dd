import { fileURLToPath } from "node:url";
import type { StoredTensor } from "@autodidact/core";
import {
  createRandom,
  createRun,
  encodeSafetensors,
  saveEncoder,
  storeFloats,
  storeVariables,
  weightsHash,
} from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { mean, slice, type Tensor, type Tensor4D, tensor3d, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose, readOracle } from "../testing/oracle.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { encoderOfWeights } from "./encoder-of-weights.js";
import { beginFrom } from "./initial-encoder.js";
import { describeTaken, openInitialWeights, takeInitialWeights } from "./initial-weights.js";
import { encoderSettings, makeEncoder } from "./named-encoders.js";
import { resnet } from "./resnet.js";
import { type VisionTransformer, vit } from "./vit.js";

beforeAll(useTestBackend);
const outputs = readOracle("initial-weights/outputs");
const folder = useTemporaryFolder();
const place = (name: string) => fileURLToPath(new URL(`../oracles/initial-weights/${name}`, import.meta.url));

const imagesOf = (size: number): Tensor4D => tensor4d(outputs.images[size], [2, size, size, 3]);
const random = createRandom(1);

/** The encoder that the weights are of, with them. */
async function begun(name: string, imageSize: number) {
  const weights = await openInitialWeights(place(name));
  const settings = encoderSettings(encoderOfWeights(weights), { imageSize, stem: "cifar" });
  const encoder = makeEncoder(settings, { random, channels: 3, imageSize });
  return { settings, encoder, taken: await takeInitialWeights(encoder, weights) };
}

describe("initial weights", () => {
  it.each(["resnet18-torchvision.safetensors", "resnet18-hf", "resnet50-hf"])(
    "of a ResNet give its features: %s",
    async (name) => {
      const { settings, encoder, taken } = await begun(name, 40);
      expect(settings).toEqual({ name: name.slice(0, 8), width: 2, stem: "imagenet" });
      const features = tidy(() => encoder(imagesOf(40)) as Tensor);
      expect(features.shape).toEqual(outputs[name].shape);
      expectClose(features, outputs[name].features, 1e-4);
      expect(taken.fresh).toEqual([]);
      const head = {
        "resnet18-torchvision.safetensors": ["fc.bias", "fc.weight"],
        "resnet18-hf": ["classifier.1.bias", "classifier.1.weight"],
      };
      expect(taken.unused.toSorted()).toEqual(head[name as "resnet18-hf"] ?? []);
    },
  );

  it.each([
    ["vit-hf", 8],
    ["vit-model-hf", 8],
    ["mae-hf", 8],
    ["vit-hf", 12],
    ["vit-model-hf", 12],
  ] as const)("of a ViT give its states: %s at %i pixels", async (name, size) => {
    const { settings, encoder, taken } = await begun(name, size);
    expect(settings).toEqual({ name: "vit-base", width: 8, patchSize: 2, layers: 2, heads: 2 });
    const wanted = outputs[size === 8 ? name : `${name} at 12`];
    const states = tidy(() => (encoder as VisionTransformer).hiddenStates(imagesOf(size)));
    expect(states.shape).toEqual(wanted.shape);
    expectClose(states, wanted.features, 1e-4);
    expect(taken.interpolated).toEqual(size === 8 ? undefined : { from: 4, to: 6 });
    expect(describeTaken("a", taken).join("\n").includes("4 × 4 patches interpolated to 6 × 6")).toBe(size === 12);
  });

  it("embed images of another side as Hugging Face does, with positions interpolated", async () => {
    const { encoder } = await begun("vit-model-hf", 8);
    const { shape, features } = outputs["vit-model-hf at 12"];
    const means = tidy(() => mean(slice(tensor3d(features, shape), [0, 1, 0], [2, 36, 8]), 1).dataSync());
    expectClose(
      tidy(() => (encoder as VisionTransformer).atSide(12)(imagesOf(12))),
      [...means],
      1e-4,
    );
    expect(() => (encoder as VisionTransformer).atSide(11)).toThrow("a multiple of the patches' (2), got 11");
  });

  it("that fit in part are taken in part, and each is told", async () => {
    const weights = await openInitialWeights(place("resnet18-torchvision.safetensors"));
    const encoder = resnet({ depth: 18, width: 2, stem: "cifar", channels: 1, random });
    const taken = await takeInitialWeights(encoder, weights);
    expect(taken.fresh).toEqual([{ name: "conv1.weight", reason: "[2,3,7,7], not [2,1,3,3]" }]);
    expect(describeTaken("a.safetensors", taken)).toEqual([
      "`init` a.safetensors: 119 tensors taken",
      "new: conv1.weight ([2,3,7,7], not [2,1,3,3])",
      "left, for the encoder has no use for them: fc.bias, fc.weight",
    ]);
  });

  it("of another model are refused, and change nothing", async () => {
    const weights = await openInitialWeights(place("resnet18-torchvision.safetensors"));
    for (const encoder of [
      resnet({ depth: 18, width: 3, random }),
      vit({ width: 8, imageSize: 8, patchSize: 2, layers: 1, random }),
    ]) {
      const before = await weightsHash(encoder);
      await expect(takeInitialWeights(encoder, weights)).rejects.toThrow(
        /must fit the encoder, and \d+ % of its numbers do/,
      );
      expect(await weightsHash(encoder)).toBe(before);
    }
    const strange = Buffer.concat(encodeSafetensors([["blocks.0.qkv", storeFloats(Float32Array.of(1), [1])]]));
    const timm = await openInitialWeights(await folder.write("timm.safetensors", strange));
    expect(() => encoderOfWeights(timm)).toThrow("and begins with blocks.0.qkv");
    await folder.write("model.pth", "pickle");
    await expect(openInitialWeights(folder.path("model.pth"))).rejects.toThrow("safetensors.torch.save_file");
    await expect(openInitialWeights(folder.path("nowhere"))).rejects.toThrow("is not there");
  });

  it("of a model that computes otherwise are refused by its config", async () => {
    const { shapes, path } = await openInitialWeights(place("resnet50-hf"));
    const config = { model_type: "resnet", hidden_act: "relu", downsample_in_bottleneck: true };
    expect(() => encoderOfWeights({ path, shapes, config })).toThrow(
      "downsample_in_bottleneck, which is not computed here",
    );
    expect(() => encoderOfWeights({ path, shapes, config: { model_type: "vit", hidden_act: "relu" } })).toThrow(
      'hidden_act "relu"',
    );
  });

  it("of our own folders and runs, finished or not, are taken too", async () => {
    const source = resnet({ depth: 18, width: 2, stem: "cifar", random: createRandom(7) });
    const run = await createRun(folder.path("runs/a"), { method: "simclr", steps: 1, seed: 0 });
    const learned = new Map<string, StoredTensor>(
      [...(await storeVariables({ ...source.parameters, ...source.buffers }))].map(
        ([name, tensor]) => [`encoder.${name}`, tensor] as const,
      ),
    );
    learned.set("projector.0.weight", storeFloats(Float32Array.of(1), [1]));
    await run.checkpoints.save({ step: 1, state: { encoder: source.config }, tensors: { learned } } as never);
    const unfinished = await openInitialWeights(run.folder);
    expect(encoderOfWeights(unfinished)).toEqual({ encoder: "resnet18", width: 2, stem: "cifar" });
    await saveEncoder(source, run.encoderFolder);
    await run.close();
    for (const weights of [
      unfinished,
      await openInitialWeights(run.folder),
      await openInitialWeights(run.encoderFolder),
    ]) {
      const encoder = resnet({ depth: 18, width: 2, stem: "cifar", random });
      const { fresh, unused } = await takeInitialWeights(encoder, weights);
      expect([fresh, unused, await weightsHash(encoder)]).toEqual([[], [], await weightsHash(source)]);
    }
  });

  it("begin a run once: other weights at the same place would make another run", async () => {
    const source = resnet({ depth: 18, width: 2, stem: "cifar", random: createRandom(7) });
    await saveEncoder(source, folder.path("kept"));
    const init = {
      path: folder.path("kept"),
      weights: await (await openInitialWeights(folder.path("kept"))).fingerprint(),
    };
    const printed: string[] = [];
    const at = { folder: folder.path("run"), line: { print: (text: string) => void printed.push(text) } };
    const encoder = resnet({ depth: 18, width: 2, stem: "cifar", random });
    await beginFrom(encoder, init, at);
    expect([printed, await weightsHash(encoder)]).toEqual([
      [`\`init\` ${init.path}: 120 tensors taken`],
      await weightsHash(source),
    ]);
    await expect(beginFrom(encoder, { ...init, weights: "sha256:0" }, at)).rejects.toThrow(
      "and other ones are there now",
    );
    await expect(beginFrom(encoder, { ...init, path: folder.path("gone") }, at)).rejects.toThrow("which is not there");
  });
});
