/**
 * `npm run bench -- speech-table`: what the methods for speech learn from spoken digits, at one budget, by the command.
 */
import { benchLearned, type LearnedOptions, seedsOf } from "./learned/bench-learned.js";
import type { Cell, Measurement } from "./learned/run-cells.js";

/** Of the Free Spoken Digit Dataset: the speakers of each pair are heard in no pretraining that is measured on them. */
const SPLITS = ["george,jackson", "lucas,nicolas", "theo,yweweler"];
const NAMES = ["--pattern", "{digit}_{speaker}_{index}.wav"];

/** Frames: which digit is said; crops: who says it. Both are measured of all. */
const METHODS: { readonly [method: string]: readonly string[] } = {
  "masked-frames": ["--encoder", "frame-transformer-tiny", "--stack", "2"],
  "best-rq": ["--encoder", "frame-transformer-tiny", "--stack", "2"],
  wav2vec: ["--encoder", "wav2vec2-small"],
  "speaker-contrastive": ["--encoder", "ecapa-tdnn", "--channels", "128"],
};

export async function benchSpeechTable(options: LearnedOptions): Promise<void> {
  await benchLearned(speechCells(options), options);
}

export function speechCells(options: LearnedOptions): Cell[] {
  const { data, epochs } = options;
  return Object.entries(METHODS).flatMap(([method, own]) =>
    SPLITS.flatMap((split) =>
      seedsOf(options).map((seed) => ({
        name: `${method}-${split.replace(",", "-")}-${seed}`,
        ...{ method, split, seed },
        pretrain: [
          ...[method, "--data", data, ...NAMES, "--hold-out-speakers", split, "--speaker", "speaker"],
          ...["--epochs", `${epochs}`, "--seed", `${seed}`, ...own],
        ],
        measurements: measurementsOf(method, data, split),
      })),
    ),
  );
}

function measurementsOf(method: string, data: string, split: string): Measurement[] {
  const heldOut = [...NAMES, "--speaker", "speaker", "--hold-out-speakers", split];
  const linear = ["--protocol", "linear", "--label", "digit"];
  const measurements: Measurement[] = [
    { name: "digit", command: "evaluate", options: ["--data", data, ...linear, ...heldOut] },
    { name: "speakers", command: "evaluate", options: ["--data", data, "--protocol", "verification", ...heldOut] },
    {
      name: "speakers, all six",
      command: "evaluate",
      options: ["--data", data, "--protocol", "verification", ...NAMES, "--speaker", "speaker"],
    },
  ];
  if (method !== "speaker-contrastive") {
    const options = ["--data", data, ...linear, ...heldOut, "--all-layers"];
    measurements.push({ name: "digit, all layers", command: "evaluate", options });
    const writing = ["--task", "ctc", "--transcript", "digit", "--labels", "10%"];
    measurements.push({ name: "ctc, 10 %", command: "finetune", options: ["--data", data, ...writing, ...heldOut] });
  }
  return measurements;
}
