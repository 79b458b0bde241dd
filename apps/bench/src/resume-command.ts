/** What the user types to go on, word for word. */
export function resumeCommand(method: string, folder: string, extra: readonly string[] = []): string {
  return ["npx autodidact pretrain", method, "--out", folder, "--resume", ...extra].map(quoted).join(" ");
}

/** For a POSIX shell; words that need none stay bare. */
export function quoted(word: string): string {
  return /^[\w ./:@%+=,-]+$/.test(word) && !(word.includes(" ") && !word.startsWith("npx "))
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}
