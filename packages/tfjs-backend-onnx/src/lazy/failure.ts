/**
 * Failures: why nodes were not computed, and which tensors have no values for it. Who reads one is told; where nobody is left to read
 * one and variables went back to older values, a warning tells it.
 */
import type { LazyNode, TensorData } from "./tensor-data.js";

export class Failure {
  /** An error was thrown for it, or a warning was given. */
  isTold = false;
  /** So many variables were given back the values that they had before. */
  reverted = 0;
  /** So many tensors that somebody may read have no values for it. */
  readers = 0;

  constructor(readonly reason: Error) {}

  /** An error to throw: it shows where the value was asked for. */
  told(): Error {
    this.isTold = true;
    return new Error(this.reason.message, { cause: this.reason });
  }
}

export class Failures {
  private readonly failed = new WeakMap<TensorData, Failure>();
  /** So many tensors that somebody may read have no values. */
  size = 0;

  add(data: TensorData, failure: Failure): void {
    this.failed.set(data, failure);
    failure.readers += 1;
    this.size += 1;
  }

  /** Throws where the tensor has no value and will have none. */
  requireComputed(data: TensorData): void {
    const failure = this.failed.get(data);
    if (failure) throw failure.told();
  }

  /** Nobody will read this tensor any more. */
  forget(data: TensorData): void {
    const failure = this.failed.get(data);
    if (!failure) return;
    failure.readers -= 1;
    this.size -= 1;
    this.warnIfUnheard(failure);
  }

  /** Warns soon, unless somebody is told before or may be told later. */
  warnIfUnheard(failure: Failure): void {
    if (failure.reverted === 0) return;
    setImmediate(() => {
      if (failure.isTold || failure.readers > 0) return;
      failure.isTold = true;
      process.emitWarning(
        `onnx engine: a step failed, and the ${failure.reverted} variables that it would have changed keep their values: ${failure.reason.message}. ` +
          "Read what each step returns, or call backend.flush() after it, to catch this as an error.",
      );
    });
  }
}

/**
 * What the node could not do, for the user: TensorFlow.js's own refusal where the operation has one, for the values are known now;
 * else the runtime's words.
 */
export function explain(
  { call: { operation, attributes }, inputs, numbers }: LazyNode,
  error: Error,
  valuesOf: (data: TensorData) => ArrayLike<number>,
): Error {
  try {
    operation.check?.(inputs, attributes, (i) => valuesOf(inputs[i]!.data));
  } catch (refusal) {
    return refusal as Error;
  }
  const types = (numbers ? inputs.slice(0, -1) : inputs).map(({ type, shape }) => `${type}[${shape}]`).join(", ");
  return new Error(`${operation.kernel}(${types}) could not be computed: ${error.message}`, { cause: error });
}
