import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { resnet18 } from "../encoders/resnet.js";
import { vit } from "../encoders/vit.js";
import { layerRates } from "./layer-rates.js";

beforeAll(useTestBackend);

describe("layerRates", () => {
  it("decays from the last norm to the embeddings, as util/lr_decay.py does with 12 layers and 0.75", () => {
    const encoder = vit({ imageSize: 8, patchSize: 4, width: 4, layers: 12, heads: 1, random: createRandom(1) });
    const groups = layerRates(encoder, { prefix: "encoder", decay: 0.75, weightDecay: 0.05 });
    const rate = new Map(
      groups.flatMap(({ parameters, learningRateScale, weightDecay }) =>
        Object.keys(parameters).map((name) => [name, [learningRateScale, weightDecay]] as const),
      ),
    );
    expect([...rate.keys()].sort()).toEqual(
      Object.keys(encoder.parameters)
        .map((name) => `encoder.${name}`)
        .sort(),
    );
    expect(rate.get("encoder.embeddings.patch_embeddings.projection.weight")).toEqual([0.75 ** 13, 0.05]);
    expect(rate.get("encoder.encoder.layer.0.layernorm_before.weight")).toEqual([0.75 ** 12, 0]);
    expect(rate.get("encoder.encoder.layer.11.output.dense.weight")).toEqual([0.75, 0.05]);
    expect(rate.get("encoder.layernorm.weight")).toEqual([1, 0]);
  });

  it("moves all of a residual network alike", () => {
    const encoder = resnet18({ width: 2, random: createRandom(1) });
    const groups = layerRates(encoder, { prefix: "encoder", decay: 0.5, weightDecay: 0.05 });
    expect(groups.map(({ learningRateScale }) => learningRateScale)).toEqual([1, 1]);
  });
});
