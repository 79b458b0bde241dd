/**
 * Stochastic gradient descent with momentum, as torch.optim.SGD.
 *
 * Sutskever et al. 2013, http://proceedings.mlr.press/v28/sutskever13.html.
 */
import { add, mul, type Scalar, sub, type Tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import type { Named } from "../modules/module.js";
import { gradientOf, groupedParameters, namedParameters, scaledRate, zeroSlots } from "./grouped-parameters.js";
import type { Optimizer, ParameterGroup } from "./optimizer.js";

export interface SgdOptions {
  /** μ. 0.9 unless told, as in MoCo and RotNet; PyTorch's default is 0. */
  momentum?: number;
  nesterov?: boolean;
  /** Added to the gradient, times the parameter; 0 unless told. */
  weightDecay?: number;
}

export function sgd(parameters: Named<Variable> | readonly ParameterGroup[], options: SgdOptions = {}): Optimizer {
  const { momentum = 0.9, nesterov = false, weightDecay = 0 } = options;
  if (nesterov && momentum === 0) throw new Error("sgd: nesterov needs a momentum above 0, got 0.");
  const all = groupedParameters("sgd", parameters, weightDecay);
  const state = momentum === 0 ? {} : zeroSlots("momentum_buffer", all);

  function step(gradients: Named<Tensor>, learningRate: Scalar): void {
    tidy(() => {
      for (const parameter of all) {
        const { name, variable, weightDecay } = parameter;
        const gradient = gradientOf("sgd", gradients, name);
        const decayed = weightDecay === 0 ? gradient : add(gradient, mul(variable, weightDecay));
        const direction = accelerate(decayed, state[`momentum_buffer/${name}`]);
        variable.assign(sub(variable, mul(direction, scaledRate(learningRate, parameter))));
      }
    });
  }

  /** v ← μ v + g; the step goes along v, or with Nesterov along g + μ v. */
  function accelerate(gradient: Tensor, velocity: Variable | undefined): Tensor {
    if (velocity === undefined) return gradient;
    velocity.assign(add(mul(velocity, momentum), gradient));
    return nesterov ? add(gradient, mul(velocity, momentum)) : velocity;
  }

  return { name: "sgd", parameters: namedParameters(all), state, step };
}
