/** Commands that the user can type word for word. */

/** What goes on with a run. */
export function resumeCommand(method: string, folder: string, extra: readonly string[] = []): string {
  return commandLine(["npx", "autodidact", "pretrain", method, "--out", folder, "--resume", ...extra]);
}

/** Words as they are typed in a POSIX shell; those that need no quotes stay bare. */
export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(" ");
}

/** A first ~ or = means something to a shell. */
function quoted(word: string): string {
  return /^[\w./:@%+,-][\w./:@%+=,-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
