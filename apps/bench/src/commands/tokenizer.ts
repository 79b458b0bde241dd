/**
 * `autodidact tokenizer train`: a vocabulary of one's own.
 */

import process from "node:process";
import { assertApart, assertFree, commitFilledDirectory, liveLine, skipping, watchSignals } from "@autodidact/core";
import { choice, type Filled, flag } from "@autodidact/core/cards";
import {
  createTokenizer,
  type Documents,
  openDocuments,
  tokenizerKinds,
  trainTokenizer,
  warningOfUnknownIn,
  writeTokenizer,
} from "@autodidact/text";
import { columnOption, documentReading, documentReadingOf, tokenizerOptions } from "@autodidact/text/cards";
import { Command } from "commander";
import { addOptions } from "../command-options.js";
import { failureInFlags, lineInFlags, OUT_AND_DATA } from "../option-words.js";
import { commandLine } from "../resume-command.js";

const options = {
  column: columnOption,
  ...documentReading,
  kind: choice(tokenizerKinds)("wordpiece", "wordpiece as BERT's, byte-bpe as GPT-2's; protein and dna are fixed"),
  ...tokenizerOptions,
  masks: flag("characters without [MASK] and the like, for next-token alone", { usual: true }),
};

type Chosen = Filled<typeof options> & { data: string; out: string };

export function tokenizerCommand(): Command {
  const train = new Command("train")
    .description("Train a tokenizer on documents; the folder is read by Hugging Face's libraries too.")
    .requiredOption("--data <path>", "folder or file: .txt, .md, .jsonl, .csv, .tsv, .parquet, .fasta");
  addOptions(train, options)
    .requiredOption("--out <folder>", "for tokenizer.json and tokenizer_config.json")
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact tokenizer train --data speeches --out tokenizer
  $ autodidact tokenizer train --data mails.jsonl --column body --kind byte-bpe --vocabulary-size 16000 --out tokenizer
  $ autodidact tokenizer train --data genome.fa --kind dna --kmer 6 --out tokenizer`,
    )
    .action(action);
  return new Command("tokenizer")
    .description("Text to pieces: train a tokenizer.")
    .addCommand(train)
    .addHelpText(
      "after",
      "\nExample:\n  $ autodidact tokenizer train --data speeches --vocabulary-size 8192 --out tokenizer",
    );
}

async function action(chosen: Chosen): Promise<void> {
  const { data, column, out } = chosen;
  await assertFree(out, { out: "--out" });
  await assertApart(out, data, OUT_AND_DATA);
  const line = liveLine(process.stderr);
  const watch = watchSignals(line.print);
  try {
    const onCorrupt = skipping(lineInFlags(line).print);
    const documents = await openDocuments(data, { ...documentReadingOf(chosen), column, onCorrupt });
    const files = await trainTokenizer(documents, { ...chosen, show: line.show, signal: watch.signal });
    line.end();
    await commitFilledDirectory(out, (unfinished) => writeTokenizer(files, unfinished));
    const tokenizer = createTokenizer(files);
    line.print(`${tokenizer.vocabularySize} pieces: ${out}`);
    line.print(await sample(documents, tokenizer));
    const warning = await warningOfUnknownIn(documents, tokenizer, "--kind");
    if (warning !== undefined) line.print(warning);
    line.print(
      `Learn with it:\n  ${commandLine(["npx", "autodidact", "pretrain", "masked-lm", "--data", data, "--tokenizer", out])}`,
    );
  } catch (error) {
    throw failureInFlags(error);
  } finally {
    line.end();
    watch.release();
  }
}

const SHOWN = 24;

/** The data's first words, cut. */
async function sample(documents: Documents, { encode, piece }: ReturnType<typeof createTokenizer>): Promise<string> {
  for await (const { text } of documents) {
    return [...encode(text.trimStart().slice(0, 500)).subarray(0, SHOWN)].map(piece).join(" ");
  }
  return "";
}
