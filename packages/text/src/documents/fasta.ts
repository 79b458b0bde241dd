/**
 * FASTA, sequences of residues (protein, DNA, RNA): a line `>name description`, then residues on any number of lines.
 */
import { CorruptSampleError } from "@autodidact/core";
import type { Document } from "./documents.js";
import { linesOf } from "./lines.js";
import type { SourceFile } from "./source-files.js";

/** Residues handed over at once; a chromosome comes in parts. */
const partLength = 2 ** 20;

/** Each record as a document: residues upper-cased, without white space; or what is wrong with it. */
export async function* fasta(file: SourceFile): AsyncGenerator<Document | CorruptSampleError> {
  let id: string | undefined;
  let residues: string[] = [];
  let length = 0;
  let isBegun = false;
  let isBroken = false;

  function* take(): Generator<Document | CorruptSampleError> {
    if (id === undefined || isBroken) return;
    if (length > 0) yield { id, text: residues.join(""), ...(isBegun && { continues: true as const }) };
    else if (!isBegun) yield new CorruptSampleError(id, "the record has no residues");
    residues = [];
    length = 0;
    isBegun = true;
  }

  for await (const { number, bytes } of linesOf(file)) {
    const line = bytes?.toString("utf8").trim() ?? "";
    if (line.startsWith(">")) {
      yield* take();
      id = `${file.id}:${line.slice(1).trim().split(/\s/)[0] || number}`;
      residues = [];
      length = 0;
      isBegun = false;
      isBroken = false;
      continue;
    }
    if (line === "" || line.startsWith(";")) continue; // comments of the oldest files
    if (id === undefined)
      throw new Error(`openDocuments: ${file.path} must begin with a line >name, got ${line.slice(0, 40)}.`);
    if (isBroken) continue;
    const sequence = line.replace(/\s+/g, "").toUpperCase();
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
