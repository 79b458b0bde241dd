/**
 * What libvips complains of, in the words about one file.
 *
 * libvips keeps one text for the errors of all threads: beside other images a failure may come with the words of theirs, or with none.
 */
import type { ImageFormat } from "./image-formats.js";

/** sharp's introduction, which says nothing. */
const INTRODUCTION = /^Input buffer (has corrupt header: ?|contains unsupported image format)/;
/** What follows from a cause that another line names. */
const consequence = /source: bad seek|contains no image|out of order read/i;

/** One cause: the first line that the file's own format wrote. */
export function causeOf(message: string, { complaints }: Pick<ImageFormat, "complaints">): string | undefined {
  if (/timeout/.test(message)) return "decoding takes too long";
  const lines = message
    .replace(INTRODUCTION, "")
    .split("\n")
    .map((line) => line.trim());
  const own = lines.filter((line) => complaints.test(line));
  const cause = own.find((line) => !consequence.test(line)) ?? own[0];
  return cause?.replace(/^[\w ]+: /, "");
}
