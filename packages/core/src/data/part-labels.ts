/**
 * The classes of a set that comes in parts: which parts have labels, and what is said of them.
 */
import { byCodePoint } from "./code-points.js";
import type { FoundData, PartName, PassedOver } from "./found-data.js";

export interface SetPart {
  readonly name: PartName;
  /** Files on disk that hold it. */
  readonly files: number;
  readonly length: number;
  /** A name inside the part. */
  id(index: number): string;
  /** The name of its class; undefined where nobody says. */
  className(index: number): string | undefined;
}

export interface PartedSet {
  /** "a folder of images" */
  readonly kind: string;
  readonly parts: readonly SetPart[];
  /** The classes in their order, where the set tells them; else those that examples have, sorted. */
  readonly classes?: readonly string[] | undefined;
  /** Labels are told, not guessed from folders: one class alone is one too. */
  readonly areLabelsTold?: boolean | undefined;
  /** The order of the classes; by code point unless told. */
  readonly compare?: ((a: string, b: string) => number) | undefined;
  readonly passedOver: readonly PassedOver[];
  /** What was decided of its folders and might have been meant otherwise. */
  readonly remarks?: readonly string[] | undefined;
  /** The columns that are read of a table, by what they were taken for. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
  /** Why nothing tells classes, where that is no matter of folders: what is to be chosen. */
  readonly whyUnlabelled?: string | undefined;
}

/** Names of labels, and which parts have them. */
export interface PartLabels {
  readonly classes: readonly string[];
  /** How many of them are the training part's; others follow. */
  readonly learnable: number;
  readonly labelled: ReadonlySet<PartName>;
  /** Why there are none, or not in every part. */
  readonly reason: string;
}

/**
 * The classes of the training part, then those that only other parts have. A part is labelled where each of its images is; one class alone tells
 * nothing apart.
 */
export function labelsOf(set: PartedSet): PartLabels {
  const { parts, classes: told, areLabelsTold, compare = byCodePoint, whyUnlabelled } = set;
  const named = new Map<PartName, Set<string>>();
  let reason = whyUnlabelled ?? "they lie in no folders of classes";
  for (const part of parts) {
    const names = new Set<string>();
    let unlabelled: number | undefined;
    for (let index = 0; index < part.length; index++) {
      const name = part.className(index);
      if (name === undefined) unlabelled ??= index;
      else names.add(name);
    }
    if (unlabelled === undefined) named.set(part.name, names);
    else if (names.size > 0) reason = `${part.id(unlabelled)} has no class, others have`;
  }
  const learned = named.get("train") ?? named.get("all");
  const all = new Set([...named.values()].flatMap((names) => [...names]));
  if (told === undefined && all.size < (areLabelsTold ? 1 : 2)) {
    if (all.size === 1) reason = `there is one class alone, ${[...all][0]}`;
    return { classes: [], learnable: 0, labelled: new Set(), reason };
  }
  if (told !== undefined) return { classes: told, learnable: told.length, labelled: new Set(named.keys()), reason };
  const learnable = learned ?? all;
  const others = [...all].filter((name) => !learnable.has(name));
  return {
    classes: [...[...learnable].sort(compare), ...others.sort(compare)],
    learnable: learnable.size,
    labelled: new Set(named.keys()),
    reason,
  };
}

/** What is said of it before work begins. */
export function foundIn(set: PartedSet, labels: PartLabels): FoundData {
  const { kind, parts, passedOver, remarks, columns } = set;
  const places = new Map(labels.classes.map((name, place) => [name, place]));
  const told = parts.map((part) => {
    const perClass = new Array<number>(labels.labelled.has(part.name) ? labels.classes.length : 0).fill(0);
    if (perClass.length > 0)
      for (let index = 0; index < part.length; index++) perClass[places.get(part.className(index)!)!]! += 1;
    return { name: part.name, files: part.files, examples: part.length, perClass };
  });
  return {
    kind,
    parts: told,
    classes: labels.classes,
    passedOver,
    ...(columns && { columns }),
    ...(remarks?.length && { remarks }),
  };
}
