/**
 * A look at all of somebody's texts, without training: what they are, what is broken, what stands in them twice.
 */

import { createHash } from "node:crypto";
import type { CorruptSampleError, Duplicate, FoundData, Inspection, PartName } from "@autodidact/core";
import { counted } from "@autodidact/core";
import {
  type LabelledSet,
  type LabelledSetOptions,
  type LabelledSetPart,
  readLabelledSet,
} from "../documents/labelled-set.js";
import { type OpenDocumentsOptions, openDocuments } from "../documents/open-documents.js";
import { nearDuplicates, sketchOf } from "./near-duplicates.js";

export interface InspectTextsOptions
  extends Omit<OpenDocumentsOptions, "maxCorrupt" | "onCorrupt">,
    Pick<LabelledSetOptions, "textColumn" | "labelColumn" | "header"> {
  signal?: AbortSignal | undefined;
  /** Told of texts that were looked at, now and then. */
  onProgress?: ((texts: number) => void) | undefined;
}

/** Texts of which sketches are kept, 300 bytes each or so; of more only equal ones are found. */
const MOST_COMPARED = 200_000;
/** Pairs that are told. */
const MOST_PAIRS = 10_000;

/** Labelled tables with their classes, where `column` is not told; else documents. All that is broken is passed over and told. */
export async function inspectTexts(path: string, options: InspectTextsOptions = {}): Promise<Inspection> {
  const { column, signal, onProgress, ...reading } = options;
  const labelled = column === undefined ? await labelledOrNot(path, reading) : undefined;
  if (labelled !== undefined && !(labelled instanceof Error)) {
    const look = lookAt(onProgress, signal);
    for (const { name, ids, texts } of partsOf(labelled.set))
      for (const [row, text] of texts.entries()) look.add({ id: ids[row]!, part: name, text });
    return { ...look.end(labelledFound(labelled.set)), broken: labelled.broken };
  }
  try {
    return await inspectDocuments(path, options);
  } catch (error) {
    throw labelled !== undefined && /\.(csv|tsv|jsonl|ndjson|parquet)/.test((error as Error).message)
      ? labelled
      : error;
  }
}

async function inspectDocuments(
  path: string,
  { signal, onProgress, ...reading }: InspectTextsOptions,
): Promise<Inspection> {
  const broken: CorruptSampleError[] = [];
  const onCorrupt = (error: CorruptSampleError) => broken.push(error);
  const documents = await openDocuments(path, { ...reading, maxCorrupt: Infinity, onCorrupt });
  const look = lookAt(onProgress, signal);
  for await (const { id, text, continues } of documents) {
    if (continues) look.goOn(text);
    else look.add({ id, part: "all", text });
  }
  const found = documents.found!;
  const [part] = found.parts;
  return { ...look.end({ ...found, parts: [{ ...part!, examples: look.count }] }), broken };
}

type Labelled = { readonly set: LabelledSet; readonly broken: readonly CorruptSampleError[] };

async function labelledOrNot(path: string, reading: LabelledSetOptions): Promise<Labelled | Error> {
  const broken: CorruptSampleError[] = [];
  const onCorrupt = (error: CorruptSampleError) => broken.push(error);
  try {
    return { set: await readLabelledSet(path, { ...reading, maxCorrupt: Infinity, onCorrupt }), broken };
  } catch (error) {
    return error as Error;
  }
}

const partsOf = ({ train, test }: LabelledSet): readonly (Omit<LabelledSetPart, "name"> & { name: PartName })[] =>
  test === undefined ? [{ ...train, name: "all" }] : [train, test];

function labelledFound(set: LabelledSet): FoundData {
  const parts = partsOf(set).map(({ name, files, texts, labels, classes }) => {
    const perClass = new Array<number>(classes.length).fill(0);
    for (const label of labels) perClass[label]! += 1;
    return { name, files: files.length, examples: texts.length, perClass };
  });
  return { ...set.found, parts };
}

interface Looked {
  readonly id: string;
  readonly part: PartName;
}

/** Gathers what is told of texts that come one after the other. */
function lookAt(onProgress: ((texts: number) => void) | undefined, signal: AbortSignal | undefined) {
  const seen: Looked[] = [];
  const words: number[] = [];
  const byHash = new Map<string, number>();
  const near = nearDuplicates();
  /** The places of the texts that it has. */
  const sketched: number[] = [];
  const pairs: Duplicate[] = [];
  let begun: { hash: ReturnType<typeof createHash>; beginning: string; place: number } | undefined;
  let uncompared = 0;

  function addPair(first: number, second: number, isExact: boolean): void {
    if (pairs.length < MOST_PAIRS) pairs.push({ first: seen[first]!, second: seen[second]!, isExact });
  }

  /** The text before is whole: it is compared with those before it. */
  function finish(): void {
    if (begun === undefined) return;
    const { hash, beginning, place } = begun;
    begun = undefined;
    const digest = hash.digest("base64");
    const equal = byHash.get(digest);
    if (equal !== undefined) {
      addPair(equal, place, true); // its like are those of the first
      return;
    }
    byHash.set(digest, place);
    if (place >= MOST_COMPARED) {
      uncompared += 1;
      return;
    }
    sketched.push(place);
    for (const other of near.add(sketchOf(beginning))) addPair(sketched[other]!, place, false);
  }

  return {
    get count() {
      return seen.length;
    },
    add({ id, part, text }: Looked & { readonly text: string }): void {
      signal?.throwIfAborted();
      finish();
      begun = { hash: createHash("sha256"), beginning: text.slice(0, 4000), place: seen.length };
      seen.push({ id, part });
      words.push(0);
      this.goOn(text);
      if (seen.length % 1000 === 0) onProgress?.(seen.length);
    },
    goOn(text: string): void {
      begun?.hash.update(text.replaceAll(/\s+/g, " ").trim());
      words[words.length - 1]! += text.match(/\S+/g)?.length ?? 0;
    },
    end(found: FoundData): Omit<Inspection, "broken"> {
      finish();
      const isAcross = ({ first, second }: Duplicate) => Number(first.part !== second.part);
      const rest = {
        what: "texts beyond the first 200,000, compared for equal ones only",
        count: uncompared,
        names: [],
      };
      return {
        found: uncompared === 0 ? found : { ...found, passedOver: [...found.passedOver, rest] },
        sizes: sizesOf(words),
        duplicates: pairs.sort((a, b) => isAcross(b) - isAcross(a)),
      };
    },
  };
}

/** Quarters of the texts by their words. */
function sizesOf(words: readonly number[]): Inspection["sizes"] {
  const sorted = Float64Array.from(words).sort();
  const sizes = new Map<string, number>();
  const ends = [0.25, 0.5, 0.75, 1].map((share) => Math.ceil(share * sorted.length));
  let start = 0;
  for (const end of ends) {
    if (end <= start) continue;
    const [least, most] = [sorted[start]!, sorted[end - 1]!];
    const size = least === most ? counted(most, "words") : `${least} to ${most} words`;
    sizes.set(size, (sizes.get(size) ?? 0) + end - start);
    start = end;
  }
  return Array.from(sizes, ([size, count]) => ({ size, count })).sort((a, b) => b.count - a.count);
}
