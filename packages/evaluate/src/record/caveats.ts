/**
 * What a score rests on, where that is less than it seems: few test examples, classes that are nowhere asked or never taught.
 */
import { grouped } from "@autodidact/core";
import { FEW_EXAMPLES } from "../wilson.js";
import type { ResultRecord } from "./schema.js";

const NAMES_SHOWN = 5;

/** A sentence for each; none where a score is what it seems. */
export function caveatsOf(record: ResultRecord): string[] {
  const noRandomInit = record.subject.encoder?.noRandomInit; // whoever shows scores alone may have no encoder
  const missing = typeof noRandomInit === "string" ? [`Note: the random init was not measured: ${noRandomInit}.`] : [];
  return [...caveatsOfScores(record), ...missing];
}

function caveatsOfScores({ kind, task, scores }: ResultRecord): string[] {
  if (kind === "dense" || kind === "boxes") {
    return fewTell(
      task.test.examples,
      "image",
      "The intervals, bootstrapped over them, are narrower than what is known.",
    );
  }
  const { classes, test } = task;
  if (kind === "sequences")
    return fewTell(
      test.examples,
      task.modality === "speech" ? "recording" : "sentence",
      "The intervals, bootstrapped over them, are narrower than what is known.",
    );
  const isOfTokens = kind === "labels";
  if ((kind !== "classes" && !isOfTokens) || classes === null) return [];
  const caveats = isOfTokens
    ? fewTell(test.examples, "sentence", "Their tokens hang together: less is known than so many tokens would tell.")
    : fewTell(test.examples, "example", "The intervals (Wilson's, 95 %) say how little.");
  const perClass = scores.find((score) => score.perClass !== undefined)?.perClass ?? [];
  const where = (is: (place: (typeof perClass)[number]) => boolean) =>
    classes.filter((_, label) => perClass[label] !== undefined && is(perClass[label]));
  const asked = where(({ examples }) => examples > 0);
  const unasked = where(({ examples }) => examples === 0);
  const untaught = where(({ learnedFrom, examples }) => learnedFrom === 0 && examples > 0);
  if (asked.length === 1 && !isOfTokens) {
    caveats.push(
      `Note: every test example is ${asked[0]}; always answering that would be right, so the score says little.`,
    );
  } else if (unasked.length > 0) {
    caveats.push(
      `Note: the test part has no example of ${named(unasked)}: the scores say nothing of ${them(unasked)}.`,
    );
  }
  if (untaught.length > 0) {
    caveats.push(`Note: the training part has no example of ${named(untaught)}, which can never be answered.`);
  }
  return caveats;
}

function fewTell(count: number, noun: string, intervals: string): string[] {
  if (count >= FEW_EXAMPLES) return [];
  return [`Note: ${count} test ${noun}${count === 1 ? " tells" : "s tell"} little. ${intervals}`];
}

function named(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return `${names.slice(0, NAMES_SHOWN).join(", ")}${more > 0 ? ` and ${grouped(more)} more` : ""}`;
}

const them = (names: readonly string[]) => (names.length === 1 ? "it" : "them");
