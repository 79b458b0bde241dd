/**
 * SGD whose every tensor moves in proportion to its own length: large batches stay stable.
 *
 * You et al. 2017, https://arxiv.org/abs/1708.03888, eq. 6; used by SimCLR, BYOL and Barlow Twins. The learning rate is outside the
 * momentum, as in Apex's LARC, Lightning Bolts and solo-learn.
 */
import {
  add,
  div,
  greater,
  mul,
  type Scalar,
  scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tidy,
  type Variable,
  where,
} from "@tensorflow/tfjs-core";
import type { Named } from "../modules/module.js";
import {
  type GroupedParameter,
  gradientOf,
  groupedParameters,
  namedParameters,
  scaledRate,
  zeroSlots,
} from "./grouped-parameters.js";
import type { Optimizer, ParameterGroup } from "./optimizer.js";

export interface LarsOptions {
  /** 0.9 as in SimCLR. */
  momentum?: number;
  /** β, 1e-6 as in SimCLR. */
  weightDecay?: number;
  /** η, 0.001 as in the paper and SimCLR. */
  trustCoefficient?: number;
}

/** Groups with `adapt: false` (norms and biases: see `parameterGroups`) take a plain momentum step. */
export function lars(parameters: Named<Variable> | readonly ParameterGroup[], options: LarsOptions = {}): Optimizer {
  const { momentum = 0.9, weightDecay = 1e-6, trustCoefficient = 0.001 } = options;
  const all = groupedParameters("lars", parameters, weightDecay);
  const state = zeroSlots("momentum_buffer", all);

  function step(gradients: Named<Tensor>, learningRate: Scalar): void {
    tidy(() => {
      for (const parameter of all) {
        const { name, variable, weightDecay, adapt } = parameter;
        const gradient = gradientOf("lars", gradients, name);
        const decayed = weightDecay === 0 ? gradient : add(gradient, mul(variable, weightDecay));
        const adapted = adapt ? mul(decayed, trust(parameter, gradient)) : decayed;
        const velocity = state[`momentum_buffer/${name}`]!;
        velocity.assign(add(mul(velocity, momentum), adapted));
        variable.assign(sub(variable, mul(velocity, scaledRate(learningRate, parameter))));
      }
    });
  }

  /** η ‖w‖ / (‖g‖ + β ‖w‖); 1 for a tensor of zeros, 0 where no gradient came. */
  function trust({ variable, weightDecay }: GroupedParameter, gradient: Tensor): Tensor {
    const size = length(variable);
    const slope = length(gradient);
    const ratio = div(mul(size, trustCoefficient), add(add(slope, mul(size, weightDecay)), 1e-8));
    return where(greater(size, 0), where(greater(slope, 0), ratio, scalar(0)), scalar(1));
  }

  return { name: "lars", parameters: namedParameters(all), state, step };
}

function length(x: Tensor): Scalar {
  return sqrt(sum(square(x)));
}
