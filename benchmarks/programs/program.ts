/**
 * What the measured programs share: TensorFlow.js is handed in, because tfjs-node brings its own copy; a step is a function
 * of its batch, because an engine may run it as it is or trace it once and replay it.
 */
import type { Scalar, Tensor } from "@tensorflow/tfjs-core";

export type TensorFlow = typeof import("@tensorflow/tfjs-core");
export type Batch = Record<string, Tensor>;
export type Step<B extends Batch> = (batch: B) => Scalar;

/** How an engine runs a step; resolves to the step's loss. */
export type Execute = <B extends Batch>(step: Step<B>) => (batch: B) => Promise<number>;

export type Compile = <B extends Batch, O extends Batch>(step: (batch: B) => O) => (batch: B) => Promise<O>;

/** Executes as any TensorFlow.js program does: a tidy, and the loss read at its end. */
export function executeDirectly(tf: TensorFlow): Execute {
  return (step) => async (batch) => {
    const loss = tf.tidy(() => step(batch));
    const [value] = await loss.data();
    loss.dispose();
    return value!;
  };
}

/** Traced once, then replayed. The first step runs as it is: TensorFlow.js's optimizers make their variables in it. */
export function executeReplayed(tf: TensorFlow, compile: Compile): Execute {
  const direct = executeDirectly(tf);
  return (step) => {
    let replay: ((batch: never) => Promise<{ loss: Tensor }>) | undefined;
    let isFirst = true;
    return async (batch) => {
      if (isFirst) {
        isFirst = false;
        return direct(step)(batch);
      }
      replay ??= compile((inputs: typeof batch) => ({ loss: step(inputs) as Tensor }));
      const { loss } = await replay(batch as never);
      const [value] = await loss.data();
      loss.dispose();
      return value!;
    };
  };
}
