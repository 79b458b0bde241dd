/**
 * What holds of a method's memory: no gradient enters it, only the method moves it, and all of it is in what a run saves.
 */
import { cast, engine, sum, type Tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import { isTensor, type Tensors } from "../method.js";
import { assert } from "./assert.js";
import type { Drawn, Trial } from "./trial.js";

export function checkMade({ name, learned, remember }: Trial, drawn: Drawn): void {
  tidy(() => {
    const made = drawn.made();
    assert(
      made !== undefined || remember === undefined,
      `${name}: remember waits for what loss never makes. Return { loss, made } from loss, or take remember away.`,
    );
    for (const [i, [key]] of named(made ?? {}).entries()) {
      const total = () => sum(cast(named(drawn.made()!)[i]![1], "float32"));
      const { grads } = engine().gradients(total, Object.values(learned), undefined, true);
      const reached = Object.keys(learned).find((_, i) => grads[i]);
      assert(
        reached === undefined,
        `${name}: ${key}, made to be remembered, has a gradient at ${reached}. Compute it inside withoutGradient.`,
      );
    }
  });
}

/** Runs the parts of a step one after the other, and looks at the variables that each has assigned. */
export function checkMoved({ name, learned, buffers, carried, remember, afterStep }: Trial, drawn: Drawn): void {
  const names = new Map([learned, buffers].flatMap(Object.entries<Variable>).map(([key, variable]) => [variable, key]));
  const ofCarried = Object.values(carried);
  const ofLoss = [...ofCarried, ...Object.values(buffers)]; // running statistics move with the forward pass

  const judge = (part: string, run: () => void, allowed: readonly Variable[]) => {
    for (const variable of movedBy(run)) {
      if (allowed.includes(variable)) continue;
      const key = names.get(variable);
      assert(key === undefined, `${name}: ${part} changes ${key}, which only the optimizer may.`);
      throw new Error(
        `${name}: ${part} changes a variable [${variable.shape}] that no checkpoint holds. Give it to a module in carried.`,
      );
    }
  };
  tidy(() => {
    let made: Tensors | undefined;
    judge("loss", () => (made = drawn.made()), ofLoss);
    judge("remember", () => made && remember?.(made), ofCarried);
    judge("afterStep", afterStep, ofCarried);
  });
}

/** The registered variables that were assigned meanwhile. */
function movedBy(run: () => void): Variable[] {
  const variables = Object.values(engine().state.registeredVariables);
  const before = variables.map(({ dataId }) => dataId);
  run();
  return variables.filter(({ dataId }, i) => dataId !== before[i]);
}

function named(tensors: Tensors, prefix = ""): [name: string, tensor: Tensor][] {
  return Object.entries(tensors).flatMap(([key, value]) =>
    isTensor(value) ? [[prefix + key, value] as [string, Tensor]] : named(value, `${prefix}${key}.`),
  );
}
