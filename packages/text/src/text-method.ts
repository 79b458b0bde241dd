/**
 * A method on text also says what it learns from.
 */
import type { Method, Tensors } from "@autodidact/core";
import type { ExampleKind } from "./examples/examples.js";

export interface TextMethod<Sample, Batch extends Tensors> extends Method<Sample, Batch> {
  /** What `examplesOf` is to cut the corpus into. */
  readonly examples: ExampleKind;
}
