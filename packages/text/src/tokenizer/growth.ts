/**
 * How much longer the stages of a foreign tokenizer.json may make a text: stages that put more in than they take out multiply.
 */
import type { Stage } from "./tokenizer-json.js";

/** Times the length of a text that stages may make of it; those of known models leave it, or double it. */
const MOST_GROWTH = 64;
/** Characters that a stage may put before a text. */
const LONGEST_PREFIX = 64;

/** Refuses a `part` of tokenizer.json that makes texts too long. */
export function checkGrowth(part: string, stage: Stage | null): void {
  const growth = growthOf(stage);
  if (growth <= MOST_GROWTH) return;
  throw new Error(
    `createTokenizer: the ${part} of tokenizer.json must make a text at most ${MOST_GROWTH} times as long, and its literals may make it ` +
      `${growth < 1e6 ? Math.ceil(growth) : growth.toExponential(0)} times as long. Use the tokenizer.json of a model you know.`,
  );
}

/** The most by which the literals of a stage, and of those in it, multiply a text's length. */
function growthOf(stage: unknown): number {
  if (typeof stage !== "object" || stage === null) return 1;
  const { normalizers, pretokenizers, decoders, content, pattern, prepend, str_rep } = stage as Record<string, unknown>;
  const inner = [normalizers, pretokenizers, decoders].flatMap((list) => (Array.isArray(list) ? list : []));
  const replaced = typeof content === "string" && content !== "" ? content.length / leastMatch(pattern, content) : 1;
  const written = typeof str_rep === "string" ? str_rep.length : 1;
  const put = typeof prepend === "string" && prepend.length > LONGEST_PREFIX ? Number.POSITIVE_INFINITY : 1;
  const own = Math.max(1, replaced) * Math.max(1, written) * put;
  return inner.reduce((product: number, one) => product * growthOf(one), own);
}

/** The fewest characters that a pattern takes away for a content; below one where it may match between characters. */
function leastMatch(pattern: unknown, content: string): number {
  const { String: literal, Regex: expression } = (pattern ?? {}) as { String?: unknown; Regex?: unknown };
  if (typeof literal === "string" && literal !== "") return literal.length;
  if (typeof expression === "string" && !mayMatchNothing(expression)) return 1;
  return content.length / (content.length + 1);
}

/** Whether a pattern may match between two characters, as far as its letters tell. */
function mayMatchNothing(expression: string): boolean {
  if (/\(\?[=!<]|\\[bB]|[\^$]|\|\||\|\)|\(\||^\||\|$/.test(expression.replace(/\[\^/g, "["))) return true;
  try {
    return new RegExp(`^(?:${expression})$`, "u").test("");
  } catch {
    return true;
  }
}
