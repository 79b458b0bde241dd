/**
 * A cluster written as the program that the kernel runs (packages/kernels/native/src/fused).
 */
import { ELEMENT_TYPES, type ElementType } from "../onnx/element-type.js";
import { type Cluster, isRowTerm } from "./cluster.js";
import { axesOf, type Layout, stridesOf } from "./layout.js";
import { type Opcode, opcodeNumber } from "./opcodes.js";
import { boundariesOf, type Operand, operandsOf, type Reduction, type Term } from "./term.js";

/** The classes stand in the order of how much they differ. */
type Class = "number" | "row" | "block";

const KINDS = { whole: 0, rows: 1, columnSums: 2, total: 3 } as const;

export interface Program {
  /** What the node's inputs and outputs are. */
  readonly inputs: readonly Term[];
  readonly outputs: readonly Term[];
  readonly axes: readonly number[];
  readonly strides: readonly number[];
  readonly segments: number;
  readonly immediates: readonly number[];
  readonly instructions: readonly number[];
  readonly results: readonly number[];
  readonly scales: readonly number[];
  readonly inputTypes: readonly ElementType[];
}

/** `live` are the terms that are computed, `outputs` those that are stored. The space is cut into rows of `columns` where told. */
export function writeProgram(
  cluster: Cluster,
  live: ReadonlySet<Term>,
  outputs: readonly Term[],
  columns?: number,
): Program {
  return new ProgramWriter(cluster, live, outputs, columns).finish();
}

/** The key is the same for programs that differ in their tensors alone. */
export function programKey({ instructions, immediates, results, scales, inputTypes, outputs, axes }: Program): string {
  const outputTypes = outputs.map(({ type }) => type);
  return JSON.stringify([instructions, immediates, results, scales, inputTypes, outputTypes, axes.length]);
}

/** Attributes of a node that carries these programs, which differ in their tensors alone. */
export function attributesOf(programs: readonly Program[]) {
  const [{ instructions, immediates, results, scales, inputTypes }] = programs as [Program];
  return {
    axes: programs.flatMap(({ axes }) => axes),
    strides: programs.flatMap(({ strides }) => strides),
    segments: programs.map(({ segments }) => segments),
    program: instructions,
    immediates: { floats: immediates },
    results,
    scales: { floats: scales },
    input_types: inputTypes.map((type) => ELEMENT_TYPES[type]),
  };
}

interface Named {
  /** Its place is counted within its list; numbers of the program follow when all lists are complete. */
  readonly list: "input" | "immediate" | "instruction";
  readonly place: number;
  readonly class: Class;
}

class ProgramWriter {
  private readonly axes: number[];
  private readonly inputs: { term: Term; strides: number[] }[] = [];
  private readonly immediates: number[] = [];
  private readonly instructions: { opcode: Opcode; operands: Named[] }[] = [];
  private readonly loaded = new Map<string, Named>();
  private readonly computed = new Map<Term, Named>();
  private readonly termNumbers = new Map<Term, number>();

  constructor(
    private readonly cluster: Cluster,
    private readonly live: ReadonlySet<Term>,
    private readonly outputs: readonly Term[],
    columns?: number,
  ) {
    const boundaries = new Set<number>(columns === undefined ? [] : [columns]);
    for (const term of live) {
      if (isRowTerm(term, cluster)) boundaries.add(cluster.columns!);
      if (!isRowTerm(term, cluster) || term.kind === "reduction")
        for (const at of boundariesOf(term)) boundaries.add(at);
    }
    boundaries.delete(cluster.space);
    this.axes = axesOf(cluster.space, boundaries);
  }

  finish(): Program {
    for (const term of [...this.live].sort((a, b) => a.order - b.order)) this.computed.set(term, this.compute(term));
    const results = this.outputs.map((term) => this.result(term));
    const firsts = {
      input: 0,
      immediate: this.inputs.length,
      instruction: this.inputs.length + this.immediates.length,
    };
    const number = ({ list, place }: Named) => firsts[list] + place;
    const reductions = [...this.live].filter(
      (term) => term.kind === "reduction" && term.over === "rows",
    ) as Reduction[];
    return {
      inputs: this.inputs.map(({ term }) => term),
      outputs: this.outputs,
      axes: this.axes,
      strides: this.inputs.flatMap(({ strides }) => strides),
      segments: reductions[0]?.segments ?? 1,
      immediates: this.immediates,
      instructions: this.instructions.flatMap(({ opcode, operands }) => [
        opcodeNumber(opcode),
        ...[0, 1, 2].map((i) => (operands[i] ? number(operands[i]) : 0)),
      ]),
      results: results.flatMap(({ value, kind }) => [number(value), kind]),
      scales: results.map(({ scale }) => scale),
      inputTypes: this.inputs.map(({ term }) => term.type),
    };
  }

  private compute(term: Term): Named {
    const operands = operandsOf(term).map((operand) => this.operand(operand, term));
    if (term.kind === "elementwise") {
      // Another type is another way to store it; for programs all are floats.
      if (term.opcode === "Copy") return operands[0]!;
      return this.instruction(term.opcode, operands);
    }
    const { over, opcode, scale } = term as Reduction;
    const block = this.spread(operands[0]!);
    if (over !== "row") return block; // summed up where it is stored
    const reduced = this.instruction(opcode, [block]);
    return scale === 1 ? reduced : this.instruction("Mul", [reduced, this.immediate(scale)]);
  }

  private result(term: Term): { value: Named; kind: number; scale: number } {
    const value = this.computed.get(term)!;
    if (isRowTerm(term, this.cluster)) return { value, kind: KINDS.rows, scale: 1 };
    if (term.kind !== "reduction") return { value, kind: KINDS.whole, scale: 1 };
    return { value, kind: term.over === "all" ? KINDS.total : KINDS.columnSums, scale: term.scale };
  }

  private operand(operand: Operand, reader: Term): Named {
    if (typeof operand === "number") return this.immediate(operand);
    return this.computed.get(operand.term) ?? this.load(operand.term, this.layoutHere(operand.layout, reader));
  }

  /** Terms of rows repeat along them. */
  private layoutHere(layout: Layout, reader: Term): Layout {
    const inRows = isRowTerm(reader, this.cluster) && reader.kind === "elementwise";
    return inRows ? [...layout, { length: this.cluster.columns!, repeated: true }] : layout;
  }

  private load(term: Term, layout: Layout): Named {
    const strides = stridesOf(layout, this.axes);
    const number = this.termNumbers.get(term) ?? this.termNumbers.size;
    this.termNumbers.set(term, number);
    const key = `${number}:${strides}`;
    const known = this.loaded.get(key);
    if (known) return known;
    const place = this.inputs.push({ term, strides }) - 1;
    const made = strides.at(-1) !== 0 ? "block" : strides.some((stride) => stride !== 0) ? "row" : "number";
    const named: Named = { list: "input", place, class: made };
    this.loaded.set(key, named);
    return named;
  }

  private immediate(value: number): Named {
    const known = this.immediates.findIndex((other) => Object.is(other, value));
    const place = known >= 0 ? known : this.immediates.push(value) - 1;
    return { list: "immediate", place, class: "number" };
  }

  private spread(value: Named): Named {
    return value.class === "block" ? value : this.instruction("Spread", [value], "block");
  }

  private instruction(opcode: Opcode, operands: Named[], made?: Class): Named {
    const reduced: Class | undefined = ["RowSum", "RowMax", "RowMin"].includes(opcode) ? "row" : undefined;
    const place = this.instructions.push({ opcode, operands }) - 1;
    return { list: "instruction", place, class: made ?? reduced ?? widest(operands) };
  }
}

function widest(operands: readonly Named[]): Class {
  const classes = operands.map((operand) => operand.class);
  return classes.includes("block") ? "block" : classes.includes("row") ? "row" : "number";
}
