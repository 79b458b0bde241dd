/**
 * Somebody else's encoder, of which its file of ONNX and what was told of it are known. Plain JSON: the processes of cells are told it.
 */
import type { ForeignSettings } from "./suite.js";

export interface ForeignEncoder {
  /** The .onnx file. */
  readonly file: string;
  /** What transformers.js reads; undefined of a file by itself. */
  readonly folder: string | undefined;
  /** What it was called by whoever named it. */
  readonly place: string;
  /** What it takes: "images". */
  readonly data: string;
  readonly told: ForeignSettings;
}
