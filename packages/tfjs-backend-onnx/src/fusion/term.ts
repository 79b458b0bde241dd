/**
 * Terms of fused programs: elementwise ones and reductions, each over a space of so many elements. Reshapes vanish, because a
 * space has no shape.
 */
import type { ElementType } from "../onnx/element-type.js";
import type { GraphNode, Value } from "../onnx/value.js";
import { boundaries, type Layout } from "./layout.js";
import type { Opcode } from "./opcodes.js";

export type Term = Leaf | Elementwise | Reduction;

interface Common {
  /** The result has so many elements. */
  readonly size: number;
  readonly type: ElementType;
  /** Terms are numbered as they were read: operands come first. */
  readonly order: number;
  /** The node it was read from; several terms may share one. */
  readonly origin?: GraphNode;
}

/** A tensor that something else makes. */
export interface Leaf extends Common {
  readonly kind: "leaf";
  readonly value: Value;
}

export interface Elementwise extends Common {
  readonly kind: "elementwise";
  readonly opcode: Opcode;
  readonly operands: readonly Operand[];
}

export interface Reduction extends Common {
  readonly kind: "reduction";
  /** It goes over the elements of each row, over rows, or over everything. */
  readonly over: "row" | "rows" | "all";
  readonly opcode: "RowSum" | "RowMax" | "RowMin";
  readonly operand: Operand;
  /** Elements of the operand's space. */
  readonly space: number;
  readonly columns: number;
  /** Stretches of rows that are summed apart. */
  readonly segments: number;
  /** What the sum is multiplied by. */
  readonly scale: number;
}

/** A number, or a term with its layout over the space that reads it. */
export type Operand = number | { readonly term: Term; readonly layout: Layout };

/** Number of elements of the space in which a term is computed. */
export function spaceOf(term: Term): number {
  return term.kind === "reduction" ? term.space : term.size;
}

export function operandsOf(term: Term): readonly Operand[] {
  if (term.kind === "leaf") return [];
  return term.kind === "reduction" ? [term.operand] : term.operands;
}

/** Boundaries that the term's space must have. */
export function boundariesOf(term: Term): number[] {
  const found = operandsOf(term).flatMap((operand) => (typeof operand === "number" ? [] : boundaries(operand.layout)));
  if (term.kind === "reduction" && term.over !== "all") {
    found.push(term.columns);
    if (term.segments > 1) found.push(term.space / term.segments);
  }
  return found.filter((boundary) => boundary !== spaceOf(term));
}
