/**
 * The recipe that both sides run, and what comes out of it.
 */
export interface Recipe {
  /** Holds train/<class>/* and test/<class>/*. */
  data: string;
  python?: string;
  epochs: number;
  perClass: number;
  width: number;
  seed: number;
  threads: number;
  engine: string;
  /** How PyTorch runs. */
  peerMode: "eager" | "channels_last" | "compile";
  only?: "autodidact" | "pytorch";
  /** Where the run's folder stays; a temporary one is removed. */
  out?: string;
}

/** Per cent of the test images. */
export interface Accuracy {
  readonly knn: number;
  readonly linear: number;
}

export interface Trained {
  readonly contender: string;
  readonly version: string;
  readonly epochsMs: readonly number[];
  readonly peakResidentBytes: number;
  readonly pretrained: Accuracy;
  readonly randomInit: Accuracy;
}

const CLASSES = 10;
export const BATCH = 256;

/** The last, incomplete batch is dropped by both. */
export function stepsPerEpoch({ perClass }: Pick<Recipe, "perClass">): number {
  return Math.floor((CLASSES * perClass) / BATCH);
}
