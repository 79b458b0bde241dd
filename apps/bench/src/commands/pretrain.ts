/**
 * `autodidact pretrain METHOD`: an encoder from unlabelled data, into the folder of a run.
 */

import { basename, join, resolve } from "node:path";
import {
  assertApart,
  beginRun,
  describeFoundData,
  type FoundData,
  freeFolder,
  openRun,
  type Run,
  readRun,
  UsageError,
} from "@autodidact/core";
import type { OptionGroups, RunSettings, Typed } from "@autodidact/core/cards";
import { Command } from "commander";
import pc from "picocolors";
import { addOptionGroups } from "../command-options.js";
import { addEngineOptions, type EngineChoice, inSession, type Session } from "../engine-options.js";
import { learn } from "../learning.js";
import { describeMissing, type Modalities } from "../modalities.js";
import type { Modality } from "../modality.js";
import { flagOf, OUT_AND_DATA } from "../option-words.js";
import { addRunOptions, assertNoRunIn, assertResumable, continuation, type RunOptions } from "../run-options.js";

type Options = { data?: string; maxCorrupt?: number } & RunOptions & EngineChoice;

export function pretrainCommand(modalities: Modalities): Command {
  const { present } = modalities;
  const command = new Command("pretrain").description(
    "Pretrain on unlabelled data, by one of several methods. Ctrl-C saves, --resume goes on.",
  );
  for (const modality of present) {
    command.commandsGroup(`Methods for ${modality.data}:`);
    for (const method of Object.keys(modality.methods)) command.addCommand(methodCommand(modality, method, present));
  }
  const examples = present.flatMap((modality) =>
    Object.keys(modality.methods).map((name) => modality.examples(name)[0]!),
  );
  return present.length > 0 ? command.addHelpText("after", helpWith(examples)) : withoutMethods(command, modalities);
}

function methodCommand(modality: Modality, method: string, present: readonly Modality[]): Command {
  const { summary, options: own } = modality.methods[method]!;
  const flags = Object.keys(own).map(flagOf);
  const command = new Command(method)
    .summary(flags.length === 0 ? summary : `${summary} (${flags.join(", ")})`)
    .description(`Pretrain on ${modality.data}; no labels are used. ${summary[0]!.toUpperCase()}${summary.slice(1)}.`);
  addOptionGroups(command, modality.options(method));
  addEngineOptions(command);
  addRunOptions(command, modality);
  return command
    .configureOutput({ outputError: (text, write) => write(withOwner(text, modality, present)) })
    .addHelpText("after", helpWith(modality.examples(method)))
    .action((options: Options) => action(modality, method, options, command));
}

/** An option that is unknown here may be one of other methods: commander's words, and whose it is. */
function withOwner(text: string, modality: Modality, present: readonly Modality[]): string {
  const flag = /unknown option '(--[\w-]+)/.exec(text)?.[1];
  const owns = (groups: OptionGroups) =>
    Object.values(groups).some((group) => Object.keys(group).map(flagOf).includes(flag!));
  const methodsOf = (one: Modality) => Object.keys(one.methods).filter((method) => owns(one.options(method)));
  const here = flag === undefined ? [] : methodsOf(modality);
  if (here.length > 0) return `${text.trimEnd()}\n${flag} belongs to ${here.join(", ")}.\n`;
  const others = flag === undefined ? [] : present.filter((other) => methodsOf(other).length > 0);
  if (others.length === 0) return text;
  return `${text.trimEnd()}\n${flag} belongs to methods for ${others.map(({ data }) => data).join(" and ")}.\n`;
}

/** Whatever is asked of it, it says what to install. */
function withoutMethods(command: Command, modalities: Modalities): Command {
  return command
    .argument("[method]")
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new UsageError(`nothing to learn from is installed. ${describeMissing(modalities)}`);
    });
}

const helpWith = (examples: readonly string[]) =>
  ["\nExamples:", ...examples.map((example) => `  $ autodidact pretrain ${example}`)].join("\n");

async function action(modality: Modality, method: string, options: Options, command: Command): Promise<void> {
  const attempt = options.resume
    ? await resuming(modality, method, options, command)
    : await beginning(modality, method, options, command);
  await inSession(options, async (session) => {
    const { line } = session; // the engine has started: one that does not leaves no folder behind
    if (attempt.found !== undefined)
      for (const text of describeFoundData(attempt.found, modality.noun ?? modality.data)) line.print(text);
    const { run, settings } = await attempt.open(session);
    line.print(`run: ${run.folder}`);
    line.print(modality.describe(settings));
    const { saveEvery, force, resume, data } = options;
    const dataPath = resume && data !== undefined ? resolve(data) : undefined;
    const resumeCommand = continuation(command, method, run.folder);
    const { takeBack } = attempt;
    const watched = await learn(
      { modality, run, settings, resumeCommand, dataPath, saveEvery, force, takeBack },
      session,
    );
    const { lines, next } = await modality.conclude(settings, run.folder, watched);
    for (const text of lines) line.print(text);
    line.print(`Done. The encoder is in ${run.encoderFolder}, its metrics in ${join(run.folder, "metrics.jsonl")}.`);
    line.print(`${next.why}\n  ${pc.bold(`npx autodidact ${next.command}`)}`);
  });
}

/** A run that can be opened: all that the user could have got wrong is right. */
interface Attempt {
  readonly found?: FoundData | undefined;
  open(session: Session): Promise<{ run: Run; settings: RunSettings }>;
  /** Removes what was made for it, should it fail before it learns. */
  takeBack?(): Promise<void>;
}

async function beginning(modality: Modality, method: string, options: Options, command: Command): Promise<Attempt> {
  const { data, out, force } = options;
  if (data === undefined) throw new UsageError(`--data must name the ${modality.data} to learn from: --data FOLDER`);
  if (force) throw new UsageError("--force goes with --resume only.");
  if (out !== undefined) await assertNoRunIn(out);
  const folder = out ?? (await freeFolder(join("runs", `${method}-${basename(resolve(data))}`)));
  await assertApart(folder, data, OUT_AND_DATA);
  const plan = await modality.plan(method, data, typedOf(command, modality.options(method)));
  return {
    found: plan.found,
    takeBack: async () => plan.takeBack?.(folder),
    open: ({ line, signal }) => beginRun(plan, { folder, line, signal }),
  };
}

/** What was typed of the method's own options: what usually holds is the method's to say. */
function typedOf(command: Command, groups: OptionGroups): Typed<OptionGroups[string]> {
  const names = Object.values(groups).flatMap(Object.keys);
  const typed = names.filter((name) => command.getOptionValueSource(name) !== "default");
  return Object.fromEntries(typed.map((name) => [name, command.getOptionValue(name)]));
}

async function resuming(modality: Modality, method: string, options: Options, command: Command): Promise<Attempt> {
  assertResumable(command, options.out);
  const folder = options.out;
  const { config } = await readRun(folder);
  if (typeof config.method === "string" && config.method !== method) {
    throw new UsageError(`${folder} is a run of ${config.method}, not of ${method}.`);
  }
  const settings = withMaxCorrupt(modality.parse(config, join(folder, "config.json")), options.maxCorrupt);
  return { open: async () => ({ run: await openRun(folder), settings }) };
}

/** A run that too many broken examples ended goes on where more are allowed; nothing else of it changes. */
function withMaxCorrupt(settings: RunSettings, maxCorrupt: number | undefined): RunSettings {
  return maxCorrupt === undefined ? settings : { ...settings, data: { ...settings.data, maxCorrupt } };
}
