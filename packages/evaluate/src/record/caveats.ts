/**
 * What a score rests on, where that is less than it seems: few test examples, classes that are nowhere asked or never taught.
 */
import { grouped } from "@autodidact/core";
import { FEW_EXAMPLES } from "../wilson.js";
import type { ResultRecord } from "./schema.js";

const NAMES_SHOWN = 5;

/** A sentence for each; none where a score is what it seems. */
export function caveatsOf({ kind, task, scores }: ResultRecord): string[] {
  if (kind === "dense" || kind === "boxes") return fewImages(task.test.examples);
  if (kind !== "classes" || task.classes === null) return [];
  const { classes, test } = task;
  const caveats: string[] = [];
  if (test.examples < FEW_EXAMPLES) {
    const one = test.examples === 1;
    caveats.push(
      `Note: ${test.examples} test example${one ? "" : "s"} tell${one ? "s" : ""} little. The intervals (Wilson's, 95 %) say how little.`,
    );
  }
  const perClass = scores.find((score) => score.perClass !== undefined)?.perClass ?? [];
  const where = (is: (place: (typeof perClass)[number]) => boolean) =>
    classes.filter((_, label) => perClass[label] !== undefined && is(perClass[label]));
  const asked = where(({ examples }) => examples > 0);
  const unasked = where(({ examples }) => examples === 0);
  const untaught = where(({ learnedFrom, examples }) => learnedFrom === 0 && examples > 0);
  if (asked.length === 1) {
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

/** Their intervals are bootstrapped whatever their number, which is too narrow for few. */
function fewImages(examples: number): string[] {
  if (examples >= FEW_EXAMPLES) return [];
  const one = examples === 1;
  return [
    `Note: ${examples} test image${one ? "" : "s"} tell${one ? "s" : ""} little, less than the intervals say: these are drawn from the same few.`,
  ];
}

function named(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return `${names.slice(0, NAMES_SHOWN).join(", ")}${more > 0 ? ` and ${grouped(more)} more` : ""}`;
}

const them = (names: readonly string[]) => (names.length === 1 ? "it" : "them");
