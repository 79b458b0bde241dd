/**
 * Many images asked in batches of one shape, by one compiled graph, without any chance.
 */
import { compileStep, type Tensors } from "@autodidact/core";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { type Image, stackImages } from "./image.js";

/** For each image what `ask` gives of it: a row of each of its outputs, which have a row an image. */
export async function inImageBatches<Outputs extends Tensors & Record<string, Tensor>>(
  images: readonly Image[],
  ask: (bytes: Tensor4D) => Outputs,
  { batchSize = 32 }: { batchSize?: number | undefined } = {},
): Promise<Record<keyof Outputs, Float32Array | Int32Array>[]> {
  const step = compileStep(({ input }: { input: Tensor4D }) => ask(input));
  const size = Math.min(batchSize, images.length);
  const found: Record<keyof Outputs, Float32Array | Int32Array>[] = [];
  try {
    for (let start = 0; start < images.length; start += size) {
      const some = images.slice(start, start + size);
      const input = stackImages([...some, ...Array<Image>(size - some.length).fill(some[0]!)]); // one graph for all
      const outputs = await step({ input }).finally(() => input.dispose());
      const read = await Promise.all(
        Object.entries(outputs).map(async ([name, tensor]) => [name, (await tensor.data()) as Float32Array] as const),
      );
      for (const row of some.keys()) {
        const own = read.map(([name, values]) => {
          const length = values.length / size;
          return [name, values.slice(row * length, (row + 1) * length)] as const;
        });
        found.push(Object.fromEntries(own) as Record<keyof Outputs, Float32Array>);
      }
      for (const tensor of Object.values(outputs)) tensor.dispose();
    }
  } finally {
    step.dispose();
  }
  return found;
}
