/**
 * What transcripts can teach an encoder of frames: to write down what is said.
 */
import { basename } from "node:path";
import { contentHash, UsageError } from "@autodidact/core";
import { defined, flag, share, text } from "@autodidact/core/cards";
import { budgetOf, byContender, cer, type Lessons, lessonOf, transcriptionRecord, wer } from "@autodidact/evaluate";
import {
  type FineTunedCtc,
  type FoundTranscripts,
  fineTuneCtc,
  loadSpeechEncoder,
  openTranscribedSounds,
  type Sound,
} from "@autodidact/speech";
import { boundsOf, readingOf, soundReading, transcriptOption } from "@autodidact/speech/cards";
import { speechSubject } from "./features.js";
import { inSpeechFlags, soundsFoundInFlags, soundsInFlags } from "./sound-words.js";

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
  ctc: lessonOf<FoundTranscripts, FineTunedCtc>({
    summary: "recordings with what is said in them",
    hasClasses: false,
    hasShares: true,
    options,
    examples: "recordings",
    usual: { epochs: 30, batchSize: 16, learningRate: 5e-4 },
    async open({ folder, data, validation, typed = {} }, { onCorrupt, signal }) {
      if (validation !== undefined) {
        throw new UsageError("--validation names a file of texts. Recordings are measured on the test part of --data.");
      }
      const { encoder, decoding } = await loadSpeechEncoder(folder);
      if (!("states" in encoder)) {
        throw new UsageError(
          `${folder} holds an encoder of one embedding a recording; what is said needs one of frames. Take a run of masked-frames, best-rq or wav2vec.`,
        );
      }
      const saidIn = typed.transcript as string | undefined;
      const told = (error: Error) => onCorrupt(new Error(inSpeechFlags(error.message)));
      const asked = { ...decoding, ...readingOf(typed), ...boundsOf(typed), saidIn, onCorrupt: told, signal };
      return soundsInFlags(openTranscribedSounds(data, asked));
    },
    found: ({ found }) => soundsFoundInFlags(found),
    fineTune: ({ folder, labelShare, typed }, data, { onProgress, ...teaching }) =>
      fineTuneCtc(folder, data, { ...teaching, ...learningOf(typed, labelShare), onProgress: onProgress as never }),
    describe({ tooShort, found, right }) {
      const answer = { found, right };
      const rates = `${percent(wer.overall(answer))} of words wrong, ${percent(cer.overall(answer))} of characters`;
      if (tooShort.length === 0) return [rates];
      const first = `the first: ${tooShort[0]!.id}`;
      return [rates, `${tooShort.length} recordings are too short for their transcripts and taught nothing, ${first}`];
    },
    subject: speechSubject,
    record(results, data, told, { data: path, labelShare, typed }) {
      const answers = byContender(results, ({ found, right }) => ({ found, right }));
      const budget = budgetOf(labelShare, Math.ceil((labelShare ?? 1) * data.train.length));
      const settings = { ...told.settings, ...learningOf(typed, labelShare), ...budget };
      return transcriptionRecord(answers, { ...told, task: taskOf(basename(path), data), settings });
    },
  }),
};

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function learningOf(
  { encoderRate, everyLayer }: Readonly<Record<string, unknown>> = {},
  share: number | undefined = undefined,
) {
  return {
    ...defined({ share, encoderRate: encoderRate as number | undefined }),
    ...(everyLayer === true && { allLayers: true }),
  };
}

function taskOf(name: string, { train, test }: FoundTranscripts) {
  const part = (sounds: readonly Sound[]) => ({ examples: sounds.length, hash: contentHash(contents(sounds)) });
  return { name, version: 1, modality: "speech", classes: null, train: part(train), test: part(test) } as const;
}

function* contents(sounds: readonly Sound[]): Generator<string | Uint8Array> {
  for (const { id, transcript, samples, sampleRate } of sounds) {
    yield JSON.stringify([id, transcript, sampleRate]);
    yield new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  }
}
