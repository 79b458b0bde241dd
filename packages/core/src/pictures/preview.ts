/**
 * What a method previews while it learns: of the same samples, drawn once, by a graph that is compiled at the first look.
 */
import { dispose, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { compileStep } from "../engine/compile-step.js";
import type { Method, Tensors } from "../method.js";
import type { Random } from "../random.js";
import type { Picture } from "./picture.js";
import { pictureOf } from "./picture-of.js";

export interface Preview {
  /** The picture with the weights as they are now, in evaluation mode. */
  look(): Promise<Picture>;
  /** Releases the compiled graph and the drawn batch. */
  dispose(): void;
}

/** Undefined where the method has nothing to show. `random` draws the batch: its masks, its views. */
export function preview<Sample, Batch extends Tensors>(
  method: Pick<Method<Sample, Batch>, "draw" | "preview">,
  samples: readonly Sample[],
  random: Random,
): Preview | undefined {
  const { preview: show } = method;
  if (show === undefined || samples.length === 0) return undefined;
  const batch = tidy(() => method.draw(samples, random));
  const step = compileStep((inputs: { batch: Batch }) => show(inputs.batch));

  async function look(): Promise<Picture> {
    const shown = await step({ batch });
    try {
      return await pictureOf(shown);
    } finally {
      dispose(shown as Record<string, Tensor>);
    }
  }
  return {
    look,
    dispose() {
      step.dispose();
      dispose(batch as Record<string, Tensor>);
    },
  };
}
