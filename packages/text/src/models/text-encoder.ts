/**
 * An encoder of tokens, in Hugging Face's names and shapes.
 */
import type { Encoder } from "@autodidact/core";
import type { Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";

/** Sequences of one length, filled up with padding. */
export interface TokenBatch {
  /** int32 [N, T]; [CLS] and [SEP] are among them where the model wants them. */
  readonly ids: Tensor2D;
  /** Which segment a token is of, 0 or 1, int32 [N, T]; all 0 where absent. */
  readonly tokenTypes?: Tensor2D;
  /** False at padding, bool [N, T]; absent where nothing is padded. */
  readonly seen?: Tensor2D;
}

/** Called with ids [N, T] it gives [N, featureSize]: the mean of the last hidden states over tokens that are not padding. */
export interface TextEncoder extends Encoder {
  /** The last layer, [N, T, featureSize]. */
  hiddenStates(batch: TokenBatch): Tensor3D;
  /** The longest T. */
  readonly maxLength: number;
  /** The same encoder, its variables too, that drops as much everywhere in training; its config says so. */
  withDropout(rate: number): TextEncoder;
}

/** An encoder with the heads it is pretrained with: one Hugging Face architecture, saved and loaded as such. */
export interface TextModel {
  readonly encoder: TextEncoder;
  /** Every tensor of the model, the encoder's too, by Hugging Face's full names: `bert.embeddings.word_embeddings.weight`. */
  readonly parameters: Encoder["parameters"];
  readonly buffers: Encoder["buffers"];
  /** Hugging Face's config.json, `architectures` too. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Of a loaded model: tensors that the folder did not have. They are new and have learned nothing. */
  readonly fresh?: readonly string[];
}
