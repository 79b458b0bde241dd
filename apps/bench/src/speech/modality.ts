/**
 * Recordings of speech, as the commands need them.
 */
import { basename } from "node:path";
import { counted, grouped } from "@autodidact/core";
import { probeTasks } from "@autodidact/evaluate";
import { describeSpeechEncoder, inspectSounds, surveySounds } from "@autodidact/speech";
import {
  boundsOf,
  labelledReading,
  parseSpeechSettings,
  planSpeech,
  readingOf,
  type SpeechCard,
  type SpeechOptions,
  type SpeechSettings,
  settledSpeechLearner,
  speechMethods,
  speechOptionGroups,
  wholeReading,
} from "@autodidact/speech/cards";
import { transcribeCommand } from "../commands/transcribe.js";
import { verifyCommand } from "../commands/verify.js";
import type { Modality } from "../modality.js";
import { flagOf } from "../option-words.js";
import { isFound } from "../other-data.js";
import { commandLine } from "../resume-command.js";
import { speechAdvice } from "./advice-sample.js";
import { embedSpeech, examineSpeech, layerOption, layerSumOption, speechNeighbours } from "./features.js";
import { soundItems } from "./items.js";
import { speechLessons } from "./lessons.js";
import { quickSpeech } from "./quick.js";
import { speechQuickstart } from "./quickstart.js";
import { soundsFoundInFlags, soundsInFlags } from "./sound-words.js";
import { verificationTask } from "./verification-task.js";

const cardNamed = (method: string): SpeechCard => speechMethods[method as SpeechSettings["method"]];

export const speech: Modality<SpeechSettings, SpeechOptions> = {
  data: "speech",
  noun: "recordings",
  methods: speechMethods,
  saveEvery: "an epoch",
  options: (method) => speechOptionGroups(cardNamed(method)),
  examples: (method) => [
    `${method} --data recordings`,
    `${method} --data digits --pattern "{digit}_{speaker}_{index}.wav" --hold-out-speakers ann,bob --epochs 20`,
    `${method} --data LibriSpeech --crop-seconds 4 --batch-size 16`,
    `${method} --out runs/${method}-recordings --resume`,
  ],
  plan: (method, path, typed) => soundsInFlags(planSpeech(cardNamed(method), path, typed)),
  parse: parseSpeechSettings,
  describe: ({ method, data, encoder, cropSeconds, steps, batchSize, seed, ...others }) =>
    [
      `${method}: ${describeSpeechEncoder(encoder)}`,
      Object.keys(cardNamed(method).options)
        .map((name) => `${flagOf(name).slice(2)} ${others[name as keyof typeof others]}`)
        .join(", "),
      `pieces of ${cropSeconds} s of ${basename(data.path)} at ${data.sampleRate} Hz`,
      `${counted(steps, "steps")} of ${batchSize}, adamw, seed ${seed}`,
    ].join("; "),
  learner: (settings, { folder }, dataPath) => soundsInFlags(settledSpeechLearner(settings, folder, dataPath)),
  conclude: ({ method, data }, folder) => {
    const { isAugmented: tellsSpeakers } = cardNamed(method);
    const wanted = tellsSpeakers ? data.reading?.speakerFrom : data.reading?.labelFrom;
    const isTold = wanted !== undefined || data.reading?.pattern !== undefined;
    return {
      lines: [],
      next: {
        why: tellsSpeakers
          ? "What is it worth? On speakers that it has not heard:"
          : "What is it worth, where it is known what was said?",
        command: commandLine([
          ...["evaluate", folder, "--data", data.path],
          ...typedAgain(data.reading),
          ...(isTold ? [] : [tellsSpeakers ? "--speaker" : "--label", "folder"]),
          ...["--protocol", tellsSpeakers ? "verification" : "linear"],
        ]),
      },
    };
  },
  modelTypes: [
    "frame-transformer",
    "wav2vec2",
    "audio-spectrogram-transformer",
    "ecapa-tdnn",
    "fast-resnet34",
    "autodidact_ctc",
  ],
  labelledData: "recordings with classes or speakers, by their folders, names or tables",
  tasks: {
    ...probeTasks(examineSpeech, { ...layerOption, ...labelledReading }, layerSumOption),
    verification: verificationTask,
  },
  lessons: speechLessons,
  reading: wholeReading,
  embed: embedSpeech,
  items: soundItems,
  neighbours: speechNeighbours,
  holds: (path) => isFound(surveySounds(path)),
  async inspect(path, { typed, signal, show }) {
    const told = {
      ...readingOf(typed),
      maxSeconds: boundsOf(typed).maxSeconds,
      signal,
      onProgress: (done: number, total: number) => show(`${grouped(done)} of ${counted(total, "recordings")}`),
    };
    const looked = await soundsInFlags(inspectSounds(path, told));
    return { ...looked, found: soundsFoundInFlags(looked.found) };
  },
  inspectReading: inspected(),
  commands: [transcribeCommand, verifyCommand],
  advice: speechAdvice,
  quickstart: speechQuickstart,
  quick: quickSpeech,
};

function inspected() {
  const { maxCorrupt: _, ...reading } = labelledReading; // all that is broken is told
  return reading;
}

/** How the data was read, as it was typed. */
function typedAgain(reading: SpeechSettings["data"]["reading"] = {}): string[] {
  const { pattern, speakerFrom, labelFrom, heldOutSpeakers, test, ...others } = reading;
  const told = {
    pattern,
    label: labelFrom,
    speaker: speakerFrom,
    holdOutSpeakers: heldOutSpeakers?.join(","),
    holdOut: test,
    ...others,
  };
  return Object.entries(told).flatMap(([name, value]) => (value === undefined ? [] : [flagOf(name), value]));
}
