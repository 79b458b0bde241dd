/**
 * Errors of the packages, as the command's user reads them: without the function that threw, and with the command's own options.
 */

/** `openLabelledImages: …`; a name with a capital inside is no word that a user wrote. */
const FUNCTION_NAME = /^(?:loader|[a-z][a-z0-9]*(?:[A-Z][A-Za-z0-9]*)+): /;

/** What a program passes, and what is typed instead. */
const OPTIONS: readonly (readonly [RegExp, string])[] = [
  [/\bpass force: true\b/g, "add --force"],
  [/ \(a whole batch must remain: lower batchSize\)/g, ". A whole batch must remain: else lower --batch-size"],
  [/\bLower batchSize, or set dropLast to false\b/g, "Lower --batch-size"],
  [/\bbatchSize\b/g, "--batch-size"],
  [/\b(?<!\.)vocabularySize\b/g, "--vocabulary-size"],
];

export function errorText(message: string): string {
  const told = message.replace(FUNCTION_NAME, "");
  return OPTIONS.reduce((text, [passed, typed]) => text.replace(passed, typed), told);
}
