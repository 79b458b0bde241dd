/**
 * ONNX's ModelProto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), as far as the engine needs it.
 */
import type { Attribute } from "./attribute.js";
import { ELEMENT_TYPES, type ElementArray, type ElementType } from "./element-type.js";
import { ProtobufWriter } from "./protobuf.js";
import type { GraphNode, TensorType, Value } from "./value.js";

const IR_VERSION = 10;
export const OPSET = 21;
export const KERNEL_DOMAIN = "ai.autodidact";

/** Inputs keep their order and names; outputs are named o0, o1, …; nodes that no output needs are left out. */
export function encodeModel(inputs: readonly Value[], outputs: readonly Value[]): Uint8Array {
  const graph = new ProtobufWriter();
  const constants = new Set<Value>();
  /** A computed output is named where it is made; inputs, constants and repeated outputs are copied. */
  const names = new Map<Value, string>();
  outputs.forEach((output, i) => {
    if (output.node && !names.has(output)) names.set(output, `o${i}`);
  });
  const nameOf = (value: Value) => names.get(value) ?? value.name;
  for (const node of neededNodes(outputs)) {
    for (const input of node.inputs) if (input?.constant) constants.add(input);
    graph.chunk(1, encodeNode(node, nameOf));
  }
  outputs.forEach((output, i) => {
    if (nameOf(output) === `o${i}`) return;
    if (output.constant) constants.add(output);
    const copy = {
      type: "Identity",
      domain: "",
      inputs: [output],
      attributes: {},
      outputs: [{ ...output, name: `o${i}` }],
    };
    graph.chunk(1, encodeNode(copy, nameOf));
  });
  graph.chunk(2, "step");
  for (const constant of constants) graph.chunk(5, encodeTensor(constant.name, constant, constant.constant!));
  for (const input of inputs) graph.chunk(11, encodeValueInfo(input.name, input));
  for (const [i, output] of outputs.entries()) graph.chunk(12, encodeValueInfo(`o${i}`, output));

  const opset = (domain: string, version: number) => new ProtobufWriter().chunk(1, domain).integer(2, version);
  return new ProtobufWriter()
    .integer(1, IR_VERSION)
    .chunk(2, "autodidact")
    .chunk(7, graph)
    .chunk(8, opset("", OPSET))
    .chunk(8, opset("com.microsoft", 1))
    .chunk(8, opset(KERNEL_DOMAIN, 1))
    .finish();
}

/** Gives the nodes in an order in which each follows those it reads from. */
export function neededNodes(outputs: readonly Value[]): GraphNode[] {
  const ordered: GraphNode[] = [];
  const seen = new Set<GraphNode>();
  const stack: { node: GraphNode; next: number }[] = [];
  const visit = (value: Value | undefined) => {
    if (!value?.node || seen.has(value.node)) return;
    seen.add(value.node);
    stack.push({ node: value.node, next: 0 });
  };
  for (const output of outputs) {
    visit(output);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      if (top.next < top.node.inputs.length) visit(top.node.inputs[top.next++]);
      else ordered.push(stack.pop()!.node);
    }
  }
  return ordered;
}

function encodeNode(node: GraphNode, nameOf: (value: Value) => string): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const input of node.inputs) writer.chunk(1, input ? nameOf(input) : "");
  for (const output of node.outputs) writer.chunk(2, nameOf(output));
  writer.chunk(4, node.type);
  for (const [name, value] of Object.entries(node.attributes)) writer.chunk(5, encodeAttribute(name, value));
  if (node.domain) writer.chunk(7, node.domain);
  return writer;
}

const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_FLOATS = 6;
const ATTRIBUTE_INTS = 7;

function encodeAttribute(name: string, value: Attribute): ProtobufWriter {
  const writer = new ProtobufWriter().chunk(1, name);
  if (typeof value === "number") return writer.integer(3, value).integer(20, ATTRIBUTE_INT);
  if (typeof value === "string") {
    return value in ELEMENT_TYPES
      ? writer.integer(3, ELEMENT_TYPES[value as ElementType]).integer(20, ATTRIBUTE_INT)
      : writer.chunk(4, value).integer(20, ATTRIBUTE_STRING);
  }
  if ("float" in value) return writer.float(2, value.float).integer(20, ATTRIBUTE_FLOAT);
  if ("floats" in value) {
    for (const number of value.floats) writer.float(7, number);
    return writer.integer(20, ATTRIBUTE_FLOATS);
  }
  for (const number of value) writer.integer(8, number);
  return writer.integer(20, ATTRIBUTE_INTS);
}

function encodeTensor(name: string, { shape, type }: TensorType, elements: ElementArray): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const length of shape) writer.integer(1, length);
  return writer
    .integer(2, ELEMENT_TYPES[type])
    .chunk(8, name)
    .chunk(9, new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength));
}

function encodeValueInfo(name: string, { shape, type }: TensorType): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const length of shape) dimensions.chunk(1, new ProtobufWriter().integer(1, length));
  const tensor = new ProtobufWriter().integer(1, ELEMENT_TYPES[type]).chunk(2, dimensions);
  return new ProtobufWriter().chunk(1, name).chunk(2, new ProtobufWriter().chunk(1, tensor));
}
