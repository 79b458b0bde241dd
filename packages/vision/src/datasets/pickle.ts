/**
 * Reads what Python's pickle wrote of plain values and NumPy arrays of bytes; runs nothing.
 *
 * A pickle is a program for a machine with a stack (https://github.com/python/cpython/blob/main/Lib/pickletools.py). Here it may push numbers, texts,
 * lists, tuples and dictionaries, and rebuild arrays by names that are known. Any other name, and any other instruction, is refused.
 */
type Value = number | string | boolean | null | Uint8Array | Value[] | Map<string, Value> | NumpyArray | Named | Dtype;

/** An array of bytes, row by row. */
export class NumpyArray {
  shape: readonly number[] = [];
  bytes: Uint8Array = new Uint8Array();
}

/** What a pickle calls by name; only these are known, and none is called. */
class Named {
  constructor(readonly name: "reconstruct" | "ndarray" | "dtype" | "encode" | "frombuffer") {}
}

class Dtype {
  constructor(readonly kind: string) {}
}

const KNOWN: Readonly<Record<string, Named["name"]>> = {
  "numpy.core.multiarray _reconstruct": "reconstruct",
  "numpy._core.multiarray _reconstruct": "reconstruct",
  "numpy ndarray": "ndarray",
  "numpy dtype": "dtype",
  "_codecs encode": "encode",
  "numpy.core.numeric _frombuffer": "frombuffer",
  "numpy._core.numeric _frombuffer": "frombuffer",
};

export type Unpickled = Value;

/** `from`: the file, for errors. */
export function readPickle(bytes: Uint8Array, from: string): Unpickled {
  const reader = new Reader(bytes, from);
  const machine = new Machine(reader, from);
  while (true) {
    const code = reader.byte();
    if (code === STOP) return machine.pop();
    const instruction = INSTRUCTIONS[code];
    if (instruction === undefined) throw reader.refused(`the instruction 0x${code.toString(16).padStart(2, "0")}`);
    instruction(machine, reader);
  }
}

class Reader {
  at = 0;
  readonly #view: DataView;
  constructor(
    readonly bytes: Uint8Array,
    readonly from: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  take(count: number): Uint8Array {
    if (!(count >= 0) || this.at + count > this.bytes.length) throw this.refused("an end too early");
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
  #place(count: number): number {
    this.take(count);
    return this.at - count;
  }
  byte = () => this.#view.getUint8(this.#place(1));
  uint16 = () => this.#view.getUint16(this.#place(2), true);
  uint32 = () => this.#view.getUint32(this.#place(4), true);
  int32 = () => this.#view.getInt32(this.#place(4), true);
  float64 = () => this.#view.getFloat64(this.#place(8), false);
  size64 = () => Number(this.#view.getBigUint64(this.#place(8), true));
  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) throw this.refused("an end too early");
    const text = Buffer.from(this.take(end - this.at)).toString("latin1");
    this.at = end + 1;
    return text;
  }
  refused(what: string): Error {
    return new Error(
      `readPickle: ${this.from} must be a pickle of numbers, texts, lists and NumPy arrays of bytes, got ${what} at byte ${this.at}. Nothing in it was run.`,
    );
  }
}

class Machine {
  readonly stack: Value[] = [];
  readonly marks: number[] = [];
  readonly memo = new Map<number, Value>();
  constructor(
    readonly reader: Reader,
    readonly from: string,
  ) {}

  push(value: Value): void {
    this.stack.push(value);
  }
  pop(): Value {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) throw this.reader.refused("too few values");
    return this.stack.pop()!;
  }
  top(): Value {
    const value = this.pop();
    this.push(value);
    return value;
  }
  popToMark(): Value[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw this.reader.refused("no mark");
    return this.stack.splice(mark);
  }
  tuple(size: number): void {
    const values = Array.from({ length: size }, () => this.pop());
    this.push(values.reverse());
  }
  get(place: number): void {
    const value = this.memo.get(place);
    if (value === undefined) throw this.reader.refused("a value that was not kept");
    this.push(value);
  }
  append(values: readonly Value[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw this.reader.refused("values for what is no list");
    for (const value of values) list.push(value);
  }
  setItems(values: readonly Value[]): void {
    const map = this.top();
    if (!(map instanceof Map)) throw this.reader.refused("fields of what is no dictionary");
    for (let at = 0; at + 1 < values.length; at += 2) map.set(textOf(values[at]!), values[at + 1]!);
  }
  named(module: string, name: string): void {
    const known = Object.hasOwn(KNOWN, `${module} ${name}`) ? KNOWN[`${module} ${name}`] : undefined;
    if (known === undefined) throw this.reader.refused(`the name ${module}.${name}`);
    this.push(new Named(known));
  }
  reduce(): void {
    const [values, callee] = [this.pop(), this.pop()];
    const [first, second] = Array.isArray(values) ? values : [];
    const name = callee instanceof Named ? callee.name : undefined;
    if (name === "reconstruct" && first instanceof Named) this.push(new NumpyArray());
    else if (name === "dtype" && first !== undefined) this.push(new Dtype(textOf(first)));
    else if (name === "encode" && typeof first === "string" && second === "latin1")
      this.push(Buffer.from(first, "latin1"));
    else if (name === "frombuffer" && Array.isArray(values)) {
      const [content, type, shape, order] = values;
      this.push(this.array(new NumpyArray(), { content, type, shape, isByColumns: order !== "C" }));
    } else throw this.reader.refused("a call");
  }
  /** The state of an array: version, shape, type, whether it lies column by column, bytes. */
  build(): void {
    const state = this.pop();
    const value = this.top();
    if (value instanceof Dtype) return; // byte order and the like: of bytes nothing
    if (!(value instanceof NumpyArray) || !Array.isArray(state))
      throw this.reader.refused("a state of what is no array");
    const [, shape, type, isByColumns, content] = state;
    this.array(value, { shape, type, isByColumns, content });
  }
  array(
    array: NumpyArray,
    { shape, type, isByColumns, content }: Readonly<Record<string, Value | undefined>>,
  ): NumpyArray {
    const bytes = typeof content === "string" ? Buffer.from(content, "latin1") : content;
    const isPlain = type instanceof Dtype && ["u1", "|u1"].includes(type.kind) && isByColumns === false;
    const axes = Array.isArray(shape) ? shape.map(Number) : [];
    const count = axes.reduce((product, length) => product * length, 1);
    if (!isPlain || !(bytes instanceof Uint8Array) || bytes.length !== count)
      throw this.reader.refused("an array of something else than bytes, row by row");
    array.shape = axes;
    array.bytes = bytes;
    return array;
  }
}

/** Texts and bytes alike: Python 2 made no difference. */
export function textOf(value: Value): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new Error("readPickle: a text must be a text, got another value."); // a list of itself would have no end
}

type Instruction = (machine: Machine, reader: Reader) => void;
const STOP = 0x2e;
const utf8 = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");

/** By the byte that stands for each; the names are those of pickletools. */
const INSTRUCTIONS: Readonly<Record<number, Instruction>> = {
  128: (_, r) => void r.byte(), // PROTO
  149: (_, r) => void r.size64(), // FRAME
  40: (m) => void m.marks.push(m.stack.length), // MARK
  48: (m) => void m.pop(), // POP
  78: (m) => m.push(null), // NONE
  136: (m) => m.push(true), // NEWTRUE
  137: (m) => m.push(false), // NEWFALSE
  74: (m, r) => m.push(r.int32()), // BININT
  75: (m, r) => m.push(r.byte()), // BININT1
  77: (m, r) => m.push(r.uint16()), // BININT2
  71: (m, r) => m.push(r.float64()), // BINFLOAT
  138: (m, r) => m.push(long(r.take(r.byte()))), // LONG1
  85: (m, r) => m.push(r.take(r.byte())), // SHORT_BINSTRING
  84: (m, r) => m.push(r.take(r.int32())), // BINSTRING
  67: (m, r) => m.push(r.take(r.byte())), // SHORT_BINBYTES
  66: (m, r) => m.push(r.take(r.uint32())), // BINBYTES
  150: (m, r) => m.push(r.take(r.size64())), // BYTEARRAY8
  142: (m, r) => m.push(r.take(r.size64())), // BINBYTES8
  88: (m, r) => m.push(utf8(r.take(r.uint32()))), // BINUNICODE
  140: (m, r) => m.push(utf8(r.take(r.byte()))), // SHORT_BINUNICODE
  93: (m) => m.push([]), // EMPTY_LIST
  41: (m) => m.push([]), // EMPTY_TUPLE
  125: (m) => m.push(new Map()), // EMPTY_DICT
  116: (m) => m.push(m.popToMark()), // TUPLE
  133: (m) => m.tuple(1), // TUPLE1
  134: (m) => m.tuple(2), // TUPLE2
  135: (m) => m.tuple(3), // TUPLE3
  97: (m) => m.append([m.pop()]), // APPEND
  101: (m) => m.append(m.popToMark()), // APPENDS
  115: (m) => m.setItems([m.pop(), m.pop()].reverse()), // SETITEM
  117: (m) => m.setItems(m.popToMark()), // SETITEMS
  99: (m, r) => m.named(r.line(), r.line()), // GLOBAL
  147: (m) => {
    const [name, module] = [m.pop(), m.pop()]; // STACK_GLOBAL
    m.named(textOf(module), textOf(name));
  },
  82: (m) => m.reduce(), // REDUCE
  98: (m) => m.build(), // BUILD
  113: (m, r) => void m.memo.set(r.byte(), m.top()), // BINPUT
  114: (m, r) => void m.memo.set(r.uint32(), m.top()), // LONG_BINPUT
  148: (m) => void m.memo.set(m.memo.size, m.top()), // MEMOIZE
  104: (m, r) => m.get(r.byte()), // BINGET
  106: (m, r) => m.get(r.uint32()), // LONG_BINGET
};

/** Two's complement, the lowest byte first. */
function long(bytes: Uint8Array): number {
  let value = 0n;
  for (const [place, byte] of bytes.entries()) value |= BigInt(byte) << BigInt(8 * place);
  return Number(BigInt.asIntN(8 * Math.max(1, bytes.length), value));
}
