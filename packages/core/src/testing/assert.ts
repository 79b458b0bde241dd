/**
 * A check's verdict: an error with what is wrong.
 */
export function assert(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}
