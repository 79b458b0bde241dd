/**
 * What recordings lie at a path: their layout, parts, classes, speakers, transcripts, and what is passed over. Headers of some are read; nothing is
 * decoded.
 */
import {
  byNumberOrName,
  counted,
  type FoundData,
  foundIn,
  labelsOf,
  type PartLabels,
  type PartName,
  type PassedOver,
  partsOf,
  tally,
} from "@autodidact/core";
import { type HeldOutOptions, heldOut } from "./held-out-sounds.js";
import type { SoundDataset } from "./sound-dataset.js";
import { type FieldOptions, type NamedSound, namedSounds } from "./sound-fields.js";
import { headerRemarks } from "./sound-header-sample.js";
import { type DecodeOptions, datasetOf, type SoundPart, soundParts, speakersOf } from "./sound-set.js";
import type { ToldSounds } from "./told-sounds.js";
import { type LayoutOptions, nothingAt, toldSoundsAt } from "./told-sounds-at.js";

export interface SurveySoundsOptions extends LayoutOptions, FieldOptions, HeldOutOptions {
  /** Recordings of which a field or a column says no class are passed over, where it says others'. All are kept unless told. */
  readonly onlyLabelled?: boolean | undefined;
  /** Whether it is remarked that nothing tells classes, and how they are told; true unless told. Learning without labels needs none. */
  readonly asksClasses?: boolean | undefined;
}

export interface SoundPartOptions extends DecodeOptions {
  /** Which part; several are taken one after the other. It may be left out where there is one alone. */
  part?: PartName | readonly PartName[] | undefined;
}

export interface SoundSurvey {
  readonly found: FoundData;
  /** In their order: train, validation, test, unlabelled; or all. */
  readonly parts: readonly PartName[];
  /** Parts of which every recording has a class. */
  readonly labelled: readonly PartName[];
  /** How many of the classes are the training part's; those that follow are in other parts alone. */
  readonly learnableClasses: number;
  /** Why there are no labels: what is to be chosen. */
  readonly whyUnlabelled: string;
  /** All of them, by index. */
  readonly speakers: readonly string[];
  open(options: SoundPartOptions): SoundDataset;
}

/** A folder of recordings in any of the layouts that the README tells, tar archives of them, a table that names them, or one file. */
export async function surveySounds(path: string, options: SurveySoundsOptions = {}): Promise<SoundSurvey> {
  const told = await toldSoundsAt(path, options);
  const { sounds: all, labelField } = namedSounds(path, told, options);
  const { kept, passedOver } = withClasses(all, options.onlyLabelled ? labelField : undefined);
  const { sounds, reading } = heldOut(path, kept, options);
  if (sounds.length === 0) throw nothingAt(path, told.passedOver);
  const parts = soundParts(told.source, sounds);
  const set = {
    kind: told.kind,
    parts,
    areLabelsTold: true,
    compare: byNumberOrName,
    passedOver: [...passedOver, ...told.passedOver],
    remarks: await remarksOn(told, sounds, { labelField, asksClasses: options.asksClasses ?? true }),
  };
  const labels = labelsOf(set);
  const speakers = speakersOf(sounds);
  const readings = [...(told.reading ?? []), ...(reading === undefined ? [] : [reading])];
  const names = parts.map(({ name }) => name);
  const tellers = told.tellers.map((place) => told.source.textFile(place));
  return {
    found: {
      ...foundIn(set, labels),
      ...(told.columns !== undefined && { columns: told.columns }),
      ...(readings.length > 0 && { reading: readings }),
    },
    parts: names,
    labelled: labels.classes.length > 0 ? names.filter((part) => labels.labelled.has(part)) : [],
    learnableClasses: labels.learnable,
    whyUnlabelled: whyUnlabelled(told, labelField, labels),
    speakers,
    open({ part, ...decoding }) {
      const chosen: readonly SoundPart[] = partsOf({ who: "openSounds", where: path }, parts, part);
      return datasetOf(chosen, { source: told.source, labels, speakers, tellers }, decoding);
    },
  };
}

/** A recording beside folders of classes is no row without a class: that is unclear, and stays. */
function withClasses(
  sounds: readonly NamedSound[],
  labelField: string | undefined,
): { kept: readonly NamedSound[]; passedOver: PassedOver[] } {
  const isTold = labelField !== undefined && labelField !== "folder";
  if (!isTold) return { kept: sounds, passedOver: [] };
  const others = tally();
  for (const { id, label } of sounds) if (label === undefined) others.add("recordings without a class", id);
  return { kept: sounds.filter(({ label }) => label !== undefined), passedOver: others.list() };
}

function whyUnlabelled(told: ToldSounds, labelField: string | undefined, { classes, reason }: PartLabels): string {
  if (labelField === undefined) return told.whyUnlabelled;
  return classes.length === 1 ? `there is one class alone, ${classes[0]}` : reason;
}

const SHOWN = 12;

async function remarksOn(
  { source, remarks, labelField: settled, whyUnlabelled }: ToldSounds,
  sounds: readonly NamedSound[],
  { labelField, asksClasses }: { labelField: string | undefined; asksClasses: boolean },
): Promise<string[]> {
  const said = [...remarks];
  if (labelField === undefined) said.push(...(asksClasses ? [`no classes: ${whyUnlabelled}`] : []));
  else if (labelField !== settled || labelField !== "label") said.push(`classes by ${labelField}`);
  const speakers = speakersOf(sounds);
  if (speakers.length > 0) {
    const shown = `${speakers.slice(0, SHOWN).join(", ")}${speakers.length > SHOWN ? ", …" : ""}`;
    said.push(`${speakers.length} speaker${speakers.length === 1 ? "" : "s"}: ${shown}`);
  }
  const transcribed = sounds.filter(({ transcript }) => transcript !== undefined).length;
  if (transcribed > 0)
    said.push(
      `transcripts of ${transcribed === sounds.length ? "all recordings" : counted(transcribed, "recordings")}`,
    );
  const rows = sounds.map(({ row }) => row);
  return [...said, ...(await headerRemarks(source, rows))];
}
