/**
 * Training or evaluation: what batch norm and dropout ask. Evaluation unless inside `training`.
 *
 * Chance in modules comes from a key, a tensor among the step's inputs: a step that is replayed with another key draws anew, and with
 * the same one the same again. Each call that draws has a number of its own, so that no two layers share a mask.
 */
import type { Tensor1D } from "@tensorflow/tfjs-core";

/** Where one call's numbers come from. */
export interface Chance {
  /** The key as `chanceKey` makes it. */
  readonly key: Tensor1D;
  /** The call's number among those that drew from this key, from 0. */
  readonly call: number;
}

interface Scope {
  readonly key?: Tensor1D;
  calls: number;
}

const scopes: Scope[] = [];

export function isTraining(): boolean {
  return scopes.length > 0;
}

/**
 * Runs `body` (synchronous) with modules in training mode. Dropout draws from `key`, which `chanceKey` makes; within another `training`
 * the outer one's key goes on unless told.
 */
export function training<T>(body: () => T, key?: Tensor1D): T {
  const outer = scopes.at(-1) ?? { calls: 0 };
  scopes.push(key ? { key, calls: 0 } : outer);
  try {
    return body();
  } finally {
    scopes.pop();
  }
}

/** The key and the next call's number; `who` asks. */
export function takeChance(who: string): Chance {
  const scope = scopes.at(-1);
  if (!scope?.key) {
    throw new Error(
      `${who}: in training there must be a key to draw from, and there is none. ` +
        "Give it: training(body, chanceKey(random)), a new one each step; or set dropout to 0.",
    );
  }
  scope.calls += 1;
  return { key: scope.key, call: scope.calls - 1 };
}
