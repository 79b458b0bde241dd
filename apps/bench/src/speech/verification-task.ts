/**
 * `evaluate --protocol verification`: do two recordings have one speaker, by the cosine of their embeddings?
 */
import { basename } from "node:path";
import {
  counted,
  createRandom,
  describeFoundData,
  grouped,
  parameterCount,
  type Session,
  skipping,
  UsageError,
} from "@autodidact/core";
import { share, text, whole } from "@autodidact/core/cards";
import {
  type Asked,
  circumstancesOf,
  compare,
  contenderName,
  describeSubject,
  type EvaluationTask,
  labelFreeMeasures,
  modelCost,
  probeRecord,
  type ResultRecord,
  thresholdAt,
  verification,
} from "@autodidact/evaluate";
import {
  drawTrials,
  heardBefore,
  loadSpeechEncoder,
  readTrials,
  type SoundSurvey,
  speakerContenders,
  surveySounds,
} from "@autodidact/speech";
import { boundsOf, readingOf, soundReading } from "@autodidact/speech/cards";
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
  const reading = readingOf(own);
  const survey = await soundsInFlags(surveySounds(path, reading));
  const part = partAsked(survey);
  const { maxSeconds, maxCorrupt } = boundsOf(own);
  const dataset = survey.open({ ...loaded.decoding, part, maxSeconds, cacheBytes: 2 ** 28 });
  const onCorrupt = skipping((told) => line.print(inSpeechFlags(told)));
  const told = own.trials as string | undefined;
  const pairs = own.pairs as number | undefined;
  const trials = await soundsInFlags(
    told === undefined ? drawTrials(dataset, { seed, pairs, maxCorrupt, onCorrupt, signal }) : readTrials(told),
  );
  onCorrupt.conclude("recordings");
  const heard = heardBefore(loaded.config, path, reading);
  const same = trials.trials.filter(({ isSame }) => isSame).length;
  for (const text of describeFoundData(soundsFoundInFlags(survey.found), "recordings")) line.print(text);
  line.print(
    `${counted(trials.trials.length, "trials")}, ${grouped(same)} of one speaker, among ${counted(dataset.length, "recordings")}${part.length === survey.parts.length ? "" : ` of the part ${part.join(", ")}`}`,
  );
  if (heard !== undefined) line.print(`note: ${inSpeechFlags(heard)}`);
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
  const settings = { trials: trials.hash, threshold, rawFeatures: "standardized over the recordings" };
  yield probeRecord({ ...protocol, settings: { ...protocol.settings, ...settings } }, comparison, {
    task: {
      name: `${basename(path)}, ${told === undefined ? "drawn pairs" : basename(told)}`,
      version: 1,
      modality: "speech",
      classes: null,
      train: null,
      test: { examples: trials.trials.length, hash: trials.hash },
    },
    subject: describeSubject(loaded, loaded.encoder.config, folder),
    labelFree: labelFreeMeasures(contenders.encoder.features),
    ...circumstances(modelCost(contenders.encoder.features, parameterCount(loaded.encoder))),
  });
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** The test part where there is one: speakers that were held out; else all. */
function partAsked({ parts }: SoundSurvey): SoundSurvey["parts"] {
  const test = parts.filter((part) => part === "test");
  return test.length > 0 ? test : parts;
}
