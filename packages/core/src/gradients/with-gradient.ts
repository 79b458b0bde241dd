/**
 * An operation with a gradient of its own: where the closed form reads memory fewer times than the chain rule would.
 */
import { customGrad, type GradSaveFunc, type Tensor, tidy } from "@tensorflow/tfjs-core";

/**
 * `forward` computes from the inputs and keeps what `backward` needs: everything else it made is gone by then, so `backward` touches
 * only `dy` and what was kept. `backward` gives a new tensor for each input, in order. First derivatives only.
 */
export function withGradient<Kept extends Tensor[], Output extends Tensor>(
  inputs: readonly Tensor[],
  forward: (keep: (...tensors: Kept) => void) => Output,
  backward: (dy: Output, kept: Kept) => Tensor[],
): Output {
  const operation = customGrad<Output>((...args) => {
    const save = args[args.length - 1] as GradSaveFunc;
    return {
      value: forward((...tensors) => save(tensors)),
      gradFunc: (dy, saved) => tidy(() => backward(dy, saved as Kept)),
    };
  });
  return operation(...inputs);
}
