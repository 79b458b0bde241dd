/**
 * Programs that join a product they read: they go over its rows while those are in the cache, and a product that nobody else reads
 * never reaches memory. An activation, a residual, a norm and their gradients are such programs.
 */

import { KERNEL_DOMAIN } from "../onnx/model.js";
import { sizeOf } from "../onnx/shape.js";
import type { GraphNode, Value } from "../onnx/value.js";
import { type Cluster, hasSpace } from "./cluster.js";
import type { Grouping } from "./grouping.js";
import { type Program, writeProgram } from "./program.js";
import type { Demand } from "./recomputing.js";
import type { Leaf, Term } from "./term.js";

/** A cluster's program over a product. */
export interface Joined {
  readonly node: GraphNode;
  readonly program: Program;
  /** Which of the program's inputs is the product. */
  readonly input: number;
  /** Others read the product, too. */
  readonly isKept: boolean;
}

/** A task holds some whole rows. */
const LONGEST_ROW = 4096;
/** Rows that give every thread its tasks; products of fewer multiply-adds are one task's anyway. */
const FEWEST_ROWS = 192;
const SMALL = 2 ** 18;
/** A task holds whole matrices of a stack: so many are enough for all threads, and those of so many elements stay in the caches. */
const FEWEST = 8;
const LARGEST = 2 ** 16;

/** `opaque` are the nodes that are no program's. */
export function joinProducts(
  grouping: Grouping,
  demand: Demand,
  opaque: readonly GraphNode[],
  outputs: readonly Value[],
): Map<Cluster, Joined> {
  const isReadOutside = readers(opaque, outputs);
  const joined = new Map<Cluster, Joined>();
  const taken = new Set<GraphNode>();
  for (const cluster of grouping.clusters) {
    const isFree = (term: Term): term is Leaf => isProduct(term, cluster) && !taken.has(term.value.node!);
    const products = [...demand.loads(cluster)].filter(isFree);
    const isKept = (term: Leaf) => isReadOutside(term.value) || demand.consumers(term).length > 1;
    // A product that nobody else reads is worth more.
    for (const product of products.sort((a, b) => Number(isKept(a)) - Number(isKept(b)))) {
      const node = product.value.node!;
      const found = programOver(product, cluster, demand);
      if (!found || !grouping.absorb(node, cluster)) continue;
      joined.set(cluster, { node, ...found, isKept: isKept(product) });
      taken.add(node);
      break;
    }
  }
  return joined;
}

/** Tells whether something that is no program reads a value, itself or reshaped. */
function readers(opaque: readonly GraphNode[], outputs: readonly Value[]): (value: Value) => boolean {
  const isReshape = ({ type, domain }: GraphNode) => type === "Reshape" && domain === "";
  const source = (value: Value): Value => (value.node && isReshape(value.node) ? source(value.node.inputs[0]!) : value);
  const read = new Set<Value>(outputs.map(source));
  for (const node of opaque) {
    if (isReshape(node)) continue;
    for (const input of node.inputs) if (input) read.add(source(input));
  }
  return (value) => read.has(value);
}

/** A product, or a stack of them, whose rows lie behind one another and make the cluster's space. */
function isProduct(term: Term, { space }: Cluster): term is Leaf {
  if (term.kind !== "leaf" || term.size !== space) return false;
  const { node } = term.value;
  if (node?.type !== "MatMul" || node.domain !== KERNEL_DOMAIN || node.outputs.length > 1) return false;
  const { rows, columns, inner, row, left_inner: step } = node.attributes as Record<string, number>;
  const { stack, result_stack: steps } = node.attributes as Record<string, readonly number[]>;
  const size = rows! * columns!;
  const isGapless = row === columns && stack!.every((_, i) => steps![i] === size * sizeOf(stack!.slice(i + 1)));
  if (!isGapless || step !== 1 || space === columns || columns! > LONGEST_ROW) return false;
  const count = sizeOf(stack!);
  return space * inner! < SMALL || (count === 1 ? rows! >= FEWEST_ROWS : count >= FEWEST && size <= LARGEST);
}

/** The cluster's program, whose rows are the product's; undefined where they are not, or where it reads the product twice. */
function programOver(product: Leaf, cluster: Cluster, demand: Demand) {
  const columns = Number(product.value.node!.attributes.columns);
  if (!hasSpace(cluster, [columns])) return undefined;
  const program = writeProgram(cluster, demand.live(cluster), demand.stored(cluster), columns);
  const input = program.inputs.indexOf(product);
  if (program.axes.at(-1) !== columns || program.segments !== 1 || program.inputs.lastIndexOf(product) !== input)
    return undefined;
  return isWhole(program, input) ? { program, input } : undefined;
}

/** Tells whether an input lies as the space itself. */
function isWhole({ axes, strides }: Program, input: number): boolean {
  let wanted = 1;
  for (let axis = axes.length - 1; axis >= 0; axis -= 1) {
    if (axes[axis] !== 1 && strides[input * axes.length + axis] !== wanted) return false;
    wanted *= axes[axis]!;
  }
  return true;
}
