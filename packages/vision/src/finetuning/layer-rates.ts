/**
 * Layer-wise decay of the learning rate: what lies nearer to the pixels moves less.
 *
 * Clark et al. 2020, https://arxiv.org/abs/2003.10555, section 3.1; as in BEiT's and MAE's fine-tuning (util/lr_decay.py).
 */
import { type Encoder, type ParameterGroup, parameterGroups } from "@autodidact/core";

/**
 * Groups of a vision transformer's parameters, under `prefix`, for an optimizer: embeddings move by decay^(layers + 1) of the rate, layer i
 * (from 0) by decay^(layers − i), the last norm by all of it. Of another encoder all move alike.
 */
export function layerRates(
  encoder: Pick<Encoder, "parameters" | "config">,
  { prefix, decay, weightDecay }: { prefix: string; decay: number; weightDecay: number },
): ParameterGroup[] {
  const layers = encoder.config.model_type === "vit" ? Number(encoder.config.num_hidden_layers) : 0;
  const depths = new Map<number, Encoder["parameters"]>();
  for (const [name, variable] of Object.entries(encoder.parameters)) {
    const depth = layers === 0 ? 1 : depthOf(name, layers);
    const named = depths.get(depth) ?? {};
    named[`${prefix}.${name}`] = variable;
    depths.set(depth, named);
  }
  return [...depths].flatMap(([depth, parameters]) => {
    const learningRateScale = layers === 0 ? 1 : decay ** (layers + 1 - depth);
    return parameterGroups(parameters, { weightDecay })
      .filter(({ parameters: some }) => Object.keys(some).length > 0)
      .map((group) => ({ ...group, learningRateScale }));
  });
}

/** 0 for embeddings, 1 … layers for the layers, layers + 1 for what follows. */
function depthOf(name: string, layers: number): number {
  if (name.startsWith("embeddings.")) return 0;
  const layer = /^encoder\.layer\.(\d+)\./.exec(name)?.[1];
  return layer === undefined ? layers + 1 : Number(layer) + 1;
}
