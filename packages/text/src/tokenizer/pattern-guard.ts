/**
 * Regular expressions of a foreign tokenizer.json end: one that backtracks for ever is broken off with an error.
 */
import { createContext, Script } from "node:vm";

/** Runs `work`, which matches a text of so many characters against the patterns. */
export type PatternGuard = <T>(characters: number, work: () => T) => T;

/** Patterns known to be harmless are not watched: watching costs about a millisecond a call. */
export function patternGuard(stages: readonly unknown[]): PatternGuard {
  if (knowsPatterns(stages)) return (_, work) => work();

  // V8 breaks off a regular expression only where the code around it runs under node:vm's timeout.
  const gate: { work: () => void } = { work: () => {} };
  const context = createContext(gate);
  const script = new Script("work()");
  return <T>(characters: number, work: () => T): T => {
    const timeout = 1_000 + Math.ceil(characters / CHARACTERS_PER_MS);
    let result: T | undefined;
    gate.work = () => {
      result = work();
    };
    try {
      script.runInContext(context, { timeout });
    } catch (error) {
      if ((error as NodeJS.ErrnoException)?.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      throw new Error(
        `createTokenizer: a pattern of tokenizer.json must match a text of ${characters} characters within ${timeout} ms, and did not. Use a tokenizer.json without the pattern.`,
        { cause: error },
      );
    } finally {
      gate.work = () => {};
    }
    return result as T;
  };
}

const CHARACTERS_PER_MS = 100;

function patternsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = "Regex" in value && typeof value.Regex === "string" ? [value.Regex] : [];
  return [...own, ...Object.values(value).flatMap(patternsIn)];
}

/** Whether all patterns are known to be harmless: those of `residueVocabulary`, GPT-4, Llama 3 and Qwen 2. */
export function knowsPatterns(stages: readonly unknown[]): boolean {
  return patternsIn(stages).every((pattern) => RESIDUE_PATTERN.test(pattern) || KNOWN.includes(pattern));
}

/** So many letters together, or any character. */
export const RESIDUE_PATTERN = /^(\[[A-Z]+\]\{\d\}\|)?\[\\s\\S\]$/;

const WORDS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
const REST = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const KNOWN = ["\\s", "\\s+", `${WORDS}|\\p{N}{1,3}|${REST}`, `${WORDS}|\\p{N}|${REST}`];
