/**
 * Sizes by name: Google's BERT miniatures (Turc et al. 2019, https://arxiv.org/abs/1908.08962) and BERT base.
 */
export type ModelSize = "tiny" | "mini" | "small" | "medium" | "base";

export interface Size {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
}

export const modelSizes: Readonly<Record<ModelSize, Size>> = {
  tiny: { layers: 2, width: 128, heads: 2 },
  mini: { layers: 4, width: 256, heads: 4 },
  small: { layers: 4, width: 512, heads: 8 },
  medium: { layers: 8, width: 512, heads: 8 },
  base: { layers: 12, width: 768, heads: 12 },
};

export function sizeOf(name: ModelSize): Size {
  if (!Object.hasOwn(modelSizes, name)) {
    throw new RangeError(`The model's size must be ${Object.keys(modelSizes).join(", ")}, got ${name}.`);
  }
  return modelSizes[name];
}
