/** What the user types to go on, word for word. */
export function resumeCommand(method: string, folder: string, extra: readonly string[] = []): string {
  return ["npx", "autodidact", "pretrain", method, "--out", folder, "--resume", ...extra].map(quoted).join(" ");
}

/** Quotes a word for a POSIX shell; words that need no quotes stay bare. */
function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
