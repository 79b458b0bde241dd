/**
 * A compiled step whose FLOPs are known: counted while it is traced, once for each set of input shapes; a replay costs the same.
 */
import { isTensor, type Tensors } from "../method.js";
import { type CompiledStep, compileStep } from "./compile-step.js";
import { counted, type Flops } from "./count-flops.js";

export interface CountedStep<Inputs extends Tensors, Outputs extends Tensors> extends CompiledStep<Inputs, Outputs> {
  /** Of a run with inputs of these shapes, disposed of or not; throws before the first. */
  flopsOf(inputs: Inputs): Flops;
}

export function countedStep<Inputs extends Tensors, Outputs extends Tensors>(
  step: (inputs: Inputs) => Outputs,
): CountedStep<Inputs, Outputs> {
  const counts = new Map<string, Flops>();
  const compiled = compileStep((inputs: Inputs) => {
    const shapes = shapesOf(inputs);
    if (counts.has(shapes)) return step(inputs);
    const { result, flops } = counted(() => step(inputs));
    counts.set(shapes, flops);
    return result;
  });
  const run = (...given: Parameters<CompiledStep<Inputs, Outputs>>) => compiled(...given);
  function flopsOf(inputs: Inputs): Flops {
    const flops = counts.get(shapesOf(inputs));
    if (flops !== undefined) return flops;
    throw new Error(
      `countedStep: the step must have run with inputs of these shapes, got ${shapesOf(inputs)}. Run it first.`,
    );
  }
  return Object.assign(run, { dispose: compiled.dispose, flopsOf });
}

function shapesOf(inputs: Tensors): string {
  return Object.entries(inputs)
    .map(([name, value]) => `${name}: ${isTensor(value) ? `[${value.shape}]` : `{ ${shapesOf(value)} }`}`)
    .join(", ");
}
