/**
 * Layers one after the other, named "0", "1", … as in torch.nn.Sequential.
 */
import type { Tensor } from "@tensorflow/tfjs-core";
import { defineModule, type Module } from "./module.js";

/** A module, or a plain function that owns nothing (`relu`): it takes a number all the same. */
export type Layer = Module<Tensor, Tensor> | ((x: Tensor) => Tensor);

export function sequential(layers: readonly Layer[]): Module<Tensor, Tensor> {
  const children = layers.flatMap((layer, i) => (isModule(layer) ? [[`${i}`, layer] as const] : []));
  return defineModule((x: Tensor) => layers.reduce((y, layer) => layer(y), x), { children });
}

function isModule(layer: Layer): layer is Module<Tensor, Tensor> {
  return "parameters" in layer;
}
