/**
 * What an examination asks of an encoder, whoever made it.
 */
import { basename } from "node:path";
import type { FeatureExtractor } from "@autodidact/core";
import {
  describeSubject,
  type ForeignEncoder,
  type LinearProbeOptions,
  type MadeOf,
  type ResultRecord,
} from "@autodidact/evaluate";

export interface MeasuredEncoder<Example, Decoding> {
  /** How examples are to be opened for it. */
  readonly decoding: Decoding;
  readonly subject: ResultRecord["subject"];
  extractor(contender: "encoder" | "randomInit"): FeatureExtractor<Example>;
  /** What a cache knows its features by; undefined: they are made anew each time. */
  readonly madeOf?: ((contender: "encoder" | "randomInit") => Promise<MadeOf>) | undefined;
  /** Numbers that an optimizer may update, where they are known. */
  readonly parameters?: number | undefined;
  readonly noRandomInit?: string | undefined;
  /** What the records' protocol says beside its own settings. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** What suits it where nothing is typed. */
  readonly probe?: Pick<LinearProbeOptions, "normalize" | "layerSum"> | undefined;
}

export interface OpenedForeign<Example, Decoding> {
  readonly decoding: Decoding;
  readonly weights: string;
  readonly config: Readonly<Record<string, unknown>>;
  extractor(): FeatureExtractor<Example>;
}

/** Its steps and seed are not known, and it cannot begin anew. */
export function measuredForeign<Example, Decoding>(
  { place, folder }: ForeignEncoder,
  { decoding, weights, config, extractor }: OpenedForeign<Example, Decoding>,
): MeasuredEncoder<Example, Decoding> {
  const trained = { weights, step: 0, seed: 0, config: undefined };
  return {
    decoding,
    subject: describeSubject(trained, config, folder === undefined ? basename(place, ".onnx") : place),
    extractor,
    noRandomInit: "a file of ONNX holds weights, and not how they were drawn",
  };
}
