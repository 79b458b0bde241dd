/**
 * Compiled steps: a function of tensors is traced once for each set of input shapes and then replayed as one graph.
 *
 * Inputs, variables and captured tensors become the graph's inputs; results and assigned variables its outputs.
 * A replay runs no TensorFlow.js operation.
 */
import { engine, getBackend, type NamedTensorMap, type Tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import { OnnxBackend } from "./backend.js";
import { BACKEND, copied } from "./kernels.js";
import { tensorsOf } from "./lazy/engine.js";
import { compilePlan, type Plan } from "./lazy/plan.js";
import { TensorData } from "./lazy/tensor-data.js";
import { sameShape } from "./onnx/shape.js";
import type { TensorBuffer } from "./runtime/tensor-buffer.js";

export interface CompileOptions {
  /** Compute on a thread of its own, so that loading and signals go on meanwhile; about 4 % slower. True unless told. */
  background?: boolean;
}

export interface CompiledStep<Inputs extends NamedTensorMap, Outputs extends NamedTensorMap> {
  /**
   * The outputs, for the caller to dispose. `accept` sees them before any variable changes; where it returns false,
   * none does.
   */
  (inputs: Inputs, accept?: (outputs: Outputs) => boolean): Promise<Outputs>;
  /** Releases the compiled graphs and the constants they hold. */
  dispose(): void;
}

/** Where a replay finds the tensor of a graph input. */
type Source = { readonly input: string } | { readonly variable: Variable } | { readonly constant: TensorData };

interface Replay {
  readonly plan: Plan;
  /** One for each bound input of the plan, with the shape the graph expects. */
  readonly sources: readonly { readonly source: Source; readonly shape: readonly number[] }[];
  readonly results: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly assigned: readonly Variable[];
  /** The graph's outputs: the results, then the assigned variables. */
  readonly outputs: readonly TensorData[];
}

/**
 * `step` must compute its outputs and its variables' new values from its inputs and variables alone: what JavaScript
 * contributes while it is traced (numbers, arrays, random values) stays as it was at the first run. It must not read
 * tensors' values or create variables.
 */
export function compile<Inputs extends NamedTensorMap, Outputs extends NamedTensorMap>(
  step: (inputs: Inputs) => Outputs,
  { background = true }: CompileOptions = {},
): CompiledStep<Inputs, Outputs> {
  const replays = new Map<string, Replay>();
  let owner: OnnxBackend | undefined;

  const run = async (inputs: Inputs, accept: (outputs: Outputs) => boolean = () => true): Promise<Outputs> => {
    const backend = currentBackend();
    if (owner && owner !== backend)
      throw new Error("compile: the backend was started anew after this step was compiled. Compile the step again.");
    owner = backend;
    backend.lazy.flush();
    const signature = signatureOf(backend, inputs);
    let replay = replays.get(signature);
    if (!replay) {
      replay = trace(backend, step, inputs);
      replays.set(signature, replay);
    } else backend.lazy.stats.replays += 1;
    return execute(backend, replay, inputs, background, accept);
  };

  const dispose = () => {
    for (const { plan, sources } of replays.values()) {
      plan.session.release();
      for (const { source } of sources) if ("constant" in source) owner!.lazy.unpin(source.constant);
    }
    replays.clear();
  };
  return Object.assign(run, { dispose });
}

function currentBackend(): OnnxBackend {
  const backend = engine().backend;
  if (backend instanceof OnnxBackend) return backend;
  throw new Error(`compile: the current backend must be "${BACKEND}", got "${getBackend()}". Call useOnnx() first.`);
}

function signatureOf(backend: OnnxBackend, inputs: NamedTensorMap): string {
  let signature = "";
  for (const name in inputs) {
    const { dataId, dtype, shape } = inputs[name]!;
    signature += `${name}:${dtype}:${backend.dataOf(dataId).stored}[${shape}],`;
  }
  return signature;
}

/** Runs `step` lazily, which computes nothing, takes its graph and puts every variable back. */
function trace(backend: OnnxBackend, step: (inputs: never) => NamedTensorMap, inputs: NamedTensorMap): Replay {
  const variables = Object.values(engine().state.registeredVariables);
  for (const variable of variables) ownDataOfVariable(backend, variable);
  const own = ownInputs(backend, inputs);
  const before = variables.map((variable) => variable.clone());
  const sourceOf = new Map<TensorData, Source>();
  for (const [i, variable] of variables.entries()) sourceOf.set(backend.dataOf(before[i]!.dataId), { variable });
  for (const name in own) sourceOf.set(backend.dataOf(own[name]!.dataId), { input: name });

  const replayOf = (): Replay => {
    const outputs = step(own as never);
    requireSameVariables(variables);
    const assigned = variables.filter((variable, i) => variable.dataId !== before[i]!.dataId);
    const results = Object.entries(outputs).map(([name, { shape }]) => ({ name, shape }));
    const made = [...Object.values(outputs), ...assigned].map((tensor) => lazyDataOf(backend, tensor));
    const isDynamic = (leaf: TensorData) => sourceOf.has(leaf);
    const graph = backend.lazy.trace(made);
    const plan = compilePlan(backend.lazy.runtime, graph, isDynamic, backend.lazy.stats);
    const sources = plan.bound.map((place) => {
      const leaf = graph.leaves[place]!;
      const source = sourceOf.get(leaf) ?? { constant: backend.lazy.pin(leaf) };
      return { source, shape: leaf.shape };
    });
    return { plan, sources, results, assigned, outputs: made.map(({ shape, dtype }) => new TensorData(shape, dtype)) };
  };
  try {
    let replay: Replay | undefined;
    backend.whileTracing(sourceOf, () =>
      tidy(() => {
        replay = replayOf();
      }),
    );
    return replay!;
  } finally {
    for (const [i, variable] of variables.entries()) {
      if (!variable.isDisposed && variable.dataId !== before[i]!.dataId) variable.assign(before[i]!);
    }
    for (const tensor of before) tensor.dispose();
    for (const name in own) if (own[name] !== inputs[name]) own[name]!.dispose();
  }
}

/**
 * A variable that shares its data, with another variable or a tensor that the step captures, gets data of its own: traced, the two would be
 * one input of the graph, and when it is replayed they may differ.
 */
function ownDataOfVariable(backend: OnnxBackend, variable: Variable): void {
  if (dataOfVariable(backend, variable).refCount > 1) exchange(backend, variable);
}

/** The inputs; for the same reason copies of those that share their data, to trace with. */
function ownInputs(backend: OnnxBackend, inputs: NamedTensorMap): NamedTensorMap {
  const taken = new Set<TensorData>();
  const own = (input: Tensor): Tensor => {
    const data = backend.dataOf(input.dataId);
    if (data.refCount > 1 || taken.has(data)) return copyOfInput(backend, input);
    taken.add(data);
    return input;
  };
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, own(input)]));
}

/** As it is stored: bytes stay bytes. */
function copyOfInput(backend: OnnxBackend, { dataId, shape, dtype }: Tensor): Tensor {
  const { stored, type } = backend.dataOf(dataId);
  const values = backend.readSync(dataId);
  const info =
    stored === type
      ? backend.makeTensorInfo(values, shape, dtype)
      : backend.makeBytes(Uint8Array.from(values as ArrayLike<number>), shape);
  return engine().makeTensorFromTensorInfo(info, backend);
}

function requireSameVariables(variables: readonly Variable[]): void {
  const now = new Set(Object.values(engine().state.registeredVariables));
  if (now.size === variables.length && variables.every((variable) => now.has(variable))) return;
  throw new Error(
    "compile: a step must not create or dispose variables. Create them before the first run (optimizer slots too).",
  );
}

/** The tensor's data, as the result of a node even where it is an input or a constant as it stands. */
function lazyDataOf(backend: OnnxBackend, tensor: Tensor): TensorData {
  const data = backend.dataOf(tensor.dataId);
  return data.node ? data : backend.dataOf(copied(backend, tensor).dataId);
}

async function execute<Outputs extends NamedTensorMap>(
  backend: OnnxBackend,
  { plan, sources, results, assigned, outputs }: Replay,
  inputs: NamedTensorMap,
  background: boolean,
  accept: (outputs: Outputs) => boolean,
): Promise<Outputs> {
  const { lazy } = backend;
  const read = sources.map(({ source }) => {
    if ("constant" in source) return source.constant;
    return "input" in source ? backend.dataOf(inputs[source.input]!.dataId) : dataOfVariable(backend, source.variable);
  });
  const bound = BigUint64Array.from(read, (data, i) => lazy.bufferOf(data).tensorAs(sources[i]!.shape));
  const written = lazy.outputBuffers(outputs);
  for (const data of read) lazy.pin(data);
  const started = performance.now();
  try {
    if (background) await plan.session.runAsync(bound, tensorsOf(written));
    else plan.session.run(bound, tensorsOf(written));
  } catch (error) {
    for (const buffer of written) lazy.pool.release(buffer);
    const reason = (error as Error).message;
    throw new Error(`compile: the step could not be computed, and no variable has changed: ${reason}`, {
      cause: error,
    });
  } finally {
    for (const data of read) lazy.unpin(data);
    lazy.stats.milliseconds.run += performance.now() - started;
    lazy.stats.runs += 1;
  }

  const made = {} as Record<string, Tensor>;
  for (const [i, { name, shape }] of results.entries()) {
    const { dataId, dtype } = backend.infoOf(settled(outputs[i]!, written[i]!));
    made[name] = engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype }, backend);
  }
  let isAccepted = false;
  try {
    isAccepted = accept(made as Outputs);
  } finally {
    for (const [i, variable] of assigned.entries()) {
      const buffer = written[results.length + i]!;
      if (isAccepted) commit(backend, variable, buffer);
      else lazy.pool.release(buffer);
    }
  }
  return made as Outputs;
}

/** Graphs that assign a variable write its own type, so that they read no bytes either. */
function dataOfVariable(backend: OnnxBackend, variable: Variable): TensorData {
  const data = backend.dataOf(variable.dataId);
  if (data.stored === data.type) return data;
  exchange(backend, variable);
  return backend.dataOf(variable.dataId);
}

/** Gives the variable equal values in data of its own, as wide as its type. */
function exchange(backend: OnnxBackend, variable: Variable): void {
  const own = backend.makeTensorInfo(backend.readSync(variable.dataId), variable.shape, variable.dtype);
  const value = engine().makeTensorFromTensorInfo(own, backend);
  variable.assign(value as never);
  value.dispose();
}

function settled({ shape, dtype }: TensorData, buffer: TensorBuffer): TensorData {
  const data = new TensorData(shape, dtype);
  data.buffer = buffer;
  return data;
}

/** The variable's new value. Its data is exchanged in place unless another tensor shares it. */
function commit(backend: OnnxBackend, variable: Variable, buffer: TensorBuffer): void {
  const data = backend.dataOf(variable.dataId);
  if (data.refCount === 1 && sameShape(data.shape, buffer.shape)) {
    if (data.buffer) backend.lazy.pool.release(data.buffer);
    data.buffer = buffer;
    data.scalar = undefined;
    return;
  }
  const fresh = settled(new TensorData(buffer.shape, variable.dtype), buffer);
  const { dataId } = backend.infoOf(fresh);
  const value = engine().makeTensorFromTensorInfo({ dataId, shape: variable.shape, dtype: variable.dtype }, backend);
  variable.assign(value as never);
  value.dispose();
}
