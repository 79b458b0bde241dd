/**
 * What transcripts are compared by.
 */

/** What stands between white space. */
export const wordsOf = (text: string): string[] => text.split(/\s+/).filter(Boolean);

/** Code points, those of spaces between words too. */
export const charactersOf = (text: string): string[] => [...text.trim()];
