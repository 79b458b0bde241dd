/**
 * The header of a safetensors file: 8 bytes of length, then JSON that says where each tensor's bytes are.
 *
 * https://huggingface.co/docs/safetensors. Files come from strangers: whatever is not exactly as the format demands is refused.
 */
import { type ElementType, elementBytes, type StoredTensor } from "./stored-tensor.js";

export const maxHeaderBytes = 10_000_000;
export const maxTensors = 20_000;

export interface HeaderEntry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** A place within the bytes that follow the header. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** The entries in the order of their bytes. */
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The header's length from the file's first 8 bytes. */
export function headerLength(first: Uint8Array, fileBytes: number, from: string): number {
  if (fileBytes < 8) throw invalid(from, `the file must hold at least 8 bytes, got ${fileBytes}`);
  const length = new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(maxHeaderBytes))
    throw invalid(from, `the header must be at most ${maxHeaderBytes} bytes, got ${length}`);
  if (8n + length > BigInt(fileBytes))
    throw invalid(from, `the header says ${length} bytes, the file ends after ${fileBytes}`);
  return Number(length);
}

/** Reads and checks the header; `dataBytes` is what follows it. */
export function parseHeader(header: Uint8Array, dataBytes: number, from: string): Header {
  let json: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(header);
    if (!text.startsWith("{")) throw new Error("it must begin with {");
    assertPlain(text);
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(from, `the header is not valid JSON: ${error instanceof Error ? error.message : error}`);
  }
  const { __metadata__: metadata = {}, ...described } = json as Record<string, unknown>;
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== "string")) {
    throw invalid(from, "__metadata__ must map names to strings");
  }
  const names = Object.keys(described);
  if (names.length > maxTensors) throw invalid(from, `at most ${maxTensors} tensors are read, got ${names.length}`);
  const entries = names.map((name) => parseEntry(name, described[name], from));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  assertContiguous(entries, dataBytes, from);
  return { entries, metadata: metadata as Record<string, string> };
}

/** The bytes before the tensors: length and JSON, padded with spaces to a multiple of 8, and the tensors in the order of their bytes. */
export function encodeHeader(
  tensors: Iterable<readonly [name: string, tensor: StoredTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): { header: Uint8Array; ordered: StoredTensor[] } {
  const sorted = [...tensors].sort(
    ([a, x], [b, y]) => elementBytes[y.type] - elementBytes[x.type] || (a < b ? -1 : a > b ? 1 : 0), // wide types first: all stay aligned
  );
  let end = 0;
  const described = sorted.map(([name, tensor]): [string, unknown] => {
    const begin = end;
    const needed = tensor.shape.reduce((size, dimension) => size * dimension, elementBytes[tensor.type]);
    if (needed !== tensor.bytes.byteLength || name === "__metadata__") {
      throw new Error(
        `encodeSafetensors: ${name} is ${tensor.type} [${tensor.shape}] and must have ${needed} bytes, got ${tensor.bytes.byteLength}.`,
      );
    }
    end += needed;
    return [name, { dtype: tensor.type, shape: tensor.shape, data_offsets: [begin, end] }];
  });
  const about: [string, unknown][] = Object.keys(metadata).length > 0 ? [["__metadata__", metadata]] : [];
  const fields = [...about, ...described].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const json = new TextEncoder().encode(`{${fields.join(",")}}`);
  const header = new Uint8Array(8 + 8 * Math.ceil(json.length / 8)).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true);
  header.set(json, 8);
  return { header, ordered: sorted.map(([, tensor]) => tensor) };
}

function parseEntry(name: string, value: unknown, from: string): HeaderEntry {
  const { dtype, shape, data_offsets: offsets, ...unknown } = isRecord(value) ? value : {};
  if (
    !isRecord(value) ||
    Object.keys(unknown).length > 0 ||
    !isWholes(shape) ||
    !isWholes(offsets) ||
    offsets.length !== 2
  ) {
    throw invalid(
      from,
      `${name} must have dtype, shape and data_offsets [begin, end], got ${JSON.stringify(value).slice(0, 200)}`,
    );
  }
  if (typeof dtype !== "string" || !Object.hasOwn(elementBytes, dtype)) {
    throw invalid(from, `${name} has type ${dtype}; types read: ${Object.keys(elementBytes).join(", ")}`);
  }
  const type = dtype as ElementType;
  const [begin, end] = offsets as [number, number];
  const needed = shape.reduce((size, dimension) => size * BigInt(dimension), BigInt(elementBytes[type]));
  if (BigInt(end) - BigInt(begin) !== needed) {
    throw invalid(
      from,
      `${name} is ${type} [${shape}] and must have ${needed} bytes, got ${BigInt(end) - BigInt(begin)}`,
    );
  }
  return { name, type, shape, begin, end };
}

function assertContiguous(entries: readonly HeaderEntry[], dataBytes: number, from: string): void {
  let behind = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== behind)
      throw invalid(
        from,
        `${name} begins at ${begin}, ${begin < behind ? "inside another tensor" : "after a hole"} (${behind})`,
      );
    behind = end;
  }
  if (behind !== dataBytes) throw invalid(from, `the tensors take ${behind} bytes, the file has ${dataBytes}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Above 2⁵³ a number of JavaScript is not exact: no file is that long. */
function isWholes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((part) => Number.isSafeInteger(part) && part >= 0);
}

/**
 * What JSON.parse lets pass: a name twice in one object, numbers other than plain digits, deep nesting. The rest of the grammar is
 * left to JSON.parse.
 */
function assertPlain(text: string): void {
  const open: (Set<string> | undefined)[] = []; // the names so far in each open object; undefined for a list
  let nameNext = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i]!;
    const start = i;
    if (char === "{" || char === "[") {
      open.push(char === "{" ? new Set() : undefined);
      nameNext = char === "{";
      if (open.length > 3) throw new Error("it is nested too deep");
    } else if (char === "}" || char === "]") {
      open.pop();
    } else if (char === ",") {
      nameNext = open.at(-1) !== undefined;
    } else if (char === '"') {
      for (i += 1; i < text.length && text[i] !== '"'; i += 1) if (text[i] === "\\") i += 1;
      if (nameNext) addOnce(open.at(-1), JSON.parse(text.slice(start, i + 1)));
      nameNext = false;
    } else if (char === "-" || (char >= "0" && char <= "9")) {
      while (i < text.length && !" ,]}\t\r\n".includes(text[i]!)) i += 1;
      const number = text.slice(start, i);
      if (!/^(0|[1-9][0-9]*)$/.test(number)) throw new Error(`${number.slice(0, 30)} is not a whole number`);
      i -= 1;
    }
  }
}

function addOnce(names: Set<string> | undefined, name: string): void {
  if (names?.has(name)) throw new Error(`the name ${JSON.stringify(name)} comes twice`);
  names?.add(name);
}

function invalid(from: string, reason: string): Error {
  return new Error(`safetensors: ${from}: ${reason}. The file is damaged or not safetensors.`);
}
