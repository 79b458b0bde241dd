/**
 * What an encoder costs, from the features that it made.
 */
import type { FeatureTable } from "@autodidact/core";
import { type ModelCost, UNCOUNTED } from "./circumstances.js";

/** `{}` where no features were made, or none that say what they cost; `parameters` are the encoder's, where they are known. */
export function modelCost(
  { flops, isCached }: Pick<FeatureTable, "flops" | "isCached">,
  parameters: number | undefined,
): ModelCost {
  const missing = {
    ...(flops?.perRow == null && { flops: whyNoFlops(flops) }),
    ...(parameters === undefined && { parameters: "whoever asked did not tell them" }),
  };
  return {
    flops: flops?.perRow ?? null,
    parameters: parameters ?? null,
    ...(isCached === true && { cachedFeatures: true }),
    ...(Object.keys(missing).length > 0 && { missing }),
  };
}

function whyNoFlops(flops: FeatureTable["flops"]): string {
  if (flops === undefined) return UNCOUNTED;
  return `no count is known of ${flops.uncounted.join(", ")}`;
}
