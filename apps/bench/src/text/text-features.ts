/**
 * Texts as features: the mean of an encoder's last hidden states over the tokens of each text.
 */
import { compileStep, type FeatureTable } from "@autodidact/core";
import { meanOverTokens, type PaddedBatch, paddedBatch, type TextEncoder, type Tokenizer } from "@autodidact/text";
import { dispose } from "@tensorflow/tfjs-core";

export interface TextFeaturesOptions {
  readonly tokenizer: Tokenizer;
  /** Texts are cut to so many tokens. */
  readonly context: number;
  readonly batchSize?: number;
}

export interface Following {
  readonly signal?: AbortSignal;
  /** So many texts are done. */
  onProgress?(done: number): void;
}

export interface TextFeatures {
  /** One row a text, in the texts' order; they are computed in the order of their lengths, so that little is padding. */
  (texts: readonly string[], following?: Following): Promise<FeatureTable>;
  /** Releases the compiled graphs. */
  dispose(): void;
}

export function textFeatures(encoder: TextEncoder, options: TextFeaturesOptions): TextFeatures {
  const { tokenizer, context, batchSize = 64 } = options;
  const size = encoder.featureSize;
  const most = Math.min(context, encoder.maxLength);
  const step = compileStep(({ batch }: { batch: PaddedBatch }) => {
    const seen = "seen" in batch ? batch.seen : undefined;
    return { features: meanOverTokens(encoder.hiddenStates(batch), seen) };
  });

  const extract = async (texts: readonly string[], { signal, onProgress }: Following = {}): Promise<FeatureTable> => {
    const sequences = texts.map((text) => asSequence(tokenizer, text, most));
    const order = sequences.map((_, row) => row).sort((a, b) => sequences[a]!.length - sequences[b]!.length || a - b);
    const values = new Float32Array(texts.length * size); // [N, size]
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
      const read = (await features.data()) as Float32Array;
      features.dispose();
      for (const [i, row] of rows.entries()) values.set(read.subarray(i * size, (i + 1) * size), row * size);
      onProgress?.(start + rows.length);
    }
    return { values, count: texts.length, size };
  };
  return Object.assign(extract, { dispose: step.dispose });
}

/** With [CLS] and [SEP] where the tokenizer has them; at least one token. */
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
