/**
 * JSON within bounds, which are looked at before it is parsed: sixty megabytes of brackets become gigabytes of lists.
 */

export interface JsonBounds {
  /** Lists and objects in one another. */
  readonly depth: number;
  /** Values, all together. */
  readonly values: number;
}

/** Of a line that holds a row. */
export const ROW_BOUNDS: JsonBounds = { depth: 200, values: 2 ** 20 };
/** Of a file that holds questions. */
export const FILE_BOUNDS: JsonBounds = { depth: 200, values: 2 ** 25 };

/** Throws a RangeError where the bounds are broken, a SyntaxError where it is no JSON. */
export function parseBounded(text: string, bounds: JsonBounds): unknown {
  assertBounded(text, bounds);
  return JSON.parse(text);
}

function assertBounded(text: string, { depth, values }: JsonBounds): void {
  let open = 0;
  let found = 1;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === 0x22) at = endOfString(text, at);
    else if (sign === 0x5b || sign === 0x7b) {
      open += 1;
      found += 1;
      if (open > depth) throw new RangeError(`at most ${depth} lists and objects may stand in one another`);
    } else if (sign === 0x5d || sign === 0x7d) open -= 1;
    else if (sign === 0x2c) found += 1;
    if (found > values) throw new RangeError(`at most ${values.toLocaleString("en-US")} values are read at once`);
  }
}

/** Where the string that begins at `start` ends: a quote behind an even number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
