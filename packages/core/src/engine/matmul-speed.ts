/**
 * GFLOP/s of a square matrix product on the current backend: what an engine is worth, in about a second.
 */
import { matMul, randomUniform, type Tensor2D } from "@tensorflow/tfjs-core";

export interface MatmulSpeed {
  readonly size: number;
  /** The median run. */
  readonly gigaflopsPerSecond: number;
  /** Of so many. */
  readonly runs: number;
}

const GREATEST = 1024;
/** One run alone is noise: engines are ranked by it. */
const LEAST_RUNS = 3;

export async function matmulSpeed(seconds = 1): Promise<MatmulSpeed> {
  let size = 128; // doubled until a run takes long enough to be measured
  let lasted = await timeOf(size, 2);
  while (size < GREATEST && lasted < 0.02) {
    size *= 2;
    lasted = await timeOf(size, 2);
  }
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length < LEAST_RUNS || performance.now() < end) times.push(await timeOf(size, 1));
  times.sort((a, b) => a - b);
  return { size, gigaflopsPerSecond: (2 * size ** 3) / times[times.length >> 1]! / 1e9, runs: times.length };
}

/** Seconds of the last of `runs` products, read back to be sure that they happened. */
async function timeOf(size: number, runs: number): Promise<number> {
  const [a, b] = [1, 2].map((seed) => randomUniform([size, size], -1, 1, "float32", seed) as Tensor2D) as [
    Tensor2D,
    Tensor2D,
  ];
  await Promise.all([a.data(), b.data()]);
  let seconds = 0;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const product = matMul(a, b);
    await product.data();
    seconds = (performance.now() - start) / 1000;
    product.dispose();
  }
  a.dispose();
  b.dispose();
  return seconds;
}
