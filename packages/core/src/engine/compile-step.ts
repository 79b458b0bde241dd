/**
 * A step as one compiled graph where the engine can (onnx), run as it stands elsewhere: the same call, the same meaning.
 */
import { type CompiledStep as CompiledGraph, compile } from "@autodidact/tfjs-backend-onnx";
import { engine, getBackend, type NamedTensorMap, type Tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import { isTensor, type Tensors } from "../method.js";

export interface CompiledStep<Inputs extends Tensors, Outputs extends Tensors> {
  /**
   * The outputs, for the caller to dispose. `accept` sees them before any variable changes; where it returns false or throws, none does.
   */
  (inputs: Inputs, accept?: (outputs: Outputs) => boolean): Promise<Outputs>;
  /** Releases the compiled graphs. */
  dispose(): void;
}

/**
 * `step` must compute its outputs and its variables' new values from its inputs and variables alone; it reads no values, creates no
 * variable and draws nothing by chance, for it is traced once for each set of input shapes and then replayed.
 */
export function compileStep<Inputs extends Tensors, Outputs extends Tensors>(
  step: (inputs: Inputs) => Outputs,
): CompiledStep<Inputs, Outputs> {
  const graph = compile<NamedTensorMap, NamedTensorMap>((inputs) => flatten(step(nest(inputs) as Inputs)));
  const run = async (inputs: Inputs, accept?: (outputs: Outputs) => boolean): Promise<Outputs> =>
    getBackend() === "onnx" ? replay(graph, inputs, accept) : runDirectly(step, inputs, accept);
  return Object.assign(run, { dispose: () => graph.dispose() });
}

async function replay<Inputs extends Tensors, Outputs extends Tensors>(
  graph: CompiledGraph<NamedTensorMap, NamedTensorMap>,
  inputs: Inputs,
  accept?: (outputs: Outputs) => boolean,
): Promise<Outputs> {
  return nest(await graph(flatten(inputs), accept && ((outputs) => accept(nest(outputs) as Outputs)))) as Outputs;
}

function runDirectly<Inputs extends Tensors, Outputs extends Tensors>(
  step: (inputs: Inputs) => Outputs,
  inputs: Inputs,
  accept: (outputs: Outputs) => boolean = () => true,
): Outputs {
  const variables: Variable[] = Object.values(engine().state.registeredVariables);
  const before = variables.map((variable) => variable.clone()); // shares the data: nothing is copied
  let isAccepted = false;
  try {
    const outputs = tidy(() => step(inputs));
    isAccepted = accept(outputs);
    return outputs;
  } finally {
    for (const [i, variable] of variables.entries()) {
      if (!isAccepted && variable.dataId !== before[i]!.dataId) variable.assign(before[i]!);
      before[i]!.dispose();
    }
  }
}

/** Nested tensors under their path: `first/flip`, names made safe as in a URL. */
function flatten(tensors: Tensors, prefix = ""): Record<string, Tensor> {
  const flat: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries(tensors)) {
    const path = prefix + encodeURIComponent(name);
    if (isTensor(value)) flat[path] = value;
    else Object.assign(flat, flatten(value, `${path}/`));
  }
  return flat;
}

function nest(flat: Readonly<Record<string, Tensor>>): Tensors {
  const nested: Branch = {};
  for (const [path, tensor] of Object.entries(flat)) {
    const names = path.split("/").map(decodeURIComponent);
    let branch = nested;
    for (const name of names.slice(0, -1)) {
      branch[name] ??= {};
      branch = branch[name] as Branch;
    }
    branch[names.at(-1)!] = tensor;
  }
  return nested;
}

interface Branch {
  [name: string]: Tensor | Branch;
}
