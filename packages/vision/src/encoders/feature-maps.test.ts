import { createRandom, gradientsOf } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import {
  mean,
  mul,
  ones,
  randomUniform,
  type Scalar,
  slice,
  sum,
  type Tensor4D,
  tensor4d,
  tidy,
  variable,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose } from "../testing/oracle.js";
import { smallConvolution } from "../testing/small-convolution.js";
import { featureMaps } from "./feature-maps.js";
import { enlargeMap } from "./resize-map.js";
import { resnet } from "./resnet.js";
import { vit } from "./vit.js";

beforeAll(useTestBackend);

const images = () => randomUniform([2, 16, 16, 3], -1, 1, "float32", 3) as Tensor4D;

describe("featureMaps", () => {
  it("of a residual network are its last stages, whose mean over places is its features", () => {
    tidy(() => {
      const encoder = resnet({ depth: 18, width: 2, stem: "cifar", random: createRandom(0) });
      const batch = images();
      const last = featureMaps(encoder, { stages: 1 });
      expect([last.channels, ...last(batch).shape]).toEqual([16, 2, 2, 2, 16]);
      expectClose(mean(last(batch), [1, 2]), [...encoder(batch).dataSync()], 1e-5);
      const both = featureMaps(encoder);
      expect([both.channels, ...both(batch).shape]).toEqual([24, 2, 4, 4, 24]);
      const [third] = encoder.stageMaps(batch).slice(2);
      expectClose(slice(both(batch), [0, 0, 0, 0], [2, 4, 4, 8]), [...third!.dataSync()], 1e-6);
    });
  });

  it("of a vision transformer are its patches' states, in their rows and columns", () => {
    tidy(() => {
      const encoder = vit({ imageSize: 16, patchSize: 4, width: 8, layers: 1, random: createRandom(0) });
      const batch = images();
      const maps = featureMaps(encoder);
      expect([maps.channels, ...maps(batch).shape]).toEqual([8, 2, 4, 4, 8]);
      const sixth = slice(encoder.hiddenStates(batch), [0, 1 + 6, 0], [2, 1, 8]);
      expectClose(slice(maps(batch), [0, 1, 2, 0], [2, 1, 1, 8]), [...sixth.dataSync()], 1e-6);
    });
  });

  it("are refused of an encoder that shows none", () => {
    expect(() => featureMaps(smallConvolution(createRandom(0)))).toThrow("a residual network or a vision transformer");
  });
});

describe("enlargeMap", () => {
  it("is PyTorch's bilinear interpolation: [0, 4] to four places", () => {
    // F.interpolate(torch.tensor([[[[0., 4.], [8., 12.]]]]), size=(2, 4), mode="bilinear", align_corners=False)
    expectClose(enlargeMap(tensor4d([0, 4, 8, 12], [1, 2, 2, 1]), 2, 4), [0, 1, 3, 4, 8, 9, 11, 12], 1e-6);
    // size=(3, 2)
    expectClose(enlargeMap(tensor4d([0, 4, 8, 12], [1, 2, 2, 1]), 3, 2), [0, 4, 4, 8, 8, 12], 1e-6);
  });

  it("gives back as much gradient as went in, each image and channel its own", () => {
    tidy(() => {
      const map = variable(ones([2, 2, 2, 2]));
      const { gradients } = gradientsOf(
        () => sum(mul(enlargeMap(map as Tensor4D, 4, 4), tensor4d([1, 0, 0, 2], [2, 1, 1, 2]))) as Scalar,
        { map },
      );
      expectClose(sum(gradients.map!, [1, 2]), [16, 0, 0, 32], 1e-5);
    });
  });
});
