/**
 * Small models of ONNX for tests, written byte by byte: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
type Attribute = number | readonly number[];

export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Whole numbers; floats of `floats`. */
  readonly ints?: Readonly<Record<string, Attribute>>;
  readonly floats?: Readonly<Record<string, number>>;
}

export interface OnnxPort {
  readonly name: string;
  readonly type: "float32" | "int64";
  /** A name is of any length. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxWeights {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

export interface OnnxGraph {
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly weights: readonly OnnxWeights[];
  readonly nodes: readonly OnnxNode[];
}

const [FLOAT, INT64] = [1, 7];
const OPSET = 17;
const IR_VERSION = 8;

/** The bytes of a .onnx file. */
export function onnxFile({ inputs, outputs, weights, nodes }: OnnxGraph): Uint8Array {
  const graph = [
    ...nodes.map((node) => field(1, nodeOf(node))),
    field(2, text("graph")),
    ...weights.map((own) => field(5, weightsOf(own))),
    ...inputs.map((port) => field(11, portOf(port))),
    ...outputs.map((port) => field(12, portOf(port))),
  ];
  const opset = Buffer.concat([field(1, text("")), number(2, OPSET)]);
  return Buffer.concat([number(1, IR_VERSION), field(7, Buffer.concat(graph)), field(8, opset)]);
}

function nodeOf({ type, inputs, output, ints = {}, floats = {} }: OnnxNode): Buffer {
  const attributes = [
    ...Object.entries(ints).map(([name, value]) =>
      typeof value === "number"
        ? [field(1, text(name)), number(3, value), number(20, 2)]
        : [field(1, text(name)), ...value.map((one) => number(8, one)), number(20, 7)],
    ),
    ...Object.entries(floats).map(([name, value]) => [field(1, text(name)), float(2, value), number(20, 1)]),
  ];
  return Buffer.concat([
    ...inputs.map((name) => field(1, text(name))),
    field(2, text(output)),
    field(4, text(type)),
    ...attributes.map((parts) => field(5, Buffer.concat(parts))),
  ]);
}

function weightsOf({ name, shape, values }: OnnxWeights): Buffer {
  const type = values instanceof Float32Array ? FLOAT : INT64;
  const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return Buffer.concat([...shape.map((side) => number(1, side)), number(2, type), field(8, text(name)), field(9, raw)]);
}

function portOf({ name, type, shape }: OnnxPort): Buffer {
  const sides = shape.map((side) => field(1, typeof side === "number" ? number(1, side) : field(2, text(side))));
  const tensor = Buffer.concat([number(1, type === "float32" ? FLOAT : INT64), field(2, Buffer.concat(sides))]);
  return Buffer.concat([field(1, text(name)), field(2, field(1, tensor))]);
}

const text = (value: string) => Buffer.from(value);
const number = (place: number, value: number) => Buffer.concat([varint(place << 3), varint(value)]);
const field = (place: number, bytes: Uint8Array) =>
  Buffer.concat([varint((place << 3) | 2), varint(bytes.length), bytes]);

function float(place: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint((place << 3) | 5), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}
