/**
 * Calls: an operation with its attributes. Equal calls are one object with one number: comparing graphs compares
 * integers, and an array that its owner changes after the call changes no graph.
 */
import type { Attributes, Operation } from "../operations/operation.js";

export interface Call {
  readonly operation: Operation;
  /** They are a copy of what the caller gave. */
  readonly attributes: Attributes;
  /** It is above zero. */
  readonly number: number;
}

/** Calls of one operation that are looked through before a text is made. */
const RECENT = 8;
/** Calls remembered by text. One that is forgotten gets another number, and graphs with it are compiled again. */
const REMEMBERED = 20_000;

export class Calls {
  private readonly recent = new Map<Operation, Call[]>();
  private readonly byText = new Map<string, Call>();
  private numbers = 0;

  of(operation: Operation, attributes: Attributes): Call {
    let recent = this.recent.get(operation);
    if (!recent) {
      recent = [];
      this.recent.set(operation, recent);
    }
    for (let i = 0; i < recent.length; i += 1) if (isSame(recent[i]!.attributes, attributes)) return recent[i]!;
    const call = this.remembered(operation, attributes);
    if (recent.length < RECENT) recent.push(call);
    else recent[call.number % RECENT] = call;
    return call;
  }

  private remembered(operation: Operation, attributes: Attributes): Call {
    const text = operation.kernel + attributeText(attributes);
    let call = this.byText.get(text);
    if (!call) {
      if (this.byText.size >= REMEMBERED) this.byText.clear();
      this.numbers += 1;
      call = { operation, attributes: copyOf(attributes), number: this.numbers };
      this.byText.set(text, call);
    }
    return call;
  }
}

/** −0 is not 0 here, and NaN is NaN: all are ordinary attribute values. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i += 1) if (!isSame(a[i], b[i])) return false;
    return true;
  }
  for (const key in a) if (!isSame((a as Attributes)[key], (b as Attributes)[key])) return false;
  for (const key in b) if (!(key in a)) return false;
  return true;
}

/** JSON that keeps NaN, infinities and −0 apart. */
function attributeText(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (Array.isArray(value)) return `[${value.map(attributeText).join()}]`;
  if (value !== null && typeof value === "object") {
    let text = "{";
    for (const key in value) text += `${key}:${attributeText((value as Attributes)[key])},`;
    return `${text}}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyOf(part)])) as T;
}
