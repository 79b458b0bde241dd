/**
 * The way from documents to what a run learns from: its tokenizer, in the run's folder, and its tokens.
 */
import { rmdir } from "node:fs/promises";
import { join } from "node:path";
import { assertReplaceable, commitFilledDirectory, removeDirectory } from "@autodidact/core";
import {
  type Documents,
  type Examples,
  isCorpusFile,
  openCorpus,
  openDocuments,
  readTokenizer,
  type SplitCorpus,
  type Tokenizer,
  tokenize,
  writeTokenizer,
} from "@autodidact/text";
import { exists } from "../free-folder.js";
import type { Place } from "../modality.js";
import { failureInFlags, inFlags, toldInFlags } from "../option-words.js";
import { assertApart } from "../out-folder.js";
import { grouped } from "../progress.js";
import { skipping } from "../skipping.js";
import { UsageError } from "../usage-error.js";
import type { DocumentReading } from "./reading-options.js";

export const tokenizerFolder = (runFolder: string) => join(runFolder, "tokenizer");

/** Where the run's tokens lie. */
export const tokensFolder = (runFolder: string, cache: string | null | undefined) => cache ?? join(runFolder, "tokens");

/** Refuses a --cache that holds something else, or lies in the data: before minutes of work. */
export async function assertTokensGoTo(cache: string, data: string): Promise<void> {
  await assertApart(cache, data, "--cache");
  await assertReplaceable(cache, { isOwn: isCorpusFile });
}

/** Removes the tokenizer and the tokens of a run that did not come to be; a --cache stays, for it is of use to the next. */
export async function removePrepared(runFolder: string, cache: string | null | undefined): Promise<void> {
  await removeDirectory(tokenizerFolder(runFolder)).catch(ifMissing);
  if (cache === undefined || cache === null) {
    await removeDirectory(tokensFolder(runFolder, cache), { isOwn: isCorpusFile }).catch(ifMissing);
    await rmdir(join(runFolder, ".lock-tokens")).catch(ifMissing);
  }
}

function ifMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT" && error.code !== "ENOTEMPTY") throw error;
}

/** Broken documents are named and passed over, the first ones at least. Failures are told with the command's options. */
export async function openAll(
  path: string,
  { column, ...reading }: DocumentReading & { readonly column: string },
  print: (text: string) => void,
): Promise<Documents> {
  const onCorrupt = skipping((text) => print(inFlags(text)));
  const documents = await toldInFlags(openDocuments(path, { ...reading, column, onCorrupt }));
  return {
    bytes: documents.bytes,
    found: documents.found,
    fingerprint: () => documents.fingerprint(),
    async *[Symbol.asyncIterator]() {
      try {
        yield* documents;
      } catch (error) {
        throw failureInFlags(error);
      }
    },
  };
}

/** Keeps the tokenizer with the run, whatever becomes of where it is from. */
export async function keepTokenizer(files: Tokenizer["files"], runFolder: string): Promise<Tokenizer> {
  const folder = tokenizerFolder(runFolder);
  await commitFilledDirectory(folder, (unfinished) => writeTokenizer(files, unfinished));
  return readTokenizer(folder);
}

export async function tokensOf(
  documents: Documents,
  tokenizer: Tokenizer,
  folder: string,
  { validationShare, line, signal }: { validationShare: number } & Pick<Place, "line" | "signal">,
): Promise<SplitCorpus> {
  return tokenize(documents, tokenizer, folder, {
    validationShare,
    signal,
    onRebuild: (reason) => line.print(`${folder} is made anew: ${reason}`),
    onProgress: ({ tokens, bytes, documents: count }) => {
      const share = Math.min(99, Math.floor((100 * bytes) / Math.max(1, documents.bytes)));
      line.show(`tokens: ${grouped(tokens)} of ${grouped(count)} documents, ${share} % of the text`);
    },
  });
}

/** The tokens of a run that has begun; where its data is gone, those that it kept. */
export async function reopenTokens(
  tokenizer: Tokenizer,
  options: {
    path: string;
    column: string;
    reading?: DocumentReading | undefined;
    validationShare: number;
    cache: string | null;
  } & Place,
): Promise<SplitCorpus> {
  const { path, column, reading, cache, folder, line } = options;
  const tokens = tokensFolder(folder, cache);
  if (!(await exists(path)) && (await exists(tokens))) {
    line.print(`${path} is not there; going on with the tokens in ${tokens}`);
    return openCorpus(tokens);
  }
  return tokensOf(await openAll(path, { ...reading, column }, line.print), tokenizer, tokens, options);
}

/** Refuses pairs of one kind alone: there would be nothing to tell apart, and guessing would be right always. */
export function assertBothKinds({ kind, labelCounts }: Pick<Examples, "kind" | "labelCounts">): void {
  if (labelCounts === undefined || Math.min(...labelCounts) > 0) return;
  const [zeros, ones] = labelCounts;
  const [first, second] = kindsOfPairs(kind);
  throw new UsageError(
    `${kind} must have pairs of both kinds, got ${zeros} that ${first} and ${ones} that ${second}. ` +
      "Take more documents of several sentences each, a greater --context, or pretrain masked-lm, which needs no pairs.",
  );
}

const kindsOfPairs = (kind: Examples["kind"]) =>
  kind === "next-sentence" ? ["follow", "are random"] : ["stand as written", "are swapped"];

/** Which share of the pairs says what, in words: chance is the greater. */
export function describeBalance({ kind, labelCounts }: Examples): string | undefined {
  if (labelCounts === undefined) return undefined;
  const [zeros, ones] = labelCounts;
  const [first, second] = kindsOfPairs(kind);
  const share = (count: number) => `${((100 * count) / (zeros + ones)).toFixed(1)} %`;
  return `pairs: ${zeros + ones}, of which ${share(zeros)} ${first} and ${share(ones)} ${second}`;
}

/** `2,332,655 tokens of 215 documents to learn from, 146,254 tokens of 18 documents held out` */
export function describeCorpus({ train, validation }: SplitCorpus): string {
  const part = ({ tokens, documentStarts: { length } }: SplitCorpus["train"]) =>
    `${grouped(tokens)} tokens of ${grouped(length - 1)} document${length === 2 ? "" : "s"}`;
  return `${part(train)} to learn from, ${part(validation)} held out`;
}
