/**
 * `autodidact pretrain`: an encoder from unlabelled images, into the folder of a run.
 */
import { basename, join, resolve } from "node:path";
import process from "node:process";
import { createRun, openRun, type Run, readRun } from "@autodidact/core";
import { Argument, Command, Option } from "commander";
import pc from "picocolors";
import { addEngineOptions, type EngineChoice, startEngine } from "../engine-options.js";
import { exists, freeFolder } from "../free-folder.js";
import { liveLine } from "../live-line.js";
import { wholeNumber } from "../option-values.js";
import { examineData } from "../pretrain-data.js";
import { addSettingOptions, type PretrainOptions, settingsFrom } from "../pretrain-options.js";
import { type PretrainSettings, parsePretrainSettings } from "../pretrain-settings.js";
import { type PretrainingEnd, pretrain } from "../pretraining.js";
import { methods, namesOf } from "../registry.js";
import { resumeCommand } from "../resume-command.js";
import { watchSignals } from "../signals.js";
import { UsageError } from "../usage-error.js";

interface RunOptions {
  out?: string;
  resume?: boolean;
  force?: boolean;
  saveEvery?: number;
}
type Options = PretrainOptions & RunOptions & EngineChoice;

export function pretrainCommand(): Command {
  const command = new Command("pretrain")
    .description("Pretrain an encoder on images; no labels are used. Ctrl-C saves, --resume goes on.")
    .addArgument(new Argument("<method>").choices(namesOf(methods)));
  addSettingOptions(command);
  addEngineOptions(command);
  return command
    .optionsGroup("Run:")
    .option("--out <folder>", "of the run (default: runs/METHOD-DATA)")
    .option("--resume", "go on with the run in --out; its settings are taken from there")
    .option("--force", "resume in spite of other data, another engine or another version")
    .addOption(new Option("--save-every <steps>", "(default: an epoch)").argParser(wholeNumber()))
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact pretrain simclr --data photos
  $ autodidact pretrain simclr --data cifar10 --per-class 1000 --width 16 --epochs 20 --crop-area 0.2,1 --decay all
  $ autodidact pretrain simclr --out runs/simclr-photos --resume`,
    )
    .action((method: PretrainSettings["method"], options: Options) => action(method, options, command));
}

async function action(method: PretrainSettings["method"], options: Options, command: Command): Promise<void> {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const line = liveLine(process.stderr);
  const watch = watchSignals((text) => line.print(text));
  try {
    const { settings, open } = options.resume
      ? await resuming(method, options, command)
      : await beginning(method, options);
    const engine = await startEngine(options, say); // before a folder is made: one that does not start leaves none behind
    const run = await open();
    try {
      say(`run: ${run.folder}`);
      say(describeRun(settings));
      const { saveEvery, force } = options;
      const dataPath = options.resume && options.data !== undefined ? resolve(options.data) : undefined;
      const end = await pretrain({ run, settings, dataPath, engine, saveEvery, force, line, signal: watch.signal });
      line.end();
      conclude(end, run, settings, command);
      if (!end.isFinished) watch.signal.throwIfAborted();
    } finally {
      line.end();
      await run.close();
    }
  } finally {
    watch.release();
  }
}

/** A run that can be opened: all that the user could have got wrong is right. */
interface Plan {
  readonly settings: PretrainSettings;
  open(): Promise<Run>;
}

async function beginning(method: PretrainSettings["method"], { data, out, force, ...options }: Options): Promise<Plan> {
  if (data === undefined) throw new UsageError("--data must name the images to learn from: --data photos");
  if (force) throw new UsageError("--force goes with --resume only.");
  const settings = settingsFrom(method, options, await examineData(data, options));
  if (out !== undefined && (await exists(join(out, "config.json")))) {
    throw new UsageError(`--out ${out} holds a run already. Go on with it by --resume, or name another folder.`);
  }
  const folder = out ?? (await freeFolder(join("runs", `${method}-${basename(resolve(data))}`)));
  return { settings, open: () => createRun(folder, settings) };
}

async function resuming(method: PretrainSettings["method"], { out }: Options, command: Command): Promise<Plan> {
  if (out === undefined) throw new UsageError("--resume needs the run's folder: --out runs/NAME --resume");
  const strange = typed(command).filter((name) => !KEPT_ON_RESUME.has(name));
  if (strange.length > 0) {
    throw new UsageError(
      `--resume takes the run's own settings: leave out ${strange.map((name) => flagOf(command, name)).join(", ")}.`,
    );
  }
  const settings = parsePretrainSettings((await readRun(out)).config, join(out, "config.json"));
  if (settings.method !== method) {
    throw new UsageError(`${out} is a run of ${settings.method}, not of ${method}.`);
  }
  return { settings, open: () => openRun(out) };
}

const KEPT_ON_RESUME = new Set([
  "data",
  "out",
  "resume",
  "force",
  "saveEvery",
  "engine",
  "provider",
  "threads",
  "kernels",
  "debug",
]);
const typed = (command: Command) =>
  Object.keys(command.opts()).filter((name) => command.getOptionValueSource(name) === "cli");
const flagOf = (command: Command, name: string) =>
  command.options.find((option) => option.attributeName() === name)?.long ?? name;

function describeRun({ method, data, encoder, augment, steps, batchSize, optimizer, seed }: PretrainSettings): string {
  return [
    `${method}: ${encoder.name} of width ${encoder.width} with ${encoder.stem} stem`,
    `images ${data.size}×${data.size}×${data.channels}, views as ${augment.preset}`,
    `${steps} steps of ${batchSize}, ${optimizer.name}, seed ${seed}`,
  ].join("; ");
}

function conclude({ step, isFinished }: PretrainingEnd, run: Run, settings: PretrainSettings, command: Command): void {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  if (!isFinished) {
    const same = ["engine", "provider", "threads", "kernels", "data", "saveEvery"]
      .filter((name) => command.getOptionValueSource(name) === "cli" && (name !== "data" || command.opts().resume))
      .flatMap((name) => {
        const value: unknown = command.opts()[name];
        return [flagOf(command, name), ...(typeof value === "boolean" ? [] : [String(value)])];
      });
    say(`Saved after step ${step} of ${settings.steps}. Go on with:`);
    say(`  ${pc.bold(resumeCommand(settings.method, run.folder, same))}`);
    return;
  }
  say(`Done. The encoder is in ${run.encoderFolder}, its metrics in ${join(run.folder, "metrics.jsonl")}.`);
  say(
    `What is it worth?\n  ${pc.bold(`npx autodidact evaluate ${run.folder} --data ${settings.data.path} --protocol linear`)}`,
  );
}
