/**
 * Labelled data of any modality for protocols: a part to learn heads from, and a part to test them on, whole in memory.
 */

import { UsageError } from "../usage-error.js";
import { contentHash } from "./content-hash.js";
import type { CorruptSampleError, Dataset } from "./dataset.js";
import type { FoundData, PartName } from "./found-data.js";
import { type ClassSize, heldOutFifth, heldOutOfFew } from "./held-out-fifth.js";
import type { LabelledData, LabelledPart } from "./labelled-data.js";
import { readAllowed } from "./read-allowed.js";
import { firstPerClass } from "./split.js";

/** What was found at a path, before any of it is read. */
export interface LabelledSurvey<Example extends { readonly label?: number | undefined }> {
  readonly found: FoundData;
  readonly parts: readonly PartName[];
  /** Parts of which every example has a class. */
  readonly labelled: readonly PartName[];
  /** How many of the classes are the training part's; those that follow are in other parts alone. */
  readonly learnableClasses: number;
  /** Why there are no labels: "they lie in no folders of classes". */
  readonly whyUnlabelled: string;
  open(part: PartName): Promise<Dataset<Example> & { label(index: number): number | undefined }>;
}

export interface OpenLabelledOptions {
  /** The first so many of each class, of the training part; all unless told. */
  readonly perClass?: number | undefined;
  /** Examples of a part that may be broken: a share below 1, or a count; the greater of 1 % and 10, at most half, unless told. */
  readonly maxCorrupt?: number | undefined;
  /** Told what was understood of the data, before it is read. */
  readonly onFound?: ((found: FoundData) => void) | undefined;
  /** Told of each broken example that is passed over. */
  readonly onCorrupt?: ((error: CorruptSampleError) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface LabelledQuestion<Example> {
  /** Who was asked, for errors: "openLabelledImages". */
  readonly who: string;
  /** The data's path, for errors. */
  readonly path: string;
  /** What the examples are called, in the plural: "images". */
  readonly noun: string;
  /** What to do where there are no labels, in sentences. */
  readonly advice: string;
  /** Who made an example, where that is known. */
  groupOf?(example: Example): number | undefined;
  /** What of an example is hashed. */
  contentOf(example: Example): Iterable<string | Uint8Array>;
}

/**
 * A train and a test part: the test part is the one of that name, else the validation part, else a fifth of each class of the training part.
 * `found` says which.
 */
export async function openLabelledParts<Example extends { readonly label?: number | undefined }>(
  question: LabelledQuestion<Example>,
  survey: LabelledSurvey<Example>,
  options: OpenLabelledOptions = {},
): Promise<LabelledData<Example>> {
  const { perClass, onFound } = options;
  const chosen = chooseParts(question, survey);
  const found = { ...survey.found, reading: [...(survey.found.reading ?? []), chosen.reading] };
  onFound?.(found);
  const { train, test } = await openParts(survey, chosen);
  return {
    classes: survey.found.classes.slice(0, survey.learnableClasses),
    train: await readPart(
      question,
      { ...train, rows: firstPerClass(train.rows, (row) => train.dataset.label(row), perClass) },
      options,
    ),
    test: await readPart(question, test, options),
    isTestHeldOut: chosen.test === undefined,
    found,
  };
}

interface Chosen {
  readonly train: PartName;
  /** Undefined: a fifth of the training part is held out. */
  readonly test: PartName | undefined;
  /** The same in words. */
  readonly reading: string;
}

function chooseParts<Example extends { readonly label?: number | undefined }>(
  { who, path, advice }: LabelledQuestion<Example>,
  survey: LabelledSurvey<Example>,
): Chosen {
  const { parts, labelled } = survey;
  const train = parts.find((part) => part === "train" || part === "all");
  if (train === undefined)
    throw new UsageError(`${who}: ${path} must have a part to learn from, got ${parts.join(", ")} alone.`);
  if (!labelled.includes(train) || survey.learnableClasses < 2) {
    throw new UsageError(`${who}: ${path} must have labels, and has none: ${survey.whyUnlabelled}. ${advice}`);
  }
  const test = (["test", "validation"] as const).find((part) => labelled.includes(part));
  if (test !== undefined) assertKnown({ who, path }, survey, { train, test });
  const unlabelledTest = parts.includes("test") && test !== "test" ? "; the test part has no labels" : "";
  const reading =
    test === undefined
      ? [
          `a fifth of each class of ${train} is held out for testing${unlabelledTest}`,
          ...heldOutOfFew(who, sizesOf(survey, train)),
        ].join("; ")
      : `learns from ${train}, tested on ${test}${unlabelledTest}`;
  return { train, test, reading };
}

function sizesOf(
  { found, learnableClasses }: Pick<LabelledSurvey<object>, "found" | "learnableClasses">,
  part: PartName,
): ClassSize[] {
  const { perClass } = found.parts.find(({ name }) => name === part)!;
  return found.classes.slice(0, learnableClasses).map((name, label) => ({ name, examples: perClass[label] ?? 0 }));
}

/** A class that nothing was learned of cannot be answered; one that is not asked for is no harm. */
function assertKnown(
  { who, path }: { readonly who: string; readonly path: string },
  { found, learnableClasses }: Pick<LabelledSurvey<object>, "found" | "learnableClasses">,
  { train, test }: Record<"train" | "test", PartName>,
): void {
  const counts = found.parts.find(({ name }) => name === test)!.perClass;
  const strange = found.classes.filter((_, label) => label >= learnableClasses && (counts[label] ?? 0) > 0);
  if (strange.length === 0) return;
  const known = found.classes.slice(0, learnableClasses);
  const some = (names: readonly string[]) => `${names.slice(0, 10).join(", ")}${names.length > 10 ? ", …" : ""}`;
  throw new UsageError(
    `${who}: every class of the ${test} part of ${path} must be in its ${train} part too, and ${some(strange)} ` +
      `${strange.length === 1 ? "is" : "are"} not: ${train} has ${some(known)}.`,
  );
}

interface Part<Example> {
  readonly dataset: Dataset<Example> & { label(index: number): number | undefined };
  readonly rows: readonly number[];
}

async function openParts<Example extends { readonly label?: number | undefined }>(
  survey: LabelledSurvey<Example>,
  chosen: Chosen,
): Promise<Record<"train" | "test", Part<Example>>> {
  const whole = await survey.open(chosen.train);
  const all = (dataset: Part<Example>["dataset"]) => ({ dataset, rows: Array.from(Array(dataset.length).keys()) });
  if (chosen.test !== undefined) return { train: all(whole), test: all(await survey.open(chosen.test)) };
  const labels = Int32Array.from({ length: whole.length }, (_, row) => whole.label(row)!);
  const rows = heldOutFifth(labels, survey.learnableClasses);
  return { train: { dataset: whole, rows: rows.train }, test: { dataset: whole, rows: rows.test } };
}

async function readPart<Example extends { readonly label?: number | undefined }>(
  question: LabelledQuestion<Example>,
  { dataset, rows }: Part<Example>,
  { maxCorrupt, onCorrupt, signal }: OpenLabelledOptions,
): Promise<LabelledPart<Example>> {
  const { who, noun } = question;
  const examples = await readAllowed(dataset, { who, noun, rows, maxCorrupt, onCorrupt, signal });
  const labels = Int32Array.from(examples, ({ label }) => label!);
  const groups = groupsOf(examples, question);
  return { examples, labels, ...(groups && { groups }), hash: contentHash(contentsOf(examples, question)) };
}

/** Undefined where one of them has none. */
function groupsOf<Example>(
  examples: readonly Example[],
  { groupOf }: LabelledQuestion<Example>,
): Int32Array | undefined {
  const groups = examples.map((example) => groupOf?.(example));
  return groups.includes(undefined) ? undefined : Int32Array.from(groups as number[]);
}

function* contentsOf<Example>(examples: readonly Example[], { contentOf }: LabelledQuestion<Example>) {
  for (const example of examples) yield* contentOf(example);
}
