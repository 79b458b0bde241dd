/**
 * Errors of the operating system, with what the user can do about them.
 */
const ADVICE: Readonly<Record<string, string>> = {
  EMFILE: "The process has as many files open as it may. Raise the limit: ulimit -n 4096",
  ENFILE: "The system has as many files open as it can. End other programs, or raise its limit (fs.file-max).",
  ENOSPC: "The disk is full. Free space on it, or write elsewhere.",
  EDQUOT: "Your share of the disk is used up. Free space, or write elsewhere.",
  EROFS: "The disk cannot be written. Write elsewhere: --out FOLDER",
};

/** The error's message, and behind it the advice, where it or what caused it is of the system. */
export function withAdvice(error: Error): string {
  const code = codeOf(error);
  const advice = code === undefined ? undefined : ADVICE[code];
  const isToldAlready = code === "ENOSPC" || code === "EDQUOT" ? error.message.startsWith("The disk is full") : false;
  return advice === undefined || isToldAlready ? error.message : `${error.message}\n${advice}`;
}

/** Whether it, or what caused it, is of the system: no fault of what was asked, whoever told it in his own words. */
export const isOfSystem = (error: Error): boolean => codeOf(error) !== undefined;

/** The first of the system's codes in an error, its causes, or its message: what others caught and told in their own words. */
function codeOf(error: unknown): string | undefined {
  for (let depth = 0, one = error; one instanceof Error && depth < 10; depth += 1, one = one.cause) {
    const { code, message } = one as NodeJS.ErrnoException;
    if (code !== undefined && Object.hasOwn(ADVICE, code)) return code;
    const named = /\b(EMFILE|ENFILE)\b|[Tt]oo many open files/.exec(message);
    if (named !== null) return named[1] ?? "EMFILE";
  }
  return undefined;
}
