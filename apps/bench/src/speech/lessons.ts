/**
 * What transcripts can teach an encoder of frames: to write down what is said.
 */
import { basename } from "node:path";
import { contentHash, counted, createRandom, describeFoundData, skipping, UsageError } from "@autodidact/core";
import { defined, flag, share, text } from "@autodidact/core/cards";
import {
  byContender,
  cer,
  circumstancesOf,
  describeSubject,
  type ResultRecord,
  transcriptionRecord,
  wer,
} from "@autodidact/evaluate";
import {
  type FineTunedCtc,
  type FoundTranscripts,
  fineTuneCtc,
  loadSpeechEncoder,
  openTranscribedSounds,
  type Sound,
} from "@autodidact/speech";
import { boundsOf, readingOf, soundReading, transcriptOption } from "@autodidact/speech/cards";
import type { Session } from "../engine-options.js";
import { budgetOf, type Lessons, settingsOf, type Taught, teaching } from "../fine-tuning.js";
import { inSpeechFlags, soundsFoundInFlags, soundsInFlags } from "./sound-words.js";

const usual = { epochs: 30, batchSize: 16, learningRate: 5e-4 };

const { speaker, ...reading } = soundReading;
const options = {
  transcript: text(
    "of ctc: the field of the names that is what is said (digit, folder); digits are their English words",
    {
      unit: "field",
      usually: "transcripts beside the recordings, a table's column",
    },
  ),
  ...transcriptOption,
  encoderRate: share("of ctc: what the encoder moves of what the head does; 0 leaves it as it is", { usually: "1" }),
  everyLayer: flag("of ctc: a learned sum of all layers is read, not the last alone"),
  speaker,
  ...reading,
};

export const speechLessons: Lessons = {
  ctc: {
    summary: "recordings with what is said in them",
    hasClasses: false,
    hasShares: true,
    options,
    teach: teachWriting,
  },
};

async function teachWriting(taught: Taught, session: Session): Promise<ResultRecord> {
  const { folder, data: path, validation, seeds, typed = {} } = taught;
  const { line, engine, signal } = session;
  const circumstances = circumstancesOf(engine);
  if (validation !== undefined) {
    throw new UsageError("--validation names a file of texts. Recordings are measured on the test part of --data.");
  }
  const loaded = await loadSpeechEncoder(folder);
  if (!("states" in loaded.encoder)) {
    throw new UsageError(
      `${folder} holds an encoder of one embedding a recording; what is said needs one of frames. Take a run of masked-frames, best-rq or wav2vec.`,
    );
  }
  const onCorrupt = skipping((told) => line.print(inSpeechFlags(told)));
  const saidIn = typed.transcript as string | undefined;
  const asked = { ...loaded.decoding, ...readingOf(typed), ...boundsOf(typed), saidIn, onCorrupt, signal };
  const data = await soundsInFlags(openTranscribedSounds(path, asked));
  onCorrupt.conclude("recordings");
  for (const told of describeFoundData(soundsFoundInFlags(data.found), "recordings")) line.print(told);
  const told = toldOf(typed, taught.labelShare);
  const results: FineTunedCtc[] = [];
  const { onProgress: show, ...learning } = teaching(taught, session, counted(data.test.length, "recordings"));
  for await (const result of fineTuneCtc(folder, data, { ...learning, ...told, onProgress: show as never })) {
    results.push(result);
    const { contender, seed, tooShort, found, right } = result;
    const answer = { found, right };
    line.print(
      `${contender}, seed ${seed}: ${percent(wer.overall(answer))} of words wrong, ${percent(cer.overall(answer))} of characters`,
    );
    if (tooShort.length > 0) {
      line.print(
        `${tooShort.length} recordings are too short for their transcripts and taught nothing, the first: ${tooShort[0]!.id}`,
      );
    }
  }
  return transcriptionRecord(
    byContender(results, ({ found, right }) => ({ found, right })),
    {
      task: taskOf(basename(path), data),
      subject: describeSubject(loaded, loaded.encoder.config, folder),
      settings: {
        ...settingsOf(taught, usual),
        ...told,
        ...budgetOf(taught.labelShare, Math.ceil((taught.labelShare ?? 1) * data.train.length)),
      },
      seeds,
      random: createRandom(0),
      ...circumstances(),
    },
  );
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function toldOf({ encoderRate, everyLayer }: Readonly<Record<string, unknown>>, share: number | undefined) {
  return {
    ...defined({ share, encoderRate: encoderRate as number | undefined }),
    ...(everyLayer === true && { allLayers: true }),
  };
}

function taskOf(name: string, { train, test }: FoundTranscripts): ResultRecord["task"] {
  const part = (sounds: readonly Sound[]) => ({ examples: sounds.length, hash: contentHash(contents(sounds)) });
  return { name, version: 1, modality: "speech", classes: null, train: part(train), test: part(test) };
}

function* contents(sounds: readonly Sound[]): Generator<string | Uint8Array> {
  for (const { id, transcript, samples, sampleRate } of sounds) {
    yield JSON.stringify([id, transcript, sampleRate]);
    yield new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  }
}
