/**
 * Which files of a folder hold sentences whose words have labels, and which of them are learned from, by their names.
 */
import {
  listed,
  type PartName,
  partInWords,
  type SourceFile,
  type SourceFiles,
  sourceFiles,
  UsageError,
} from "@autodidact/core";

export interface SentenceFiles {
  /** What is learned from, or the only file there is. */
  readonly train: readonly SourceFile[];
  /** What can be tested on; undefined where there is no such part. */
  readonly test: readonly SourceFile[] | undefined;
  /** What the part is called that is tested on. */
  readonly testName: Extract<PartName, "test" | "validation">;
  readonly all: SourceFiles;
}

/** The likeliest first: where a set is there in several forms, its first form counts. */
const ENDINGS = [
  ["conllu", "conll", "conllx", "conll03", "conll2003", "bio", "iob", "iob2", "iobes", "bioes"],
  ["tsv", "csv", "jsonl", "ndjson", "parquet"],
  ["txt", "data"],
  ["train", "testa", "testb", "dev", "test", "valid"], // CoNLL-2003's own: eng.train, eng.testa
];

export async function sentenceFiles(path: string): Promise<SentenceFiles> {
  const all = await sourceFiles("openLabelledSentences", path);
  const [only] = all.files;
  if (all.files.length === 1 && only!.path === path) return { train: [only!], test: undefined, testName: "test", all };
  for (const endings of ENDINGS) {
    const own = all.files.filter(({ id }) => endings.includes(endingOf(id)));
    const named = (part: PartName) => own.filter(({ id }) => partOf(id) === part);
    const train = named("train");
    if (train.length > 0) {
      const [test, validation] = [named("test"), named("validation")];
      const testName = test.length > 0 ? "test" : "validation";
      const asked = testName === "test" ? test : validation;
      return { train, test: asked.length > 0 ? asked : undefined, testName, all };
    }
    if (own.length === 1) return { train: own, test: undefined, testName: "test", all };
    if (own.length > 1) break;
  }
  throw new UsageError(
    `openLabelledSentences: ${path} must be a file of sentences whose words have labels, or hold one, or train and test parts of one ` +
      `(train.conll, test.conll or dev.conll), got ${listed(all.files.map(({ id }) => id))}. Name one file.`,
  );
}

const endingOf = (id: string) => /\.([a-z0-9]+)(\.gz)?$/i.exec(id)?.[1]?.toLowerCase() ?? "";

function partOf(id: string): PartName | undefined {
  const name = id.slice(id.lastIndexOf("/") + 1).toLowerCase();
  if (/\btesta\b/.test(name)) return "validation";
  if (/\btestb\b/.test(name)) return "test";
  return partInWords(name);
}
