/**
 * Variables keep their last good values. The engine computes later than TensorFlow.js's other backends: when a step turns out to fail,
 * its variables are assigned already. So each assignment is noted, and those of an optimizer's step together.
 */
import {
  AdadeltaOptimizer,
  AdagradOptimizer,
  AdamaxOptimizer,
  AdamOptimizer,
  engine,
  MomentumOptimizer,
  Optimizer,
  RMSPropOptimizer,
  SGDOptimizer,
  Variable,
} from "@tensorflow/tfjs-core";
import type { OnnxBackend } from "./backend.js";
import type { Step } from "./lazy/assignments.js";
import type { TensorData } from "./lazy/tensor-data.js";

/** What an optimizer counts in JavaScript; TensorFlow.js declares it protected. */
interface Counting {
  iterations_?: number;
}

const OPTIMIZERS = [
  AdadeltaOptimizer,
  AdagradOptimizer,
  AdamaxOptimizer,
  AdamOptimizer,
  MomentumOptimizer,
  RMSPropOptimizer,
  SGDOptimizer,
];

const assign = Variable.prototype.assign;
let isPatched = false;
/** The optimizer's step that is under way. */
let step: Step | undefined;

/** Patches variables and optimizers, also those made before, once; other backends than `backendName` are left as they are. */
export function keepLastGoodValues(backendName: string): void {
  if (isPatched) return;
  isPatched = true;
  Variable.prototype.assign = function (this: Variable, value) {
    const before = this.dataId as TensorData;
    const backend = engine().backendName === backendName ? (engine().backend as OnnxBackend) : undefined;
    const isOwn = backend !== undefined && before.holder === backend;
    assign.call(this, value);
    if (isOwn) backend.lazy.noteAssignment(this, before, this.dataId as TensorData, step);
  };
  together(Optimizer.prototype, "minimize");
  for (const { prototype } of OPTIMIZERS) together(prototype, "applyGradients");
}

/** What the method assigns counts together. */
function together<Name extends string>(
  prototype: { [name in Name]: (...args: never[]) => unknown },
  name: Name,
): void {
  const original = prototype[name];
  prototype[name] = function (this: Counting, ...args: never[]) {
    if (step) return original.apply(this, args);
    step = stepOf(this);
    try {
      return original.apply(this, args);
    } finally {
      step = undefined;
    }
  } as (typeof prototype)[Name];
}

function stepOf(optimizer: Counting): Step {
  const { iterations_: before = 0 } = optimizer;
  return {
    undo() {
      if ((optimizer.iterations_ ?? 0) > before) optimizer.iterations_! -= 1;
    },
  };
}
