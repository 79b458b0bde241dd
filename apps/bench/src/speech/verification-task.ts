/**
 * `evaluate --protocol verification`: do two recordings have one speaker, by the cosine of their embeddings?
 */
import { basename, resolve } from "node:path";
import {
  type CorruptSampleError,
  counted,
  createRandom,
  describeFoundData,
  grouped,
  readAllowed,
  skipping,
  UsageError,
} from "@autodidact/core";
import { share, text, whole } from "@autodidact/core/cards";
import {
  circumstancesOf,
  compare,
  contenderName,
  describeSubject,
  probeRecord,
  type ResultRecord,
  thresholdAt,
  verification,
} from "@autodidact/evaluate";
import {
  type LoadedSpeechEncoder,
  loadSpeechEncoder,
  makeTrials,
  readTrials,
  type SoundDataset,
  type SoundSurvey,
  speakerContenders,
  surveySounds,
  type TrialList,
} from "@autodidact/speech";
import { boundsOf, readingOf, soundReading } from "@autodidact/speech/cards";
import type { Session } from "../engine-options.js";
import type { Asked, EvaluationTask } from "../evaluation.js";
import { inSpeechFlags, soundsFoundInFlags, soundsInFlags } from "./sound-words.js";

const options = {
  trials: text("of verification: 1 a.wav b.wav (1 one speaker, 0 two), or a.wav b.wav target|nontarget, a line each", {
    unit: "file",
    usually: "pairs are drawn",
  }),
  pairs: whole("of verification: how many are drawn, half of one speaker", {
    from: 2,
    usually: "4000, or as many as there are",
    conflicts: "trials",
  }),
  targetShare: share(0.01, "of verification's minDCF: how often two have one speaker where it is used", {
    above: 0,
    below: 1,
  }),
  ...soundReading,
};

export const verificationTask: EvaluationTask = {
  summary: "do two recordings have one speaker: EER and minDCF over trials",
  version: verification().version,
  options,
  run: verify,
};

/** Where a threshold lies, and on what list it was chosen: in the record's settings, where `autodidact verify` finds it. */
async function* verify(
  { folder, data: path, seed, labelsPerClass, perClass }: Asked,
  own: Readonly<Record<string, unknown>>,
  { engine, line, signal }: Session,
): AsyncGenerator<ResultRecord, void> {
  if (labelsPerClass !== undefined || perClass !== undefined) {
    throw new UsageError(
      "--labels-per-class and --per-class do not go with --protocol verification: nothing is learned.",
    );
  }
  const circumstances = circumstancesOf(engine);
  const loaded = await loadSpeechEncoder(folder);
  const survey = await soundsInFlags(surveySounds(path, readingOf(own)));
  const part = partAsked(survey);
  const { maxSeconds, maxCorrupt } = boundsOf(own);
  const dataset = survey.open({ ...loaded.decoding, part, maxSeconds, cacheBytes: 2 ** 28 });
  const onCorrupt = skipping((told) => line.print(inSpeechFlags(told)));
  const trials = await trialsOf(own, dataset, { seed, maxCorrupt, onCorrupt, signal });
  onCorrupt.conclude("recordings");
  const heard = heardBefore(loaded, path, own);
  const same = trials.trials.filter(({ isSame }) => isSame).length;
  for (const told of describeFoundData(soundsFoundInFlags(survey.found), "recordings")) line.print(told);
  line.print(
    `${counted(trials.trials.length, "trials")}, ${grouped(same)} of one speaker, among ${counted(dataset.length, "recordings")}${part.length === survey.parts.length ? "" : ` of the part ${part.join(", ")}`}`,
  );
  if (heard !== undefined) line.print(`note: ${heard}`);
  const contenders = await speakerContenders(loaded, dataset, trials, {
    signal,
    onProgress: (contender, done, all) =>
      line.show(`embeddings by ${contenderName(contender, "speech")}: ${grouped(done)} of ${grouped(all)}`),
  });
  const protocol = verification({ targetShare: own.targetShare as number | undefined });
  const comparison = await compare(protocol, contenders, { random: createRandom(seed), signal });
  const answer = await protocol.run(contenders.encoder, { random: createRandom(seed) });
  const { threshold, miss, falseAlarm } = thresholdAt(answer, "eer");
  line.print(
    `One speaker from a score of ${threshold.toFixed(3)} on: at it ${percent(miss)} of those of one speaker are missed, ${percent(falseAlarm)} of those of two are taken for one.`,
  );
  const told = own.trials as string | undefined;
  yield probeRecord(
    {
      ...protocol,
      settings: {
        ...protocol.settings,
        trials: trials.hash,
        threshold,
        rawFeatures: "standardized over the recordings",
      },
    },
    comparison,
    {
      task: {
        name: told === undefined ? `${basename(path)}, drawn pairs` : `${basename(path)}, ${basename(told)}`,
        version: 1,
        modality: "speech",
        classes: null,
        train: null,
        test: { examples: trials.trials.length, hash: trials.hash },
      },
      subject: describeSubject(loaded, loaded.encoder.config, folder),
      ...circumstances(),
    },
  );
}

/** What the run has learned from says little of strangers. */
function heardBefore(
  { config }: LoadedSpeechEncoder,
  path: string,
  own: Readonly<Record<string, unknown>>,
): string | undefined {
  const data = config?.data as { path: string; reading?: { heldOutSpeakers?: readonly string[] } } | undefined;
  if (data === undefined || resolve(data.path) !== resolve(path)) return undefined;
  const unheard = data.reading?.heldOutSpeakers ?? [];
  const asked = readingOf(own).heldOutSpeakers ?? [];
  if (asked.length > 0 && asked.every((name) => unheard.includes(name))) return undefined;
  return `the run learned from these recordings, ${unheard.length === 0 ? "all of them" : `but for ${unheard.join(", ")}`}: the rates hold for speakers that it has heard. Give it others, or pretrain with --hold-out-speakers and evaluate with the same.`;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** The test part where there is one: speakers that were held out; else all. */
function partAsked({ parts }: SoundSurvey): SoundSurvey["parts"] {
  const test = parts.filter((part) => part === "test");
  return test.length > 0 ? test : parts;
}

const USUAL_PAIRS = 4000;

async function trialsOf(
  own: Readonly<Record<string, unknown>>,
  all: SoundDataset,
  { seed, ...reading }: Drawing,
): Promise<TrialList> {
  if (own.trials !== undefined) return soundsInFlags(readTrials(own.trials as string));
  const dataset = await soundsInFlags(heardAmong(all, reading));
  const most = mostPairs(dataset);
  if (most < 2) {
    throw new UsageError(
      dataset.speakers.length === 0
        ? "--protocol verification must be told who speaks: --speaker folder, --pattern with {speaker}, or --trials FILE."
        : `--protocol verification needs two speakers, and two recordings of one of them; what is measured is ${counted(dataset.length, "recordings")} by ${speakersAmong(dataset).size}. Of a test part hold out two speakers or more.`,
    );
  }
  const pairs = (own.pairs as number | undefined) ?? Math.min(USUAL_PAIRS, most);
  if (pairs > most || pairs % 2 !== 0) {
    throw new UsageError(
      `--pairs must be an even number up to ${most}, twice the pairs of the rarer kind, got ${pairs}.`,
    );
  }
  return makeTrials(dataset, { pairs, random: createRandom(seed).split("trials") });
}

/** What is drawn from. */
type Spoken = Pick<SoundDataset, "length" | "id" | "speaker" | "speakers">;

interface Drawing {
  readonly seed: number;
  readonly maxCorrupt?: number | undefined;
  readonly onCorrupt: (error: CorruptSampleError) => void;
  readonly signal: AbortSignal;
}

/** The recordings that can be read: a trial of another would have no answer. */
async function heardAmong(all: SoundDataset, reading: Omit<Drawing, "seed">): Promise<Spoken> {
  const rows = {
    length: all.length,
    async get(row: number) {
      await all.get(row);
      return row;
    },
  };
  const heard = await readAllowed(rows, { ...reading, who: "--protocol verification", noun: "recordings" });
  return {
    length: heard.length,
    id: (place) => all.id(heard[place]!),
    speaker: (place) => all.speaker(heard[place]!),
    speakers: all.speakers,
  };
}

/** How many recordings each has. */
function speakersAmong(dataset: Spoken): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (let index = 0; index < dataset.length; index += 1) {
    const speaker = dataset.speaker(index);
    if (speaker !== undefined) counts.set(speaker, (counts.get(speaker) ?? 0) + 1);
  }
  return counts;
}

/** Twice the pairs of one speaker, or of two where these are fewer. */
function mostPairs(dataset: Spoken): number {
  const each = [...speakersAmong(dataset).values()];
  const all = each.reduce((sum, count) => sum + count, 0);
  const within = each.reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  return 2 * Math.min(within, (all * (all - 1)) / 2 - within);
}
