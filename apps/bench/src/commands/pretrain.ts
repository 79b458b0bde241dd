/**
 * `autodidact pretrain METHOD`: an encoder from unlabelled data, into the folder of a run.
 */
import { basename, join, resolve } from "node:path";
import process from "node:process";
import { createRun, type EngineDescription, openRun, type Run, readRun } from "@autodidact/core";
import { Command } from "commander";
import pc from "picocolors";
import { addEngineOptions, type EngineChoice, startEngine } from "../engine-options.js";
import { freeFolder } from "../free-folder.js";
import { type LiveLine, liveLine } from "../live-line.js";
import { modalities } from "../modalities.js";
import type { Modality, RunSettings } from "../modality.js";
import { pretrain } from "../pretraining.js";
import { addRunOptions, assertNoRunIn, assertResumable, continuation, type RunOptions } from "../run-options.js";
import { watchSignals } from "../signals.js";
import { UsageError } from "../usage-error.js";

type Options = { data?: string } & RunOptions & EngineChoice;

export function pretrainCommand(): Command {
  const command = new Command("pretrain").description(
    "Pretrain on unlabelled data, by one of several methods. Ctrl-C saves, --resume goes on.",
  );
  for (const modality of modalities) {
    command.commandsGroup(`Methods for ${modality.data}:`);
    for (const name of Object.keys(modality.methods)) command.addCommand(methodCommand(modality, name));
  }
  const examples = modalities.flatMap((modality) =>
    Object.keys(modality.methods).map((name) => modality.examples(name)[0]!),
  );
  return command.addHelpText("after", helpWith(examples));
}

function methodCommand(modality: Modality, method: string): Command {
  const command = new Command(method)
    .summary(modality.methods[method]!)
    .description(`Pretrain on ${modality.data}; no labels are used. ${capital(modality.methods[method]!)}.`);
  modality.addOptions(command, method);
  addEngineOptions(command);
  addRunOptions(command, modality);
  return command
    .addHelpText("after", helpWith(modality.examples(method)))
    .action((options: Options) => action(modality, method, options, command));
}

const helpWith = (examples: readonly string[]) =>
  ["\nExamples:", ...examples.map((example) => `  $ autodidact pretrain ${example}`)].join("\n");
const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);

async function action(modality: Modality, method: string, options: Options, command: Command): Promise<void> {
  const line = liveLine(process.stderr);
  const watch = watchSignals((text) => line.print(text));
  try {
    const attempt = options.resume
      ? await resuming(modality, method, options, command)
      : await beginning(modality, method, options);
    const engine = await startEngine(options, line.print); // before a folder is made: one that does not start leaves none behind
    const { run, settings } = await attempt.open(line, watch.signal);
    try {
      await learn(modality, { run, settings, engine, line, signal: watch.signal, options, command });
    } finally {
      line.end();
      await run.close();
    }
  } finally {
    line.end();
    watch.release();
  }
}

/** A run that can be opened: all that the user could have got wrong is right. */
interface Attempt {
  open(line: LiveLine, signal: AbortSignal): Promise<{ run: Run; settings: RunSettings }>;
}

async function beginning(modality: Modality, method: string, options: Options): Promise<Attempt> {
  const { data, out, force } = options;
  if (data === undefined) throw new UsageError(`--data must name the ${modality.data} to learn from: --data FOLDER`);
  if (force) throw new UsageError("--force goes with --resume only.");
  const plan = await modality.plan(method, data, options);
  if (out !== undefined) await assertNoRunIn(out);
  const folder = out ?? (await freeFolder(join("runs", `${method}-${basename(resolve(data))}`)));
  return {
    async open(line, signal) {
      const settings = await plan.settle({ folder, line, signal });
      return { run: await createRun(folder, { ...settings }), settings };
    },
  };
}

async function resuming(modality: Modality, method: string, options: Options, command: Command): Promise<Attempt> {
  assertResumable(command, options.out);
  const folder = options.out;
  const { config } = await readRun(folder);
  if (typeof config.method === "string" && config.method !== method) {
    throw new UsageError(`${folder} is a run of ${config.method}, not of ${method}.`);
  }
  const settings = modality.parse(config, join(folder, "config.json"));
  return { open: async () => ({ run: await openRun(folder), settings }) };
}

interface Learning {
  readonly run: Run;
  readonly settings: RunSettings;
  readonly engine: EngineDescription;
  readonly line: LiveLine;
  readonly signal: AbortSignal;
  readonly options: Options;
  readonly command: Command;
}

async function learn(
  modality: Modality,
  { run, settings, engine, line, signal, options, command }: Learning,
): Promise<void> {
  const { folder } = run;
  line.print(`run: ${folder}`);
  line.print(modality.describe(settings));
  const { saveEvery, force, resume, data } = options;
  const dataPath = resume && data !== undefined ? resolve(data) : undefined;
  const learner = await modality.learner(settings, { folder, line, signal }, dataPath);
  try {
    const { step, isFinished, watched } = await pretrain({ run, learner, engine, saveEvery, force, line, signal });
    line.end();
    if (!isFinished) {
      line.print(`Saved after step ${step} of ${settings.steps}. Go on with:`);
      line.print(`  ${pc.bold(continuation(command, settings.method, folder))}`);
      signal.throwIfAborted();
    }
    const { lines, next } = modality.conclude(settings, folder, watched);
    for (const text of lines) line.print(text);
    line.print(`Done. The encoder is in ${run.encoderFolder}, its metrics in ${join(folder, "metrics.jsonl")}.`);
    line.print(`${next.why}\n  ${pc.bold(`npx autodidact ${next.command}`)}`);
  } finally {
    await learner.dispose();
  }
}
