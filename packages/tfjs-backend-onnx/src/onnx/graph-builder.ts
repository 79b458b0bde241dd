/**
 * Writes one ONNX graph, simplified as it is written: equal nodes are one node, transposes and reshapes fold,
 * casts to the same type and multiplications by one vanish, uniform tensors stay a number as long as they can.
 * A node that no output needs is never written.
 */

import type { Attribute } from "./attribute.js";
import { type ElementArray, type ElementType, elementArray } from "./element-type.js";
import { encodeModel } from "./model.js";
import type { NodeWriter } from "./node-writer.js";
import { columnSum, rowwise } from "./row-folding.js";
import { broadcastShape, reducedShape, sameShape, sizeOf } from "./shape.js";
import type { GraphNode, TensorType, Value } from "./value.js";
import { joinedView } from "./view.js";

/** What is calculated while the graph is written, where both operands are numbers. */
const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
};

export class GraphBuilder implements NodeWriter {
  private readonly nodes = new Map<string, GraphNode>();
  private readonly constants = new Map<string, Value>();
  private readonly inputs: Value[] = [];
  private names = 0;
  /** The graph may use the operators of @autodidact/kernels. */
  readonly kernels: boolean;

  constructor({ kernels = false }: { kernels?: boolean } = {}) {
    this.kernels = kernels;
  }

  /** A tensor that each run is given. */
  input(type: TensorType): Value {
    const value = { ...type, name: `i${this.inputs.length}` };
    this.inputs.push(value);
    return value;
  }

  /** Elements written into the model; meant for small tensors (indices, axes, tables). */
  constant(values: ArrayLike<number> | ElementArray, shape: readonly number[], type: ElementType): Value {
    const elements = values instanceof BigInt64Array ? values : elementArray(values as ArrayLike<number>, type);
    const key = `${type}[${shape}]${Buffer.from(elements.buffer, elements.byteOffset, elements.byteLength).toString("base64")}`;
    const known = this.constants.get(key);
    if (known) return known;
    const first = elements.length > 0 ? elements[0] : undefined;
    const uniform =
      first !== undefined && (elements as Float32Array).every((value) => Object.is(value, first))
        ? Number(first)
        : undefined;
    const value: Value = { name: `c${this.names++}`, shape, type, constant: elements, uniform };
    this.constants.set(key, value);
    return value;
  }

  scalar(value: number, type: ElementType): Value {
    return this.constant([value], [], type);
  }

  /** A tensor whose elements are all `value`; written as one number wherever broadcasting allows. */
  uniform(value: number, shape: readonly number[], type: ElementType): Value {
    if (sizeOf(shape) === 1) return this.constant([value], shape, type);
    const [filled] = this.op("Expand", [this.scalar(value, type), this.shapeConstant(shape)], {}, [{ shape, type }]);
    return Object.assign(filled!, { uniform: Number(elementArray([value], type)[0]) });
  }

  /** An int64 vector: ONNX wants shapes, axes, starts and repeats so. */
  shapeConstant(values: readonly number[]): Value {
    return this.constant(values, [values.length], "int64");
  }

  /** Writes any ONNX node. The caller states the types of its outputs; an equal node written before is reused. */
  op(
    type: string,
    inputs: readonly (Value | undefined)[],
    attributes: Readonly<Record<string, Attribute>>,
    outputs: readonly TensorType[],
    domain = "",
  ): Value[] {
    const key = `${domain}:${type}(${inputs.map((input) => input?.name ?? "").join()})${JSON.stringify(attributes)}`;
    const known = this.nodes.get(key);
    if (known) return known.outputs;
    const node: GraphNode = { type, domain, inputs, attributes, outputs: [] };
    for (const { shape, type } of outputs) node.outputs.push({ shape, type, name: `t${this.names++}`, node });
    this.nodes.set(key, node);
    return node.outputs;
  }

  /** An ONNX node with one output. */
  one(
    type: string,
    inputs: readonly (Value | undefined)[],
    attributes: Readonly<Record<string, Attribute>>,
    output: TensorType,
  ): Value {
    return this.op(type, inputs, attributes, [output])[0]!;
  }

  /** Writes an elementwise ONNX node of one input. Shape and, unless told, type are the input's; an Expand moves behind it. */
  unary(
    type: string,
    x: Value,
    attributes: Readonly<Record<string, Attribute>> = {},
    result: ElementType = x.type,
  ): Value {
    const narrow = this.beforeExpand(x);
    return this.expand(this.one(type, [narrow], attributes, { shape: narrow.shape, type: result }), x.shape);
  }

  /** Writes an elementwise ONNX node of two inputs of one type, broadcast; an Expand that broadcasting cannot replace moves behind it. */
  binary(type: string, a: Value, b: Value, result: ElementType = a.type): Value {
    const shape = broadcastShape(a.shape, b.shape);
    const calculate = ARITHMETIC[type];
    if (calculate && a.uniform !== undefined && b.uniform !== undefined && a.type === "float32") {
      return this.uniform(Math.fround(calculate(a.uniform, b.uniform)), shape, a.type);
    }
    const operands = [this.beforeExpand(a), this.beforeExpand(b)] as const;
    if (this.kernels) {
      const narrow = broadcastShape(operands[0].shape, operands[1].shape);
      return this.expand(this.one(type, operands, {}, { shape: narrow, type: result }), shape);
    }
    return this.expand(rowwise(this, type, ...operands, result), shape);
  }

  add(a: Value, b: Value): Value {
    const shape = broadcastShape(a.shape, b.shape);
    if (b.uniform === 0) return this.expand(a, shape);
    if (a.uniform === 0) return this.expand(b, shape);
    return this.binary("Add", a, b);
  }

  sub(a: Value, b: Value): Value {
    if (b.uniform === 0) return this.expand(a, broadcastShape(a.shape, b.shape));
    return this.binary("Sub", a, b);
  }

  mul(a: Value, b: Value): Value {
    const shape = broadcastShape(a.shape, b.shape);
    if (b.uniform === 1) return this.expand(a, shape);
    if (a.uniform === 1) return this.expand(b, shape);
    return this.binary("Mul", a, b);
  }

  div(a: Value, b: Value): Value {
    if (b.uniform === 1) return this.expand(a, broadcastShape(a.shape, b.shape));
    return this.binary("Div", a, b);
  }

  neg(x: Value): Value {
    if (x.uniform !== undefined && x.type === "float32") return this.uniform(-x.uniform, x.shape, x.type);
    return this.unary("Neg", x);
  }

  where(condition: Value, a: Value, b: Value): Value {
    const operands = [condition, a, b].map((operand) => this.beforeExpand(operand));
    const shape = [condition, a, b].reduce<readonly number[]>((all, operand) => broadcastShape(all, operand.shape), []);
    const narrow = operands.reduce<readonly number[]>((all, operand) => broadcastShape(all, operand.shape), []);
    return this.expand(this.one("Where", operands, {}, { shape: narrow, type: a.type }), shape);
  }

  /** Writes ONNX's Cast: floats are cut towards zero on their way to integers, and NaN becomes what ONNX Runtime makes of it. */
  cast(x: Value, type: ElementType): Value {
    if (x.type === type) return x;
    if (x.uniform !== undefined && Number.isFinite(x.uniform))
      return this.uniform(type === "bool" ? Number(x.uniform !== 0) : x.uniform, x.shape, type);
    const source = x.node?.type === "Cast" ? x.node.inputs[0]! : x;
    if (source !== x && (source.type === "bool" || source.type === "uint8")) return this.cast(source, type);
    return this.unary("Cast", x, { to: type }, type);
  }

  reshape(x: Value, shape: readonly number[]): Value {
    if (sameShape(x.shape, shape)) return x;
    if (x.constant) return this.constant(x.constant, shape, x.type);
    if (x.uniform !== undefined) return this.uniform(x.uniform, shape, x.type);
    if (x.node?.type === "Reshape") return this.reshape(x.node.inputs[0]!, shape);
    // Written in full (allowzero = 1) so that empty tensors keep their shape.
    return this.one("Reshape", [x, this.shapeConstant(shape)], { allowzero: 1 }, { shape, type: x.type });
  }

  transpose(x: Value, permutation: readonly number[]): Value {
    if (permutation.every((axis, i) => axis === i)) return x;
    const shape = permutation.map((axis) => x.shape[axis]!);
    if (x.uniform !== undefined) return this.uniform(x.uniform, shape, x.type);
    if (x.node?.type === "Transpose") {
      const inner = x.node.attributes.perm as readonly number[];
      return this.transpose(
        x.node.inputs[0]!,
        permutation.map((axis) => inner[axis]!),
      );
    }
    // To move axes of length one alone is a reshape.
    const moved = permutation.filter((axis) => x.shape[axis] !== 1);
    if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]!)) return this.reshape(x, shape);
    return this.one("Transpose", [x], { perm: permutation }, { shape, type: x.type });
  }

  expand(x: Value, shape: readonly number[]): Value {
    if (sameShape(x.shape, shape)) return x;
    if (x.uniform !== undefined) return this.uniform(x.uniform, shape, x.type);
    return this.one("Expand", [this.beforeExpand(x), this.shapeConstant(shape)], {}, { shape, type: x.type });
  }

  /** ReduceSum, ReduceMean, ReduceMax, ReduceMin, ReduceProd … over normalised axes (onnx/shape.ts). */
  reduce(type: string, x: Value, axes: readonly number[], keepDims: boolean, result: ElementType = x.type): Value {
    const shape = reducedShape(x.shape, axes, keepDims);
    if (axes.length === 0) return x;
    // ONNX Runtime leaves sums over nothing unwritten.
    if (sizeOf(x.shape) === 0 && type === "ReduceSum") return this.uniform(0, shape, result);
    if (sizeOf(x.shape) > 0) {
      if (axes.every((axis) => x.shape[axis] === 1)) return this.cast(this.reshape(x, shape), result);
      if (type === "ReduceSum" && x.uniform !== undefined && x.type === "float32") {
        return this.uniform(Math.fround(x.uniform * axes.reduce((n, axis) => n * x.shape[axis]!, 1)), shape, result);
      }
    }
    const isSum = type === "ReduceSum" || type === "ReduceMean";
    const sum = isSum && !this.kernels ? columnSum(this, x, axes) : undefined;
    if (sum) {
      const rows = sizeOf(x.shape) / sizeOf(sum.shape);
      return this.reshape(type === "ReduceSum" ? sum : this.mul(sum, this.scalar(1 / rows, x.type)), shape);
    }
    return this.one(type, [x, this.shapeConstant(axes)], { keepdims: keepDims ? 1 : 0 }, { shape, type: result });
  }

  /** ONNX's MatMul: [..., m, k] · [..., k, n], leading axes broadcast. */
  matMul(a: Value, b: Value): Value {
    const lead = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const shape = [...lead, a.shape.at(-2)!, b.shape.at(-1)!];
    if (a.shape.at(-1) === 0) return this.uniform(0, shape, a.type); // ONNX Runtime leaves stacks of such products unwritten
    return this.one("MatMul", [a, b], {}, { shape, type: a.type });
  }

  concat(values: readonly Value[], axis: number): Value {
    if (values.length === 1) return values[0]!;
    const whole = joinedView(this, values, axis);
    if (whole) return whole;
    const shape = values[0]!.shape.map((length, i) =>
      i === axis ? values.reduce((sum, value) => sum + value.shape[axis]!, 0) : length,
    );
    return this.one("Concat", values, { axis }, { shape, type: values[0]!.type });
  }

  /** Takes the elements begin, begin + step … of each axis, `size` of them; steps may be negative. */
  slice(
    x: Value,
    begin: readonly number[],
    size: readonly number[],
    steps: readonly number[] = begin.map(() => 1),
  ): Value {
    const axes = x.shape
      .map((_, axis) => axis)
      .filter((axis) => steps[axis] !== 1 || begin[axis] !== 0 || size[axis] !== x.shape[axis]);
    if (axes.length === 0) return x;
    if (x.uniform !== undefined) return this.uniform(x.uniform, size, x.type);
    const end = axes.map((axis) => {
      const last = begin[axis]! + size[axis]! * steps[axis]!;
      return last < 0 ? -(2 ** 31) : last; // a negative end would count from the back
    });
    const pick = (list: readonly number[]) => this.shapeConstant(axes.map((axis) => list[axis]!));
    return this.one(
      "Slice",
      [x, pick(begin), this.shapeConstant(end), this.shapeConstant(axes), pick(steps)],
      {},
      { shape: size, type: x.type },
    );
  }

  /** mode: constant, reflect, edge. */
  pad(
    x: Value,
    before: readonly number[],
    after: readonly number[],
    mode: "constant" | "reflect" | "edge" = "constant",
    value = 0,
  ): Value {
    if ([...before, ...after].every((n) => n === 0)) return x;
    const shape = x.shape.map((length, axis) => before[axis]! + length + after[axis]!);
    const fill = mode === "constant" ? this.scalar(value, x.type) : undefined;
    return this.one("Pad", [x, this.shapeConstant([...before, ...after]), fill], { mode }, { shape, type: x.type });
  }

  /** ONNX's Gather along one axis; the indices (int32) keep their shape inside the result's. */
  gather(x: Value, indices: Value, axis: number): Value {
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return this.one("Gather", [x, indices], { axis }, { shape, type: x.type });
  }

  /** The model's bytes hold only what the outputs need. Outputs are named o0, o1, … */
  encode(outputs: readonly Value[]): Uint8Array {
    return encodeModel(this.inputs, outputs);
  }

  /** The tensor that an Expand or a uniform tensor repeats. */
  private beforeExpand(value: Value): Value {
    if (value.uniform !== undefined && sizeOf(value.shape) !== 1) return this.scalar(value.uniform, value.type);
    return value.node?.type === "Expand" ? value.node.inputs[0]! : value;
  }
}
