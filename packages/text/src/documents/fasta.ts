/**
 * FASTA, sequences of residues (protein, DNA, RNA): a line `>name description`, then residues on any number of lines of any length.
 */
import { CorruptSampleError, type DecodingOptions, lineParts, type SourceFile, UsageError } from "@autodidact/core";
import type { Document } from "./documents.js";

/** Residues handed over at once; a chromosome comes in parts. */
const partLength = 2 ** 20;
/** Of a record's first line no more is looked at. */
const headLength = 2 ** 16;

/** What becomes of the residues, in words. */
export const RESIDUES_READ = ["lower case (soft masking) read as capitals", "stops * and gaps - . kept"];

/** Each record as a document: residues upper-cased, without white space; or what is wrong with it. */
export async function* fasta(
  file: SourceFile,
  options: DecodingOptions = {},
): AsyncGenerator<Document | CorruptSampleError> {
  let id: string | undefined;
  let residues: string[] = [];
  let length = 0;
  let isBegun = false;
  let isBroken = false;
  let line: "head" | "comment" | "residues" = "residues";
  let head = "";

  function* take(): Generator<Document | CorruptSampleError> {
    if (id === undefined || isBroken) return;
    if (length > 0) yield { id, text: residues.join(""), ...(isBegun && { continues: true as const }) };
    else if (!isBegun) yield new CorruptSampleError(id, "the record has no residues");
    residues = [];
    length = 0;
    isBegun = true;
  }

  for await (const { number, bytes, isFirst, isLast } of lineParts(file, options)) {
    const text = bytes.toString("utf8");
    if (isFirst) {
      const sign = text.trimStart()[0];
      line = sign === ">" ? "head" : sign === ";" ? "comment" : "residues"; // comments of the oldest files
      head = "";
    }
    if (line === "comment") continue;
    if (line === "head") {
      if (head.length < headLength) head += text.slice(0, headLength);
      if (!isLast && head.length < headLength) continue;
      yield* take();
      id = `${file.id}:${head.trim().slice(1).trim().split(/\s/)[0] || number}`;
      residues = [];
      length = 0;
      isBegun = false;
      isBroken = false;
      line = "comment"; // what is left of the line
      continue;
    }
    const sequence = text.replace(/\s+/g, "").toUpperCase();
    if (sequence === "") continue;
    if (id === undefined) {
      throw new UsageError(
        `openDocuments: ${file.path} must begin with a line >name, got ${text.trim().slice(0, 40)}.`,
      );
    }
    if (isBroken) continue;
    if (!/^[A-Z*.-]+$/.test(sequence)) {
      yield new CorruptSampleError(id, `line ${number} holds other characters than residues`);
      isBroken = true;
      continue;
    }
    residues.push(sequence);
    length += sequence.length;
    if (length >= partLength) yield* take();
  }
  yield* take();
}
