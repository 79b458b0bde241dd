/**
 * Texts as features: the mean of an encoder's last hidden states over the tokens of each text.
 */
import { countedStep, type FeatureExtractor, type FeatureTable, type Following, rowFlops } from "@autodidact/core";
import { dispose } from "@tensorflow/tfjs-core";
import { meanOverTokens } from "../models/mean-over-tokens.js";
import { type PaddedBatch, paddedBatch } from "../models/padded-batch.js";
import type { TextEncoder } from "../models/text-encoder.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";

export interface TextFeaturesOptions {
  readonly tokenizer: Tokenizer;
  /** Texts are cut to so many tokens. */
  readonly context: number;
  /** 64 unless told. */
  readonly batchSize?: number | undefined;
}

/**
 * Features [N, featureSize], one row a text, in the texts' order; they are computed in the order of their lengths, so that little is padding,
 * once all texts are there.
 */
export function textFeatures(encoder: TextEncoder, options: TextFeaturesOptions): FeatureExtractor<string> {
  const { tokenizer, context, batchSize = 64 } = options;
  const size = encoder.featureSize;
  const most = Math.min(context, encoder.maxLength);
  const step = countedStep(({ batch }: { batch: PaddedBatch }) => {
    const seen = "seen" in batch ? batch.seen : undefined;
    return { features: meanOverTokens(encoder.hiddenStates(batch), seen) };
  });

  const extract = async (
    texts: Iterable<string> | AsyncIterable<string>,
    { signal, onProgress }: Following = {},
  ): Promise<FeatureTable> => {
    const sequences: Int32Array[] = [];
    for await (const text of texts) sequences.push(asSequence(tokenizer, text, most));
    const order = sequences.map((_, row) => row).sort((a, b) => sequences[a]!.length - sequences[b]!.length || a - b);
    const values = new Float32Array(sequences.length * size); // [N, size]
    const flops = rowFlops();
    for (let start = 0; start < order.length; start += batchSize) {
      signal?.throwIfAborted();
      const rows = order.slice(start, start + batchSize);
      const some = rows.map((row) => sequences[row]!);
      const filled = [...some, ...Array<Int32Array>(batchSize - some.length).fill(some.at(-1)!)]; // few shapes of batches
      const batch = paddedBatch(
        filled.map((ids) => ({ ids, firstLength: ids.length })),
        { maxLength: most, pad: tokenizer.special.pad, hasPairs: false },
      );
      const { features } = await step({ batch }).finally(() => dispose(batch));
      flops.add(step.flopsOf({ batch }), { rows: batchSize, used: rows.length });
      const read = (await features.data()) as Float32Array;
      features.dispose();
      for (const [i, row] of rows.entries()) values.set(read.subarray(i * size, (i + 1) * size), row * size);
      onProgress?.(start + rows.length);
    }
    return { values, count: sequences.length, size, flops: flops.over(sequences.length) };
  };
  return Object.assign(extract, { dispose: step.dispose });
}

/** The text's ids with [CLS] and [SEP] where the tokenizer has them; at least one token. */
function asSequence({ encode, special }: Tokenizer, text: string, most: number): Int32Array {
  const { classification: first, separator: last } = special;
  const around = [first, last].filter((id) => id !== undefined).length;
  const ids = encode(text).subarray(0, most - around);
  const whole = Int32Array.from([
    ...(first === undefined ? [] : [first]),
    ...ids,
    ...(last === undefined ? [] : [last]),
  ]);
  return whole.length > 0 ? whole : Int32Array.of(special.endOfText ?? special.unknown ?? 0);
}
