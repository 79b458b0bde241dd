/**
 * Adam with decoupled weight decay, as torch.optim.AdamW.
 *
 * Kingma and Ba 2014, https://arxiv.org/abs/1412.6980; Loshchilov and Hutter 2017, https://arxiv.org/abs/1711.05101, Algorithm 2.
 */
import { add, div, mul, type Scalar, sqrt, square, sub, type Tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import type { Named } from "../modules/module.js";
import { buffer } from "../modules/parameter.js";
import { gradientOf, groupedParameters, namedParameters, scaledRate, zeroSlots } from "./grouped-parameters.js";
import type { Optimizer, ParameterGroup } from "./optimizer.js";

export interface AdamWOptions {
  /** β₁ and β₂. [0.9, 0.999] as in the paper; MAE and GPT take 0.95 for the second. */
  betas?: readonly [number, number];
  /** ε, 1e-8 as in the paper. */
  epsilon?: number;
  /** λ, PyTorch's 0.01 unless told. */
  weightDecay?: number;
}

export function adamW(parameters: Named<Variable> | readonly ParameterGroup[], options: AdamWOptions = {}): Optimizer {
  const { betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0.01 } = options;
  const [beta1, beta2] = betas;
  const all = groupedParameters("adamW", parameters, weightDecay);
  // 1 − βᵗ, run as the averages are: exact to float32 from the first step on, where 1 − 0.999 would lose four digits
  const correction1 = buffer([], 0);
  const correction2 = buffer([], 0);
  const means = zeroSlots("exp_avg", all);
  const squares = zeroSlots("exp_avg_sq", all);

  function step(gradients: Named<Tensor>, learningRate: Scalar): void {
    tidy(() => {
      correction1.assign(add(mul(correction1, beta1), 1 - beta1));
      correction2.assign(add(mul(correction2, beta2), 1 - beta2));
      const root = sqrt(correction2);
      for (const parameter of all) {
        const { name, variable, weightDecay } = parameter;
        const gradient = gradientOf("adamW", gradients, name);
        const mean = means[`exp_avg/${name}`]!;
        const meanSquare = squares[`exp_avg_sq/${name}`]!;
        mean.assign(add(mul(mean, beta1), mul(gradient, 1 - beta1)));
        meanSquare.assign(add(mul(meanSquare, beta2), mul(square(gradient), 1 - beta2)));

        // η (m / c₁) / (√(v / c₂) + ε), with √c₂ taken out of the fraction
        const rate = scaledRate(learningRate, parameter);
        const direction = div(mean, add(sqrt(meanSquare), mul(root, epsilon)));
        const change = mul(direction, div(mul(rate, root), correction1));
        const kept = weightDecay === 0 ? variable : mul(variable, sub(1, mul(rate, weightDecay)));
        variable.assign(sub(kept, change));
      }
    });
  }

  const state = { bias_correction1: correction1, bias_correction2: correction2, ...means, ...squares };
  return { name: "adamW", parameters: namedParameters(all), state, step };
}
