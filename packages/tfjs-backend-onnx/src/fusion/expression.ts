/** What fused programs can compute is read from the graph here: which nodes are terms, and of what. */

import { floatOf } from "../onnx/attribute.js";
import type { ElementType } from "../onnx/element-type.js";
import { sizeOf } from "../onnx/shape.js";
import type { GraphNode, Value } from "../onnx/value.js";
import { broadcastLayout, reducedLayout } from "./layout.js";
import { BINARY, type Opcode, REDUCTIONS, UNARY } from "./opcodes.js";
import type { Elementwise, Leaf, Operand, Reduction, Term } from "./term.js";

/** Rows of more elements are not kept whole. */
const LONGEST_ROW = 32_768;
/** A sum over so few elements is that of one row, and can be used by its own program. */
const SMALL = 4096;
const EXACT = 2 ** 24;

const READABLE: readonly ElementType[] = ["float32", "int32", "bool", "uint8"];

/** A term seen with a shape. */
interface View {
  readonly term: Term;
  readonly shape: readonly number[];
}
type Reading = View | number;

/** Reads terms out of a graph, each node once. */
export class Expressions {
  /** These are all terms but leaves. */
  readonly terms: Term[] = [];
  private readonly views = new Map<Value, View>();
  private readonly leaves = new Map<Value, Leaf>();
  private readonly nodes = new Set<GraphNode>();
  private origin: GraphNode | undefined;

  /** The term behind a value: a leaf unless its node was `read`. */
  term(value: Value): Term {
    return this.views.get(value)?.term ?? this.leaf(value);
  }

  /** Tells whether programs can compute the node; if so, its terms are there from now on. Nodes come after those they read. */
  read(node: GraphNode): boolean {
    const [result] = node.outputs;
    if (
      node.domain !== "" ||
      node.outputs.length !== 1 ||
      !READABLE.includes(result!.type) ||
      sizeOf(result!.shape) === 0
    )
      return false;
    if (node.inputs.every((input) => !input || input.uniform !== undefined || input.type === "int64")) return false;
    this.origin = node;
    const count = this.terms.length;
    const view = this.translate(node, result!);
    if (!view) this.terms.length = count;
    else {
      this.views.set(result!, { term: view.term, shape: result!.shape });
      this.nodes.add(node);
    }
    return view !== undefined;
  }

  isRead(node: GraphNode): boolean {
    return this.nodes.has(node);
  }

  private translate(node: GraphNode, result: Value): View | undefined {
    const [a, b, c] = node.inputs;
    const { type, attributes } = node;
    if (type === "Reshape" || type === "Identity") return this.reshaped(a!, result);
    if (type === "Cast") return this.cast(a!, result);
    if (REDUCTIONS[type]) return this.reduction(node, a!, result);
    if (type === "MatMul") return this.rowProducts(a!, b!, result);
    if (node.inputs.some((input) => input && !READABLE.includes(input.type))) {
      if (type !== "Expand") return undefined;
    }
    const isComparison = ["Less", "Greater", "Equal", "LessOrEqual", "GreaterOrEqual"].includes(type);
    const floats = node.inputs.every((input) => input?.type !== "int32");
    if (!floats && type !== "Expand" && type !== "Where" && !(isComparison && this.comparesExactly(a!, b!)))
      return undefined;
    if (type === "Expand") {
      if (a!.type === "int32" && !this.isExact(a!)) return undefined;
      return this.make("Copy", result.shape, result.type, this.reading(a!));
    }
    if (type === "Where") {
      if (result.type === "int32" && ![b!, c!].every((value) => this.isExact(value))) return undefined;
      return this.make("Where", result.shape, result.type, this.reading(a!), this.reading(b!), this.reading(c!));
    }
    if (type === "Pow") return this.power(this.reading(a!), b!, result);
    if (BINARY[type]) {
      if (node.inputs.length !== 2) return undefined;
      return this.make(BINARY[type], result.shape, result.type, this.reading(a!), this.reading(b!));
    }
    if (UNARY[type] && node.inputs.length === 1 && Object.keys(attributes).length === 0) {
      return this.make(UNARY[type], result.shape, result.type, this.reading(a!));
    }
    if (result.type !== "float32") return undefined;
    return this.activation(node, this.reading(a!), result.shape);
  }

  private activation(node: GraphNode, x: Reading, shape: readonly number[]): View | undefined {
    const make = (opcode: Opcode, ...operands: Reading[]) => this.make(opcode, shape, "float32", ...operands);
    const attribute = (name: string, otherwise: number) => floatOf(node.attributes[name], otherwise);
    switch (node.type) {
      case "Relu":
        return make("Max", x, 0);
      case "Clip": {
        const [, low, high] = node.inputs;
        if ((low && low.uniform === undefined) || (high && high.uniform === undefined)) return undefined;
        const above = low ? make("Max", x, low.uniform!) : x;
        return high ? make("Min", above, high.uniform!) : (above as View);
      }
      case "LeakyRelu":
        return make("Where", make("Less", x, 0), make("Mul", x, attribute("alpha", 0.01)), x);
      case "PRelu":
        return make("Where", make("Less", x, 0), make("Mul", x, this.reading(node.inputs[1]!)), x);
      case "Elu":
      case "Selu": {
        const t = make("Tanh", make("Mul", x, 0.5));
        const lessOne = make("Div", make("Add", t, t), make("Sub", 1, t)); // exp(x) − 1, near zero to all digits
        const below = make("Mul", lessOne, attribute("alpha", 1));
        const curve = make("Where", make("Less", x, 0), below, x);
        return node.type === "Elu" ? curve : make("Mul", curve, attribute("gamma", 1));
      }
      case "Softmax":
      case "LogSoftmax":
        return this.softmax(node, x, shape);
    }
    return undefined;
  }

  /** x − max x, then eˣ / Σ eˣ, or less log Σ eˣ. */
  private softmax(node: GraphNode, x: Reading, shape: readonly number[]): View | undefined {
    const axis = Number(node.attributes.axis);
    const columns = shape.at(-1) ?? 1;
    if ((axis !== -1 && axis !== shape.length - 1) || columns > LONGEST_ROW || columns === 1) return undefined;
    if (typeof x === "number") return undefined;
    const make = (opcode: Opcode, ...operands: Reading[]) => this.make(opcode, shape, "float32", ...operands);
    const last = [shape.length - 1];
    const shifted = make("Sub", x, this.reduce("RowMax", x, last, 1, true)!);
    const exponentials = make("Exp", shifted);
    const sums = this.reduce("RowSum", exponentials, last, 1, true)!;
    if (node.type === "Softmax") {
      const inverse = this.make("Reciprocal", sums.shape, "float32", sums);
      return make("Mul", exponentials, inverse);
    }
    return make("Sub", shifted, this.make("Log", sums.shape, "float32", sums));
  }

  private power(x: Reading, exponent: Value, result: Value): View | undefined {
    const make = (opcode: Opcode, ...operands: Reading[]) => this.make(opcode, result.shape, "float32", ...operands);
    switch (exponent.uniform) {
      case 1:
        return make("Copy", x);
      case 2:
        return make("Mul", x, x);
      case 3:
        return make("Mul", make("Mul", x, x), x);
      case 4: {
        const square = make("Mul", x, x);
        return make("Mul", square, square);
      }
      case -1:
        return make("Reciprocal", x);
    }
    return make("Pow", x, this.reading(exponent));
  }

  private reshaped(x: Value, result: Value): View | undefined {
    const reading = this.reading(x);
    if (typeof reading === "number" || reading.term.kind === "leaf") return undefined;
    return { term: reading.term, shape: result.shape };
  }

  private cast(x: Value, result: Value): View | undefined {
    if (!READABLE.includes(x.type) || x.uniform !== undefined) return undefined;
    const make = (opcode: Opcode) => this.make(opcode, result.shape, result.type, this.reading(x));
    if (result.type === "bool") return make("Truth");
    if (result.type === "float32") return make("Copy");
    if (result.type === "int32" && x.type === "float32") return make("Truncate");
    return result.type === "int32" && x.type === "bool" ? make("Copy") : undefined;
  }

  private reduction(node: GraphNode, x: Value, result: Value): View | undefined {
    const axes = node.inputs[1]?.constant;
    if (x.type !== "float32" || x.uniform !== undefined || !axes || sizeOf(x.shape) === 0) return undefined;
    const list = Array.from(axes as ArrayLike<number | bigint>, Number);
    const opcode = REDUCTIONS[node.type]!;
    const scale = node.type === "ReduceMean" ? sizeOf(result.shape) / sizeOf(x.shape) : 1;
    const reduced = this.reduce(opcode, this.reading(x) as View, list, scale);
    return reduced && { term: reduced.term, shape: result.shape };
  }

  /** A product with one column is a sum over each row. */
  private rowProducts(a: Value, b: Value, result: Value): View | undefined {
    if (b.shape.length !== 2 || b.shape[1] !== 1 || a.type !== "float32") return undefined;
    const [columns] = b.shape;
    if (
      a.shape.length < 2 ||
      columns === 1 ||
      columns! > LONGEST_ROW ||
      b.uniform !== undefined ||
      a.uniform !== undefined
    )
      return undefined;
    const weight = { term: this.term(b), shape: [columns!] };
    const product = this.make("Mul", a.shape, "float32", this.reading(a), weight);
    const sums = this.reduce("RowSum", product, [a.shape.length - 1], 1);
    return sums && { term: sums.term, shape: result.shape };
  }

  /** The result keeps its axes, with length 1. `isOneRow`: a sum over everything is taken as that of one row. */
  private reduce(
    opcode: Reduction["opcode"],
    x: View,
    axes: readonly number[],
    scale: number,
    isOneRow = sizeOf(x.shape) <= SMALL,
  ): View | undefined {
    const layout = reducedLayout(x.shape, axes);
    const shape = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
    const space = sizeOf(x.shape);
    const pattern = layout.map(({ repeated }) => (repeated ? "r" : "k")).join("");
    const make = (over: Reduction["over"], columns: number, segments: number): View => {
      const size = over === "row" ? space / columns : over === "rows" ? segments * columns : 1;
      const operand = { term: x.term, layout: [{ length: space, repeated: false }] };
      const reduction = { kind: "reduction", over, opcode, operand, space, columns, segments, scale } as const;
      const term: Reduction = { ...reduction, size, type: "float32", order: this.terms.length, origin: this.origin };
      this.terms.push(term);
      return { term, shape };
    };
    const isSum = opcode === "RowSum";
    switch (pattern) {
      case "r":
        if (isOneRow) return make("row", space, 1);
        return isSum ? make("all", 1, 1) : undefined;
      case "kr":
        return layout[1]!.length <= LONGEST_ROW ? make("row", layout[1]!.length, 1) : undefined;
      case "rk":
        return isSum ? make("rows", layout[1]!.length, 1) : undefined;
      case "krk":
        return isSum ? make("rows", layout[2]!.length, layout[0]!.length) : undefined;
      case "rkr": {
        if (!isSum || layout[2]!.length > LONGEST_ROW) return undefined;
        const first = make("row", layout[2]!.length, 1);
        const rest = { term: first.term, shape: [layout[0]!.length, layout[1]!.length] };
        const { term } = this.reduce(opcode, rest, [0], 1)!;
        return { term, shape };
      }
    }
    return undefined;
  }

  private make(opcode: Opcode, shape: readonly number[], type: ElementType, ...readings: Reading[]): View {
    const operands = readings.map((reading): Operand => {
      if (typeof reading === "number") return reading;
      return { term: reading.term, layout: broadcastLayout(reading.shape, shape) };
    });
    const term: Elementwise = {
      kind: "elementwise",
      opcode,
      operands,
      size: sizeOf(shape),
      type,
      order: this.terms.length,
      origin: this.origin,
    };
    this.terms.push(term);
    return { term, shape };
  }

  private reading(value: Value): Reading {
    if (value.uniform !== undefined) return value.uniform;
    return this.views.get(value) ?? { term: this.leaf(value), shape: value.shape };
  }

  /** Reshaped inputs are the inputs. */
  private leaf(value: Value): Leaf {
    const source = value.node?.type === "Reshape" && !this.isRead(value.node) ? value.node.inputs[0]! : value;
    if (source !== value && !this.views.has(source)) return this.leaf(source);
    const known = this.leaves.get(value);
    if (known) return known;
    const leaf: Leaf = { kind: "leaf", value, size: sizeOf(value.shape), type: value.type, order: -1 };
    this.leaves.set(value, leaf);
    return leaf;
  }

  /** Floats hold the integers exactly. */
  private isExact(value: Value): boolean {
    if (value.type !== "int32") return true;
    if (value.constant) return (value.constant as Int32Array).every((element) => Math.abs(element) < EXACT);
    if (value.uniform !== undefined) return Math.abs(value.uniform) < EXACT;
    const view = this.views.get(value);
    return view !== undefined && view.term.kind !== "leaf";
  }

  /** Rounding the one cannot carry it over the other where that is exact. */
  private comparesExactly(a: Value, b: Value): boolean {
    const isSmall = (value: Value) => value.constant !== undefined && this.isExact(value);
    return isSmall(a) || isSmall(b) || (this.isExact(a) && this.isExact(b));
  }
}
