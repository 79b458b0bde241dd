/**
 * The gradient of Tile, which broadcastTo runs too, as one sum. TensorFlow.js's own slices the tensor once a repetition and adds the slices: a
 * token repeated for 48 patches of 256 images made 12,288 slices, and a graph that took minutes to compile.
 */
import {
  type GradConfig,
  registerGradient,
  reshape,
  sum,
  type Tensor,
  Tile,
  type TileAttrs,
} from "@tensorflow/tfjs-core";

const gradient: GradConfig = {
  kernelName: Tile,
  inputsToSave: ["x"],
  gradFunc: (dy, [x], attributes) => {
    const { reps } = attributes as unknown as TileAttrs;
    const apart: number[] = []; // each repeated axis as its repetitions and its own length
    const repeated: number[] = [];
    for (const [axis, length] of x!.shape.entries()) {
      if (reps[axis] !== 1) repeated.push(apart.push(reps[axis]!) - 1);
      if (reps[axis] === 1 || length !== 1) apart.push(length);
    }
    const whole = reshape(dy as Tensor, apart);
    return { x: () => reshape(repeated.length === 0 ? whole : sum(whole, repeated), x!.shape) };
  },
};

/** For all backends: the values are the same. */
export function sumTiles(): void {
  registerGradient(gradient);
}
