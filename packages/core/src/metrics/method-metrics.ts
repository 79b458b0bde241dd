/**
 * A method's own numbers while it learns: of the same samples, drawn once, by a graph that is compiled at the first look.
 */
import { dispose, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Dataset } from "../data/dataset.js";
import { readSamples } from "../data/read-samples.js";
import { compileStep } from "../engine/compile-step.js";
import type { Method, Tensors } from "../method.js";
import type { Named } from "../modules/module.js";
import type { Random } from "../random.js";

export interface MethodMetrics {
  /** The numbers with the weights as they are now, in evaluation mode; empty where no sample can be read. */
  look(): Promise<Named<number>>;
  /** Releases the compiled graph and the drawn batches. */
  dispose(): void;
}

export interface MethodMetricsOptions<Sample> {
  readonly dataset: Dataset<Sample>;
  readonly batchSize: number;
  /** Chooses the samples and draws their batches: views, permutations. */
  readonly random: Random;
}

/** An accuracy of a half is then known to 3 %. */
const SAMPLES = 256;

/** Undefined where the method has no numbers of its own. They are means over batches; samples that fill no batch are left out, unless there are no others. */
export function methodMetrics<Sample, Batch extends Tensors>(
  { draw, metrics }: Pick<Method<Sample, Batch>, "draw" | "metrics">,
  { dataset, batchSize, random }: MethodMetricsOptions<Sample>,
): MethodMetrics | undefined {
  if (metrics === undefined) return undefined;
  const step = compileStep((inputs: { batch: Batch }) => metrics(inputs.batch));
  let batches: Batch[] | undefined;

  async function drawn(): Promise<Batch[]> {
    const rows = random.split("samples").permutation(dataset.length).subarray(0, Math.max(SAMPLES, batchSize));
    const samples: Sample[] = [];
    for await (const sample of readSamples(dataset, { rows })) samples.push(sample);
    const size = Math.min(batchSize, samples.length);
    const count = size === 0 ? 0 : Math.floor(samples.length / size);
    return Array.from({ length: count }, (_, batch) => {
      const own = samples.slice(batch * size, (batch + 1) * size);
      return tidy(() => draw(own, random.split(batch)));
    });
  }

  async function look(): Promise<Named<number>> {
    batches ??= await drawn();
    const sums: Named<number> = {};
    for (const batch of batches) {
      const numbers = await step({ batch });
      for (const [name, number] of Object.entries(numbers)) {
        sums[name] = (sums[name] ?? 0) + (await number.data())[0]! / batches.length;
      }
      dispose(numbers);
    }
    return sums;
  }

  return {
    look,
    dispose() {
      step.dispose();
      for (const batch of batches ?? []) dispose(batch as Record<string, Tensor>);
    },
  };
}
