/**
 * Next-token prediction: each token from those before it.
 *
 * Radford et al. 2018, "Improving language understanding by generative pre-training", section 3.1.
 */
import { crossEntropy } from "@autodidact/core";
import { reshape, type Tensor1D, type Tensor2D, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import type { TokenWindow } from "./examples/examples.js";
import { paddedLength } from "./examples/padded-length.js";
import type { CausalModel } from "./models/token-model.js";
import type { TextMethod } from "./text-method.js";

export type WindowBatch = {
  /** What is read, int32 [N, T]. */
  readonly ids: Tensor2D;
  /** The token after each, −100 where there is none, int32 [N · T]. */
  readonly labels: Tensor1D;
};

/** Windows of one length are taken as they are; shorter ones are filled up behind, where no token looks. */
export function nextToken(model: CausalModel): TextMethod<TokenWindow, WindowBatch> {
  const { encoder } = model;

  return {
    name: "next-token",
    examples: "windows",
    encoder,
    learned: model.tokenParts,
    draw: (windows) => windowBatch(windows, encoder.maxLength),
    loss: ({ ids, labels }) => {
      const states = encoder.hiddenStates({ ids }); // [N, T, D]
      const rows = reshape(states, [-1, encoder.featureSize]) as Tensor2D; // [N T, D]
      return crossEntropy(model.scoreTokens(rows), labels);
    },
  };
}

export function windowBatch(windows: readonly TokenWindow[], maxLength: number): WindowBatch {
  const lengths = windows.map(({ ids }) => ids.length - 1);
  const longest = lengths.reduce((most, own) => Math.max(most, own), -Infinity);
  const length = lengths.every((own) => own === longest) ? longest : paddedLength(longest, maxLength); // T
  const ids = new Int32Array(windows.length * length);
  const labels = new Int32Array(windows.length * length).fill(-100);
  for (const [row, window] of windows.entries()) {
    ids.set(window.ids.subarray(0, -1), row * length);
    labels.set(window.labels ?? window.ids.subarray(1), row * length);
  }
  return { ids: tensor2d(ids, [windows.length, length], "int32"), labels: tensor1d(labels, "int32") };
}
