/**
 * A test part by what is known of recordings: those of some speakers alone, or those that fulfil a condition.
 */
import { byNumberOrName, type PartName, UsageError } from "@autodidact/core";
import { fieldCondition } from "./field-condition.js";
import { fieldNames, known, type NamedSound } from "./sound-fields.js";

export interface HeldOutOptions {
  /** All that these say is the test part, all that others say the training part. */
  readonly heldOutSpeakers?: readonly string[] | undefined;
  /** The test part is what fulfils it: `index<5`, `speaker=george,jackson`; the rest is the training part. */
  readonly test?: string | undefined;
}

export interface HeldOut {
  readonly sounds: readonly NamedSound[];
  /** What was done, in words; undefined where nothing was asked for. */
  readonly reading: string | undefined;
}

export function heldOut(where: string, sounds: readonly NamedSound[], options: HeldOutOptions): HeldOut {
  const { heldOutSpeakers, test } = options;
  if (heldOutSpeakers === undefined && test === undefined) return { sounds, reading: undefined };
  if (heldOutSpeakers !== undefined && test !== undefined)
    throw new UsageError(`openSounds: heldOutSpeakers and test both say what the test part is. Choose one.`);
  const isTest =
    heldOutSpeakers === undefined ? byCondition(where, sounds, test!) : bySpeaker(where, sounds, heldOutSpeakers);
  const parted = sounds.map((sound) => ({ ...sound, part: (isTest(sound) ? "test" : "train") as PartName }));
  const asked = test ?? `the speakers ${heldOutSpeakers!.join(", ")}`;
  const count = parted.filter(({ part }) => part === "test").length;
  if (count === 0 || count === parted.length) {
    throw new UsageError(
      `openSounds: some of the ${parted.length} recordings of ${where} must be held out for testing and some left to learn from; ${asked} holds out ${count}.`,
    );
  }
  const before = new Set(sounds.map(({ part }) => part));
  const instead = before.size > 1 || !before.has("all") ? `, whatever the parts ${[...before].join(", ")}` : "";
  return { sounds: parted, reading: `tested on ${asked}${instead}` };
}

function bySpeaker(
  where: string,
  sounds: readonly NamedSound[],
  names: readonly string[],
): (sound: NamedSound) => boolean {
  const speakers = new Set(sounds.flatMap(({ speaker }) => speaker ?? []));
  if (speakers.size === 0) {
    throw new UsageError(
      `openSounds: nothing in ${where} tells who speaks, as heldOutSpeakers asks. Say what does: { speakerFrom: "folder" }, or a pattern with {speaker}.`,
    );
  }
  const silent = sounds.find(({ speaker }) => speaker === undefined);
  if (silent !== undefined)
    throw new UsageError(
      `openSounds: heldOutSpeakers needs the speaker of every recording, and nothing tells who speaks in ${silent.id}.`,
    );
  const strange = names.filter((name) => !speakers.has(name));
  if (strange.length > 0) {
    const there = [...speakers].sort(byNumberOrName);
    const shown = `${there.slice(0, 20).join(", ")}${there.length > 20 ? ", …" : ""}`;
    throw new UsageError(
      `openSounds: heldOutSpeakers must be speakers of ${where} (${shown}), got ${strange.join(", ")}.`,
    );
  }
  const asked = new Set(names);
  return ({ speaker }) => asked.has(speaker!);
}

function byCondition(where: string, sounds: readonly NamedSound[], test: string): (sound: NamedSound) => boolean {
  const condition = fieldCondition(test);
  const field = known(where, fieldNames(sounds), "test", condition.field);
  return ({ fields, id }) => {
    const value = fields[field];
    if (value !== undefined) return condition.holds(value, id);
    throw new UsageError(`openSounds: test ${test}: nothing tells the ${field} of ${id}.`);
  };
}
