/**
 * What `compare` is given of labelled data: features of the same examples by an encoder, by itself before it learned, and raw ones.
 */
import {
  type FeatureExtractor,
  type FeatureTable,
  type LabelledData,
  type LabelledPart,
  labelled,
} from "@autodidact/core";
import { assertFiniteRows } from "../finite-rows.js";
import type { Contenders } from "../measure.js";
import type { FeatureCache, FeatureSource } from "../store/feature-cache.js";
import type { ClassTask } from "./class-protocol.js";

/** What a modality's package gives. */
export interface Examined<Example> {
  readonly data: LabelledData<Example>;
  /** Makes features by the encoder, or by itself before it learned; it is disposed of after use. */
  extractor(contender: "encoder" | "randomInit"): FeatureExtractor<Example>;
  /** Gives what features must beat: pixels, a bag of words. */
  rawFeatures(): ClassTask | Promise<ClassTask>;
  /** What errors call an example: its file. */
  nameOf?(example: Example): string;
  /** What decides a contender's features beside the examples. Without it they are made anew each time. */
  readonly madeOf?: ((contender: "encoder" | "randomInit") => MadeOf | Promise<MadeOf>) | undefined;
}

export type MadeOf = Pick<FeatureSource, "weights" | "preparation">;

const WHOSE = { encoder: "the encoder", randomInit: "the random init" } as const;

export interface ContendersOptions {
  /** Ends the work between two batches, by throwing its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Is told after each batch of a part how many of its examples are done. */
  readonly onProgress?: ((contender: "encoder" | "randomInit", done: number, examples: number) => void) | undefined;
  /** Where features are looked for before they are made, and kept. */
  readonly cache?: FeatureCache | undefined;
}

/** Every contender sees the same examples in the same order. */
export async function contendersOf<Example>(
  { data, extractor, rawFeatures, nameOf, madeOf }: Examined<Example>,
  { signal, onProgress, cache }: ContendersOptions = {},
): Promise<Contenders<ClassTask>> {
  const encoded = async (contender: "encoder" | "randomInit"): Promise<ClassTask> => {
    const extract = extractor(contender);
    const made = cache && (await madeOf?.(contender));
    const featuresOf = ({ examples, hash }: LabelledPart<Example>): Promise<FeatureTable> => {
      const told = (done: number) => onProgress?.(contender, done, examples.length);
      const make = () => extract(examples, { signal, onProgress: told });
      return made === undefined ? make() : cache!.features({ ...made, data: hash }, make);
    };
    const of = async (some: LabelledPart<Example>, part: "training" | "test") => {
      const { examples, labels } = some;
      const features = await featuresOf(some);
      const named = (row: number) => nameOf?.(examples[row]!);
      assertFiniteRows("contendersOf", features, { whose: WHOSE[contender], part, nameOf: named });
      return labelled(features, labels, data.classes.length);
    };
    try {
      return { train: await of(data.train, "training"), test: await of(data.test, "test") };
    } finally {
      extract.dispose();
    }
  };
  return {
    encoder: await encoded("encoder"),
    randomInit: await encoded("randomInit"),
    rawFeatures: await rawFeatures(),
  };
}
