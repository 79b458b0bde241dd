/**
 * Training or evaluation: what batch norm and dropout ask. Evaluation unless inside `training`.
 */
let depth = 0;

export function isTraining(): boolean {
  return depth > 0;
}

/** Runs `body` (synchronous) with modules in training mode. */
export function training<T>(body: () => T): T {
  depth += 1;
  try {
    return body();
  } finally {
    depth -= 1;
  }
}
