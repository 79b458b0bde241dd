/**
 * The most probable label sequences of CTC: greedily the labels of the best path, or by a beam over prefixes, each with the sum over its paths.
 *
 * Graves et al. 2006, section 3.2; Hannun et al. 2014, https://arxiv.org/abs/1408.2873, Algorithm 1, without a language model. Label 0 is the blank.
 */

import type { FrameLogarithms } from "./frame-logarithms.js";

export interface DecodedLabels {
  readonly labels: Int32Array;
  /** ln p of the best path of these labels, or of all paths that the beam saw. */
  readonly logProbability: number;
}

/** The most probable class of each frame, repeats collapsed, blanks dropped. */
export function greedyLabels({ values, frames, classes }: FrameLogarithms): DecodedLabels {
  const labels: number[] = [];
  let [before, logProbability] = [0, 0];
  for (let frame = 0; frame < frames; frame += 1) {
    const row = values.subarray(frame * classes, (frame + 1) * classes);
    let best = 0;
    for (let label = 1; label < classes; label += 1) if (row[label]! > row[best]!) best = label;
    if (best !== 0 && best !== before) labels.push(best);
    before = best;
    logProbability += row[best]!;
  }
  return { labels: Int32Array.from(labels), logProbability };
}

interface Prefix {
  readonly last: number;
  readonly before: Prefix | undefined;
  /** Prefixes of one label more, each made once. */
  readonly next: Map<number, Prefix>;
}

/** ln p of a prefix's paths so far: those that end with a blank, and those that end with its last label. */
interface Ending {
  blank: number;
  label: number;
}

/**
 * The `beam` most probable label sequences, the best first. Exact where the beam holds every prefix; a narrower one may lose some of the paths.
 */
export function prefixBeamSearch({ values, frames, classes }: FrameLogarithms, beam: number): DecodedLabels[] {
  if (!Number.isInteger(beam) || beam < 1) {
    throw new RangeError(`prefixBeamSearch: beam must be a whole number above 0, got ${beam}.`);
  }
  const nothing: Prefix = { last: 0, before: undefined, next: new Map() };
  let kept = new Map<Prefix, Ending>([[nothing, { blank: 0, label: -Infinity }]]);
  for (let frame = 0; frame < frames; frame += 1) {
    const row = values.subarray(frame * classes, (frame + 1) * classes);
    kept = mostProbable(extended(kept, row), beam);
  }
  return [...kept]
    .map(([prefix, ending]) => ({ labels: labelsOf(prefix), logProbability: whole(ending) }))
    .sort((a, b) => b.logProbability - a.logProbability);
}

/** What each prefix becomes with one frame more. */
function extended(kept: ReadonlyMap<Prefix, Ending>, row: Float32Array): Map<Prefix, Ending> {
  const found = new Map<Prefix, Ending>();
  const endingOf = (prefix: Prefix): Ending => {
    const ending = found.get(prefix) ?? { blank: -Infinity, label: -Infinity };
    found.set(prefix, ending);
    return ending;
  };
  for (const [prefix, ending] of kept) {
    const [all, stays] = [whole(ending), endingOf(prefix)];
    stays.blank = logAdd(stays.blank, all + row[0]!);
    if (prefix.before !== undefined) stays.label = logAdd(stays.label, ending.label + row[prefix.last]!); // a repeat collapses
    for (let label = 1; label < row.length; label += 1) {
      const grown = endingOf(longer(prefix, label));
      const from = label === prefix.last ? ending.blank : all; // the same label again takes a blank between
      grown.label = logAdd(grown.label, from + row[label]!);
    }
  }
  return found;
}

function longer(prefix: Prefix, label: number): Prefix {
  const known = prefix.next.get(label);
  if (known !== undefined) return known;
  const made: Prefix = { last: label, before: prefix, next: new Map() };
  prefix.next.set(label, made);
  return made;
}

/** What cannot be is left out. */
function mostProbable(found: Map<Prefix, Ending>, beam: number): Map<Prefix, Ending> {
  const possible = [...found].filter(([, ending]) => whole(ending) > -Infinity);
  if (possible.length <= beam) return new Map(possible);
  return new Map(possible.sort(([, a], [, b]) => whole(b) - whole(a)).slice(0, beam));
}

function labelsOf(prefix: Prefix): Int32Array {
  const labels: number[] = [];
  for (let at: Prefix = prefix; at.before !== undefined; at = at.before) labels.push(at.last);
  return Int32Array.from(labels.reverse());
}

const whole = ({ blank, label }: Ending) => logAdd(blank, label);

/** ln(eᵃ + eᵇ). */
function logAdd(a: number, b: number): number {
  const most = Math.max(a, b);
  return most === -Infinity ? most : most + Math.log1p(Math.exp(-Math.abs(a - b)));
}
