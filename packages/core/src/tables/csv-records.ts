/**
 * Records of a delimited table, byte by byte, within bounds: RFC 4180, where a quote inside an unquoted field is a character like others.
 *
 * With `,` and `"`: `a,"b, ""c""",5" pipe` has the fields `a`, `b, "c"` and `5" pipe`. With `\` as escape `"b, \"c\""` is the same field.
 */

/** A table with more is no table, or has another delimiter. */
export const MOST_COLUMNS = 16_384;
/** A larger record is a quote that nobody closed. */
const LARGEST_RECORD = 2 ** 26;

const LINE_END = 0x0a;
const RETURN = 0x0d;

export interface CsvDialect {
  /** One character of ASCII. */
  readonly delimiter: string;
  /** What quotes a field; undefined: nothing does. */
  readonly quote: string | undefined;
  /** What comes before a quote that is part of a quoted field: the quote itself, or a backslash. */
  readonly escape: string;
}

export interface CsvRecord {
  readonly fields: readonly Buffer[];
  /** The line it begins on, from 1. */
  readonly line: number;
}

/** A record that breaks the rules; the lines that were passed over for it. */
export interface BrokenRecord {
  readonly reason: string;
  readonly line: number;
  readonly lastLine: number;
}

/** The quote opened on `line` is never closed: everything behind it is lost. */
export class UnclosedQuoteError extends Error {
  override readonly name = "UnclosedQuoteError";
  constructor(readonly line: number) {
    super(`a quoted field that begins on line ${line} does not end`);
  }
}

export interface CsvReader {
  /** The records that end in these bytes. */
  push(bytes: Buffer): (CsvRecord | BrokenRecord)[];
  /** What the last line holds. */
  end(): (CsvRecord | BrokenRecord)[];
  /** Bytes of a record that has begun and not ended. */
  readonly pending: number;
  /** Whether the record that has begun stands inside quotes. */
  readonly isQuoted: boolean;
}

/** Every record must have as many fields as the first. */
export function csvReader({ delimiter, quote, ...dialect }: CsvDialect): CsvReader {
  const [comma, mark, escaping] = [delimiter, quote ?? "", dialect.escape].map((sign) => sign.charCodeAt(0));
  let place: "start" | "bare" | "quoted" | "escaped" | "closed" | "lost" = "start";
  let fields: Buffer[] = [];
  let count = 0;
  let parts: Buffer[] = [];
  let size = 0;
  let line = 1;
  let firstLine = 1;
  let expected: number | undefined;
  let reason = "";
  let found: (CsvRecord | BrokenRecord)[] = [];

  function keep(part: Buffer): void {
    size += part.length;
    if (size > LARGEST_RECORD) {
      if (place === "quoted") throw new UnclosedQuoteError(firstLine);
      lose("the record is longer than 64 MiB");
    } else if (part.length > 0) parts.push(part);
  }

  function endField(): void {
    count += 1;
    if (expected === undefined && count > MOST_COLUMNS)
      throw new RangeError(
        `at most ${MOST_COLUMNS} columns are read, got more on line ${line}. Is the delimiter right?`,
      );
    if (count <= (expected ?? MOST_COLUMNS)) fields.push(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
    parts = [];
    place = "start";
  }

  function lose(why: string): void {
    reason = why;
    place = "lost";
    fields = [];
    parts = [];
  }

  function endRecord(): void {
    const isLost = place === "lost";
    if (!isLost) {
      const wasBare = place === "bare";
      endField();
      if (wasBare) withoutReturn(fields);
      const isBlank = count === 1 && wasBare && fields[0]!.length === 0;
      if (!isBlank) expected ??= count;
      if (!isBlank && count === expected) found.push({ fields, line: firstLine });
      else if (!isBlank) {
        const why = `it must have ${expected} fields as the first line has, got ${count}`;
        found.push({ reason: why, line: firstLine, lastLine: line });
      }
    } else found.push({ reason, line: firstLine, lastLine: line });
    line += 1;
    begin();
  }

  function begin(): void {
    place = "start";
    fields = [];
    parts = [];
    count = 0;
    size = 0;
    firstLine = line;
  }

  /** From `from` on up to what ends this kind of text; where to go on. */
  function readBare(bytes: Buffer, from: number): number {
    let to = from;
    while (to < bytes.length && bytes[to] !== comma && bytes[to] !== LINE_END) to += 1;
    keep(bytes.subarray(from, to));
    if (to === bytes.length) return to;
    if (bytes[to] === LINE_END) endRecord();
    else if (place === "bare") {
      size += 1;
      endField();
    }
    return to + 1;
  }

  function readQuoted(bytes: Buffer, from: number): number {
    let to = from;
    while (to < bytes.length && bytes[to] !== mark && bytes[to] !== escaping) {
      if (bytes[to] === LINE_END) line += 1;
      to += 1;
    }
    keep(bytes.subarray(from, to));
    if (to < bytes.length) place = bytes[to] === mark ? "closed" : "escaped";
    return to + 1;
  }

  /** A backslash in a quoted field: it goes before a quote or itself, else it stays. */
  function readEscaped(bytes: Buffer, at: number): number {
    const isSign = bytes[at] === mark || bytes[at] === escaping;
    if (!isSign) keep(Buffer.of(escaping!));
    place = "quoted";
    if (!isSign) return at;
    keep(bytes.subarray(at, at + 1));
    return at + 1;
  }

  /** Behind a quote in a quoted field. */
  function readClosed(bytes: Buffer, at: number): number {
    const sign = bytes[at];
    if (sign === mark && escaping === mark) {
      place = "quoted";
      keep(bytes.subarray(at, at + 1));
    } else if (sign === comma) endField();
    else if (sign === LINE_END) endRecord();
    else if (sign !== RETURN) {
      lose(`a quoted field goes on behind its closing ${quote}`);
      return at;
    }
    return at + 1;
  }

  function push(bytes: Buffer): (CsvRecord | BrokenRecord)[] {
    for (let at = 0; at < bytes.length; ) {
      if (place === "start") {
        const isQuote = quote !== undefined && bytes[at] === mark;
        place = isQuote ? "quoted" : "bare";
        if (isQuote) {
          size += 1;
          at += 1;
          continue;
        }
      }
      if (place === "quoted") at = readQuoted(bytes, at);
      else if (place === "escaped") at = readEscaped(bytes, at);
      else if (place === "closed") at = readClosed(bytes, at);
      else if (place === "lost") at = readLost(bytes, at);
      else at = readBare(bytes, at);
    }
    return taken();
  }

  function readLost(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(LINE_END, from);
    if (end === -1) return bytes.length;
    endRecord();
    return end + 1;
  }

  function taken(): (CsvRecord | BrokenRecord)[] {
    const all = found;
    found = [];
    return all;
  }

  return {
    push,
    end() {
      if (place === "quoted" || place === "escaped") throw new UnclosedQuoteError(firstLine);
      if (place !== "start" || count > 0) {
        if (place === "start") place = "bare";
        endRecord();
      }
      return taken();
    },
    get pending() {
      return size;
    },
    get isQuoted() {
      return place === "quoted" || place === "escaped";
    },
  };
}

/** A line may end by \r\n: the return is no part of its last field. */
function withoutReturn(fields: Buffer[]): void {
  const last = fields.at(-1);
  if (last?.at(-1) === RETURN) fields[fields.length - 1] = last.subarray(0, -1);
}
