/**
 * A look at all recordings of a set, without training: each is decoded once at its own rate; what is kept of it is a few numbers.
 */
import {
  type CorruptSampleError,
  type Dataset,
  type Duplicate,
  type FoundData,
  type Inspection,
  type PartName,
  readSamples,
} from "@autodidact/core";
import { formatCounts, lengthInWords } from "../datasets/sound-header-sample.js";
import { type SoundSurvey, type SurveySoundsOptions, surveySounds } from "../datasets/survey-sounds.js";
import type { SoundHeader } from "../sound-files/sound-header.js";
import { lookAt, SILENCE, type SoundLook } from "./sound-look.js";

export interface InspectSoundsOptions extends SurveySoundsOptions {
  /** Longer recordings are named as broken; half an hour unless told. */
  maxSeconds?: number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface SoundInspection extends Inspection {
  /** In seconds, of those that can be read; all 0 where none can. */
  readonly lengths: {
    readonly shortest: number;
    readonly median: number;
    readonly longest: number;
    readonly total: number;
  };
  /** Recordings of which more than a thousandth of the samples is at full scale. */
  readonly clipped: readonly { readonly id: string; readonly share: number }[];
  /** Recordings whose loudest sample is below −60 dB of full scale. */
  readonly silent: readonly string[];
}

/** Louder recordings than this lose what exceeds full scale: a voice sounds harsh. */
const MOST_CLIPPED = 0.001;

/** Every part of what `surveySounds` finds at the path. */
export async function inspectSounds(path: string, options: InspectSoundsOptions = {}): Promise<SoundInspection> {
  const { maxSeconds, signal, onProgress, ...asked } = options;
  const survey = await surveySounds(path, asked);
  const { sounds, broken } = await lookAtAll(survey, { maxSeconds, signal, onProgress });
  const lengths = lengthsOf(sounds.map(({ look }) => look.seconds));
  const clipped = sounds.flatMap(({ id, look }) => (look.clipped > MOST_CLIPPED ? [{ id, share: look.clipped }] : []));
  const silent = sounds.flatMap(({ id, look }) => (look.peak < SILENCE ? [id] : []));
  const remarks = [...(survey.found.remarks ?? []), ...remarksOn({ lengths, clipped, silent })];
  return {
    found: { ...survey.found, remarks },
    broken,
    sizes: formatCounts(sounds.map(({ header }) => header)),
    duplicates: duplicatesAmong(sounds),
    lengths,
    clipped,
    silent,
  };
}

interface SeenSound {
  readonly id: string;
  readonly part: PartName;
  readonly header: Pick<SoundHeader, "sampleRate" | "channels">;
  readonly look: SoundLook;
}

type Looking = Pick<InspectSoundsOptions, "maxSeconds" | "signal" | "onProgress">;

async function lookAtAll(
  survey: SoundSurvey,
  { maxSeconds, signal, onProgress }: Looking,
): Promise<{ sounds: SeenSound[]; broken: CorruptSampleError[] }> {
  const all = survey.open({ part: survey.parts, maxSeconds, cacheBytes: 0 });
  const partOf = partsByIndex(survey.found);
  const sounds: SeenSound[] = [];
  const broken: CorruptSampleError[] = [];
  let done = 0;
  const progress = () => onProgress?.(++done, all.length);
  const onCorrupt = (error: CorruptSampleError) => {
    broken.push(error);
    progress();
  };
  const looks: Dataset<SeenSound> = {
    length: all.length,
    async get(index) {
      const look = lookAt(await all.get(index));
      return { id: all.id(index), part: partOf(index), header: await all.header!(index), look };
    },
  };
  for await (const sound of readSamples(looks, { concurrency: 4, onCorrupt, signal })) {
    sounds.push(sound);
    progress();
  }
  return { sounds, broken };
}

/** Recordings follow each other part after part. */
function partsByIndex({ parts }: FoundData): (index: number) => PartName {
  const ends: { name: PartName; end: number }[] = [];
  for (const { name, examples = 0 } of parts) ends.push({ name, end: (ends.at(-1)?.end ?? 0) + examples });
  return (index) => ends.find(({ end }) => index < end)!.name;
}

function lengthsOf(seconds: readonly number[]): SoundInspection["lengths"] {
  if (seconds.length === 0) return { shortest: 0, median: 0, longest: 0, total: 0 };
  const sorted = Float64Array.from(seconds).sort();
  const middle = (sorted.length - 1) / 2;
  return {
    shortest: sorted[0]!,
    median: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2,
    longest: sorted.at(-1)!,
    total: sorted.reduce((sum, one) => sum + one, 0),
  };
}

function remarksOn({ lengths, clipped, silent }: Pick<SoundInspection, "lengths" | "clipped" | "silent">): string[] {
  const { shortest, median, longest, total } = lengths;
  const told = (seconds: number) => `${seconds.toFixed(2)} s`;
  const remarks = [
    `lengths from ${told(shortest)} to ${told(longest)}, median ${told(median)}; ${lengthInWords(total)} in all`,
  ];
  if (clipped.length > 0) {
    const names = clipped.map(({ id, share }) => `${id} ${(100 * share).toFixed(1)} %`);
    remarks.push(`recorded too loudly, over ${100 * MOST_CLIPPED} % of samples at full scale: ${counted(names)}`);
  }
  if (silent.length > 0) remarks.push(`silent, nothing above −60 dB: ${counted(silent)}`);
  return remarks;
}

const counted = (names: readonly string[]) =>
  `${names.length} (${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""})`;

/** Equal sounds, each beside the first of them; those across parts first. */
function duplicatesAmong(sounds: readonly SeenSound[]): Duplicate[] {
  const firsts = new Map<string, Duplicate["first"]>();
  const pairs: Duplicate[] = [];
  for (const { id, part, look } of sounds) {
    if (look.peak === 0) continue; // silence of one length is no recording twice
    const first = firsts.get(look.hash);
    if (first === undefined) firsts.set(look.hash, { id, part });
    else pairs.push({ first, second: { id, part }, isExact: true });
  }
  const isWithin = ({ first, second }: Duplicate) => Number(first.part === second.part);
  return pairs.sort((a, b) => isWithin(a) - isWithin(b));
}
