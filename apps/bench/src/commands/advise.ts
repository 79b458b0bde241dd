/**
 * `autodidact advise`: which method, on this data, in so much time.
 */
import { basename, join, relative, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { assertApart, counted, duration, freeFolder, UsageError } from "@autodidact/core";
import { whole } from "@autodidact/core/cards";
import {
  adviceFrom,
  BudgetTooSmallError,
  describeAdvice,
  type Halved,
  orderPilots,
  type PilotEvidence,
  probeOfSample,
  successiveHalving,
} from "@autodidact/evaluate";
import { Command, Option } from "commander";
import pc from "picocolors";
import { type AdviceFolder, openAdviceFolder } from "../advice/advice-folder.js";
import { type AdvisedChoice, chooseAdvised } from "../advice/advisable.js";
import { budgetText, parseBudget } from "../advice/budget.js";
import { nextCommands } from "../advice/next-commands.js";
import { wordsOf } from "../advice/pilot-options.js";
import { pilotsOf } from "../advice/pilots.js";
import { addOptions } from "../command-options.js";
import { addEngineOptions, type EngineChoice, inSession, type Session } from "../engine-options.js";
import { describeMissing, type Modalities } from "../modalities.js";
import { OUT_AND_DATA } from "../option-words.js";
import { commandLine } from "../resume-command.js";

interface Options extends EngineChoice {
  data: string;
  labels?: string;
  as?: string;
  methods?: string[];
  budget: number;
  seed: number;
  out?: string;
}

export function adviseCommand(modalities: Modalities): Command {
  const names = modalities.present.filter(({ advice }) => advice !== undefined).map(({ data }) => data);
  const command = new Command("advise")
    .description(
      "Say which method suits data, by short pilot runs: all train for equally many seconds, the better half goes on. Ctrl-C keeps the pilots.",
    )
    .argument("[options...]", "after --: what all pilots are told, as pretrain and evaluate take it")
    .optionsGroup("Data:")
    .requiredOption("--data <path>", "to learn from, as pretrain takes it")
    .option("--labels <path>", "labelled data to measure on, as evaluate takes it (default: that of --data, if any)")
    .addOption(new Option("--as <what>", "where the data can be read in several ways").choices(names))
    .optionsGroup("Pilots:")
    .addOption(
      new Option("--budget <time>", "for everything: 90s, 20m, 2h").argParser(parseBudget).default(1200, "20m"),
    )
    .option("--methods <names...>", "that are compared (default: all of the kind of data)");
  addOptions(command, { seed: whole(0, "of pilots, samples and draws", { from: 0 }) });
  command.option("--out <folder>", "of the advice and its pilots; the same again goes on (default: runs/advice-DATA)");
  addEngineOptions(command);
  return command
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact advise --data photos --budget 20m
  $ autodidact advise --data photos --labels labelled.csv --methods simclr mae --budget 1h -- --width 16
  $ autodidact advise --data sst2 --budget 30m -- --column sentence --preset tiny
  $ autodidact advise --data digits --budget 20m -- --pattern "{digit}_{speaker}_{index}.wav" --label digit

Methods are compared at equal seconds on this machine: a slower one makes fewer steps.`,
    )
    .action((words: string[], options: Options) => action(modalities, words, options));
}

async function action(modalities: Modalities, words: readonly string[], options: Options): Promise<void> {
  const { data, as, methods } = options;
  if (modalities.present.length === 0)
    throw new UsageError(`nothing to learn from is installed. ${describeMissing(modalities)}`);
  const choice = await chooseAdvised(modalities.present, { data, as, methods, words });
  const folder = options.out ?? (await freeFolder(join("runs", `advice-${basename(resolve(data))}`)));
  await assertApart(folder, data, OUT_AND_DATA);
  await inSession(options, async (session) => {
    const kept = await openAdviceFolder(folder, askedOf(choice, options, session), session.line.print);
    try {
      await advise(choice, kept, options, session);
    } catch (error) {
      if (session.signal.aborted) sayHowToGoOn(folder, words, options, session);
      throw error;
    } finally {
      await kept.release();
    }
  });
}

/** What must be the same when it goes on. */
function askedOf(
  { modality, typed }: AdvisedChoice,
  { data, labels, budget, seed }: Options,
  { engine }: Pick<Session, "engine">,
) {
  return {
    as: modality.data,
    data: resolve(data),
    labels: labels === undefined ? null : resolve(labels),
    methods: [...typed.keys()],
    options: wordsOf({ ...typed.values().next().value?.pretrain, ...typed.values().next().value?.reading }),
    budgetSeconds: budget,
    seed,
    engine: `${engine.name} ${engine.provider}`,
  };
}

async function advise(choice: AdvisedChoice, kept: AdviceFolder, options: Options, session: Session): Promise<void> {
  const { data, labels, budget, seed } = options;
  const { modality, typed } = choice;
  const { line } = session;
  const givenUp = new AbortController();
  const signal = AbortSignal.any([session.signal, givenUp.signal]);
  const giveUp = (error: unknown) => givenUp.abort(error);
  const clock = () => performance.now() / 1000;
  const [began, spentBefore] = [clock(), kept.before.at(-1)?.spentSeconds ?? 0];
  const left = () => budget - spentBefore - (clock() - began);
  if (kept.before.length > 0) line.print(`going on with ${kept.folder}: ${duration(spentBefore)} were spent before`);
  line.print(
    `${counted(typed.size, "methods")}, ${duration(budget)} in all, equal seconds each; pilots in ${kept.folder}`,
  );
  const told = Object.keys(modality.methods).filter((name) => modality.methods[name]!.isSupervised && !typed.has(name));
  if (told.length > 0 && options.methods === undefined)
    line.print(`left out, for they learn from labels: ${told.join(", ")} (--methods names them)`);
  const pilots = pilotsOf({ modality, data, labels, typed, seed, kept, session: { ...session, signal }, left, giveUp });
  const halved = await refusingSmallBudgets(
    successiveHalving<PilotEvidence>([...typed.keys()], {
      budgetSeconds: budget,
      before: kept.before,
      clock,
      signal,
      prepare: pilots.prepare,
      pilot: pilots.pilot,
      order: orderPilots,
      onEvent: async (event) => {
        await kept.add(event);
        if (event.kind === "failed") line.print(`${event.candidate} failed: ${event.error}`);
      },
    }),
  );
  line.end();
  const measured = pilots.measuredOn();
  if (halved.rungs.length === 0 || measured === undefined) throw allFailed(halved);
  const next = await nextCommands(choice, { data, labels, hasLabels: measured.classes !== null });
  const { examples, classes, raw, answers } = measured;
  const advice = adviceFrom(halved, {
    asked: askedOf(choice, options, session),
    sample: { examples, classes, raw },
    probe: classes === null ? null : probeOfSample(classes.length),
    budgetSeconds: budget,
    seed,
    raw: answers ?? undefined,
    next,
    createdAt: new Date().toISOString(),
  });
  await kept.keep(advice);
  process.stdout.write(`${describeAdvice(advice, { best: pc.bold }).join("\n")}\n`);
  line.print(`The advice is in ${join(kept.folder, "advice.json")}, the pilots' runs beside it.`);
}

/** In words of the command. */
async function refusingSmallBudgets<Outcome>(work: Promise<Outcome>): Promise<Outcome> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof BudgetTooSmallError)) throw error;
    throw new UsageError(
      `--budget ${budgetText(error.budgetSeconds)} is used up by what goes beside training: to compile and to measure takes so long here. ` +
        `Give --budget ${budgetText(error.neededSeconds)} at least, fewer --methods, or a smaller encoder after --.`,
    );
  }
}

function allFailed({ failures }: Halved<PilotEvidence>): Error {
  const list = failures.map(({ candidate, error }) => `  ${candidate}: ${error}`);
  return new Error(["no method could be tried:", ...list].join("\n"));
}

function sayHowToGoOn(folder: string, words: readonly string[], options: Options, { line }: Session): void {
  const { data, labels, as, methods, budget, seed, engine, provider, threads, kernels } = options;
  const told = Object.entries({
    data,
    labels,
    as,
    budget: budgetText(budget),
    provider,
    threads,
    out: relative("", resolve(folder)),
  });
  const typed = told.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));
  const flags = [
    ...(seed === 0 ? [] : ["--seed", String(seed)]),
    ...(engine === "auto" ? [] : ["--engine", engine]),
    ...(kernels === false ? ["--no-kernels"] : []),
    ...(methods === undefined ? [] : ["--methods", ...methods]),
    ...(words.length === 0 ? [] : ["--", ...words]),
  ];
  line.print(
    `The pilots are kept. Go on with:\n  ${pc.bold(commandLine(["npx", "autodidact", "advise", ...typed, ...flags]))}`,
  );
}
