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
import { OnnxBackend } from "./backend.js";
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

/** Patches variables and optimizers, also those made before, once; on other backends they do what they did. */
export function keepLastGoodValues(): void {
  if (isPatched) return;
  isPatched = true;
  Variable.prototype.assign = function (this: Variable, value) {
    const before = this.dataId as TensorData;
    const backend = currentBackend();
    const isOwn = backend && before.holder === backend;
    assign.call(this, value);
    if (isOwn) backend.lazy.noteAssignment(this, before, this.dataId as TensorData, step);
  };
  for (const name of ["data", "dataSync", "bytes"] as const) readWhatItHolds(name);
  together(Optimizer.prototype, "minimize");
  for (const { prototype } of OPTIMIZERS) together(prototype, "applyGradients");
}

function currentBackend(): OnnxBackend | undefined {
  const { backend } = engine();
  return backend instanceof OnnxBackend ? backend : undefined;
}

/** A variable that is read holds its good value before its data is looked up. */
function readWhatItHolds(name: "data" | "dataSync" | "bytes"): void {
  const original = Variable.prototype[name] as () => unknown;
  Variable.prototype[name] = function (this: Variable) {
    if ((this.dataId as TensorData).node) currentBackend()?.lazy.flush();
    return original.call(this);
  } as never;
}

/** What the method records and assigns counts together. */
function together<Name extends string>(prototype: { [name in Name]: (...args: never[]) => unknown }, name: Name): void {
  const original = prototype[name];
  prototype[name] = function (this: Counting, ...args: never[]) {
    const backend = currentBackend();
    if (step || !backend) return original.apply(this, args);
    step = backend.lazy.beginStep(undoing(this));
    try {
      return original.apply(this, args);
    } finally {
      backend.lazy.endStep(step);
      step = undefined;
    }
  } as (typeof prototype)[Name];
}

function undoing(optimizer: Counting): () => void {
  const { iterations_: before = 0 } = optimizer;
  return () => {
    if ((optimizer.iterations_ ?? 0) > before) optimizer.iterations_! -= 1;
  };
}
