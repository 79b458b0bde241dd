/**
 * A backend of TensorFlow.js in double precision that knows how far float32 may be off: what a program and its gradients must be, and
 * how exactly. It has the kernels that elementwise programs call.
 */
import {
  type BackendValues,
  backend_util,
  type DataId,
  type DataType,
  KernelBackend,
  type KernelFunc,
  registerBackend,
  registerKernel,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import {
  chosen,
  erf,
  exact,
  largest,
  type Measured,
  mapped,
  measured,
  PAIRINGS,
  type Pairing,
  sums,
} from "./measured-numbers.js";

const NAME = "measuring";

class MeasuringBackend extends KernelBackend {
  private readonly kept = new WeakMap<DataId, Measured>();

  keep(content: Measured): DataId {
    const id = {};
    this.kept.set(id, content);
    return id;
  }
  of({ dataId }: { dataId: DataId }): Measured {
    return this.kept.get(dataId)!;
  }
  override write(values: BackendValues): DataId {
    return this.keep(exact(values as Float32Array));
  }
  override move(id: DataId, values: BackendValues): void {
    this.kept.set(id, exact(values as Float32Array));
  }
  override readSync(id: DataId): never {
    return this.kept.get(id)!.values as never; // TensorFlow.js hands on what it gets
  }
  override disposeData(): boolean {
    return true; // memory is the collector's
  }
  override incRef(): void {}
  override refCount(): number {
    return 1;
  }
  override numDataIds(): number {
    return 0;
  }
  override floatPrecision(): 32 {
    return 32;
  }
}

const backend = new MeasuringBackend();

/** Makes the backend known and gives its name. */
export function registerMeasuring(): string {
  registerBackend(NAME, () => backend);
  for (const [kernelName, kernel] of Object.entries(KERNELS)) {
    registerKernel({ kernelName, backendName: NAME, kernelFunc: funcOf(kernel) });
  }
  return NAME;
}

/** What the tensor holds, made while this was the backend. */
export function measurementOf(tensor: { dataId: DataId }): Measured {
  return backend.of(tensor);
}

interface Operand extends Measured {
  readonly shape: readonly number[];
}
interface Made extends Operand {
  readonly dtype?: DataType;
}
interface Attributes {
  readonly alpha: number;
  readonly clipValueMin: number;
  readonly clipValueMax: number;
  readonly axis?: number | number[] | null;
  /** What Max calls its axes. */
  readonly reductionIndices?: number | number[] | null;
  readonly keepDims: boolean;
  readonly shape: number[];
  readonly value: number;
  readonly perm: number[];
  readonly reps: number[];
  readonly dim: number;
  readonly dtype: DataType;
}
type Kernel = (inputs: readonly Operand[], attributes: Attributes) => Made;

function funcOf(kernel: Kernel): KernelFunc {
  return ({ inputs, attrs }) => {
    const given = Object.values(inputs as Record<string, TensorInfo>);
    const operands = given.map((input) => ({ ...backend.of(input), shape: input.shape }));
    const made = kernel(operands, (attrs ?? {}) as unknown as Attributes);
    const dtype = made.dtype ?? given[0]?.dtype ?? "float32";
    return { dataId: backend.keep(made), shape: [...made.shape], dtype };
  };
}

/** The result has another shape; its element i is the one at `placeOf` its coordinates. */
function gathered(x: Operand, shape: readonly number[], placeOf: (coordinates: readonly number[]) => number): Operand {
  const coordinates = shape.map(() => 0);
  const places = new Int32Array(util.sizeFromShape([...shape]));
  for (let i = 0; i < places.length; i += 1) {
    places[i] = placeOf(coordinates);
    let axis = shape.length - 1;
    while (axis >= 0 && ++coordinates[axis]! === shape[axis]) coordinates[axis--] = 0;
  }
  const pick = (from: Float64Array) => Float64Array.from(places, (place) => from[place]!);
  return { values: pick(x.values), errors: pick(x.errors), shape };
}

function broadcast(x: Operand, shape: readonly number[]): Operand {
  if (util.arraysEqual([...x.shape], [...shape])) return x;
  const steps = util.computeStrides([...x.shape, 1]);
  const missing = shape.length - x.shape.length;
  const own = x.shape.map((length, axis) => (length === 1 ? 0 : steps[axis]!));
  return gathered(x, shape, (at) => own.reduce((place, step, axis) => place + step * at[axis + missing]!, 0));
}

function transposed(x: Operand, perm: readonly number[]): Operand {
  const steps = util.computeStrides([...x.shape, 1]);
  const shape = perm.map((axis) => x.shape[axis]!);
  return gathered(x, shape, (at) => perm.reduce((place, axis, i) => place + steps[axis]! * at[i]!, 0));
}

/** `fold` of the numbers along some axes. */
function reduced(
  x: Operand,
  { axis, reductionIndices, keepDims }: Attributes,
  fold: (x: Measured, length: number) => Measured,
): Operand {
  const axes = util.parseAxisParam((axis ?? reductionIndices ?? x.shape.map((_, i) => i)) as number[], [...x.shape]);
  const others = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const length = util.sizeFromShape(axes.map((i) => x.shape[i]!));
  const shape = x.shape.flatMap((n, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [n]));
  return { ...fold(transposed(x, [...others, ...axes]), length), shape };
}

function paired(name: keyof typeof PAIRINGS, [left, right]: readonly Operand[]): Operand {
  const shape = backend_util.assertAndGetBroadcastShape([...left!.shape], [...right!.shape]);
  const [a, b] = [broadcast(left!, shape), broadcast(right!, shape)];
  const { of, error, roundings }: Pairing = PAIRINGS[name];
  const one = (i: number) => {
    const [x, y] = [a.values[i]!, b.values[i]!];
    return [of(x, y), error(x, y, a.errors[i]!, b.errors[i]!)] as const;
  };
  return { ...measured(a.values.length, roundings, one), shape };
}

/** f of each number, to within so many roundings. */
const each =
  (roundings: number, f: (x: number, attributes: Attributes) => number): Kernel =>
  ([x], attributes) => ({ ...mapped(x!, roundings, (value) => f(value, attributes)), shape: x!.shape });

const number = (value: number): Operand => ({ ...exact([value]), shape: [] });

/** x − max x along the last axis, its exponential, and the sum of that. */
function exponentials(x: Operand): readonly [less: Operand, powers: Operand, total: Operand] {
  const attributes = { axis: x.shape.length - 1, keepDims: true } as Attributes;
  const less = paired("Sub", [x, reduced(x, attributes, largest)]);
  const powers = { ...mapped(less, FUNCTION, Math.exp), shape: x.shape };
  return [less, powers, reduced(powers, attributes, sums)];
}

/** Roundings of functions that are approximated. */
const FUNCTION = 4;
const RATIONAL = 16;

const KERNELS: Readonly<Record<string, Kernel>> = {
  ...Object.fromEntries(
    (Object.keys(PAIRINGS) as (keyof typeof PAIRINGS)[]).map((name): [string, Kernel] => {
      const isTruth = /^(Greater|Less|Equal|Logical)/.test(name);
      return [name, (inputs) => ({ ...paired(name, inputs), ...(isTruth && { dtype: "bool" }) })];
    }),
  ),
  Neg: each(0, (x) => -x),
  Abs: each(0, Math.abs),
  Relu: each(0, (x) => Math.max(0, x)),
  Step: each(0, (x, { alpha }) => (x > 0 ? 1 : alpha)),
  ClipByValue: each(1, (x, { clipValueMin, clipValueMax }) => Math.min(clipValueMax, Math.max(clipValueMin, x))),
  Square: each(1, (x) => x * x),
  Sqrt: each(1, Math.sqrt),
  Exp: each(FUNCTION, Math.exp),
  Log: each(FUNCTION, Math.log),
  Sigmoid: each(RATIONAL, (x) => 1 / (1 + Math.exp(-x))),
  Tanh: each(RATIONAL, Math.tanh),
  Erf: each(RATIONAL, erf),
  Elu: each(RATIONAL, (x) => (x > 0 ? x : Math.expm1(x))),
  LeakyRelu: each(2, (x, { alpha }) => (x > 0 ? x : alpha * x)),
  ZerosLike: each(0, () => 0),
  Identity: each(0, (x) => x),
  LogicalNot: ([x]) => ({ ...mapped(x!, 0, (value) => Number(value === 0)), shape: x!.shape, dtype: "bool" }),
  Cast: ([x], { dtype }) => ({ ...x!, dtype }),
  AddN: (inputs) => inputs.reduce((a, b) => paired("Add", [a, b])),
  EluGrad: ([dy, y]) => paired("Multiply", [dy!, { ...mapped(y!, 1, (x) => (x >= 0 ? 1 : x + 1)), shape: y!.shape }]),
  Select: ([condition, yes, no]) => ({
    ...chosen(condition!, yes!, no!),
    shape: yes!.shape,
    dtype: "float32",
  }),
  Sum: ([x], attributes) => reduced(x!, attributes, sums),
  Max: ([x], attributes) => reduced(x!, attributes, largest),
  Mean: ([x], attributes) => {
    const total = reduced(x!, attributes, sums);
    return paired("RealDiv", [total, number(x!.values.length / total.values.length)]);
  },
  Softmax: ([x]) => {
    const [, powers, total] = exponentials(x!);
    return paired("RealDiv", [powers, total]);
  },
  LogSoftmax: ([x]) => {
    const [less, , total] = exponentials(x!);
    return paired("Sub", [less, { ...mapped(total, FUNCTION, Math.log), shape: total.shape }]);
  },
  Reshape: ([x], { shape }) => ({ ...x!, shape: util.inferFromImplicitShape(shape, x!.values.length) }),
  ExpandDims: ([x], { dim }) => ({ ...x!, shape: x!.shape.toSpliced(dim < 0 ? dim + x!.shape.length + 1 : dim, 0, 1) }),
  Transpose: ([x], { perm }) => transposed(x!, perm),
  Tile: ([x], { reps }) => {
    const steps = util.computeStrides([...x!.shape, 1]);
    const shape = x!.shape.map((length, axis) => length * reps[axis]!);
    return gathered(x!, shape, (at) => at.reduce((place, i, axis) => place + steps[axis]! * (i % x!.shape[axis]!), 0));
  },
  Fill: (_, { shape, value }) => broadcast(number(value), shape),
};
