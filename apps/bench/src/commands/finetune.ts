/**
 * `autodidact finetune`: a model moved by labels, beside the same model that had learned nothing before.
 */

import { basename, join } from "node:path";
import { assertApart, assertFree, freeFolder, tellUnfinished, UsageError } from "@autodidact/core";
import { type Filled, type Options, positive, text, whole } from "@autodidact/core/cards";
import { Argument, Command, Option } from "commander";
import { addOptions, refuseStrange } from "../command-options.js";
import { addEngineOptions, type EngineChoice, inSession } from "../engine-options.js";
import { labelBudget } from "../label-budget.js";
import { type Modalities, modalityOf } from "../modalities.js";
import { OUT_AND_DATA } from "../option-words.js";
import { withItsData } from "../other-data.js";
import { assertKeepable, keepRecord } from "../results.js";

const task = {
  validation: text("to be measured on", { unit: "file", usually: "the test part beside, else a fifth is held out" }),
  labels: labelBudget(
    "of classes: a share of each, as 1%, or so many, as 20-per-class; of transcripts, sentences and pairs a share; drawn anew for each seed",
    {
      usually: "100%",
      conflicts: "labelsPerClass",
    },
  ),
  labelsPerClass: whole("the same as --labels N-per-class"),
  seeds: whole(1, "runs of each, for mean ± deviation", { to: 100 }),
};
const learning = {
  epochs: positive("passes over the labels, at least 100 steps", {
    unit: "n",
    usually: "of texts 4, of images 20, of their masks and boxes 40, of ctc 30",
  }),
  batchSize: whole("", { usually: "of texts and ctc 16, of images 64, of their masks and boxes 16" }),
  lr: positive("highest learning rate", {
    unit: "rate",
    usually: "of texts by width: 3e-4 up to 256, 1e-4 up to 512, else 5e-5; of images 1e-3; of ctc 5e-4",
  }),
};

type Given = Filled<typeof task> &
  Filled<typeof learning> &
  EngineChoice & { data: string; task: string; out?: string; json?: string };

export function finetuneCommand({ present }: Modalities): Command {
  const lessons = present.flatMap((modality) => Object.entries(modality.lessons ?? {})); // of one name, each for its data
  const names = [...new Set(lessons.map(([name]) => name))];
  const command = new Command("finetune")
    .description("Teach a model by labels, from the pretrained encoder and, beside it, from scratch.")
    .addArgument(new Argument("<run>", "its folder, or a Hugging Face model's"))
    .optionsGroup("Task:")
    .requiredOption(
      "--data <path>",
      lessons.map(([name, { summary }]) => `${name}: ${summary}`).join("; ") || "what to learn from",
    )
    .addOption(new Option("--task <name>", "").choices(names).default(names[0]));
  addOptions(command, task);
  const ofEach = present.map(({ data, lessons = {} }) => [
    data,
    Object.assign({}, ...Object.values(lessons).map(({ options }) => options)),
  ]);
  const all: Readonly<Record<string, Options>> = Object.fromEntries(ofEach);
  addOptions(command, Object.assign({}, ...Object.values(all)));
  addOptions(command.optionsGroup("Learning:"), learning);
  addEngineOptions(command);
  return command
    .optionsGroup("Result:")
    .option("--out <folder>", "of the model from the pretrained encoder (default: RUN/finetuned-DATA)")
    .option("--json <file>", "write the record there; - is the standard output, without a table")
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact finetune runs/masked-lm-speeches --data sst2 --labels-per-class 100 --seeds 5
  $ autodidact finetune runs/masked-lm-speeches --data train.tsv --validation dev.tsv
  $ autodidact finetune runs/mae-photos --data photos --labels 1% --seeds 3
  $ autodidact finetune runs/mae-photos --data photos --labels 20-per-class --seeds 3
  $ autodidact finetune runs/mae-photos --data streets --task segmentation
  $ autodidact finetune runs/mae-photos --data coco --task detection
  $ autodidact finetune runs/masked-frames-talks --task ctc --data talks.csv --labels 10%
  $ autodidact finetune runs/masked-lm-news --task tokens --data conll03
  $ autodidact finetune runs/masked-lm-proteins --task tokens --data structures.tsv
  $ autodidact finetune runs/next-token-news --task translation --data pairs.tsv --beams 4
  $ autodidact finetune runs/bert-wiki --task question-answering --data squad/train.json --validation squad/dev.json

The record is added to RUN/results.jsonl too.`,
    )
    .action((folder: string, given: Given) =>
      action(folder, given, (own, to) => refuseStrange(command, { own, all, to })),
    );
}

async function action(folder: string, given: Given, check: (own: Options, to: string) => void): Promise<void> {
  const { data, task: name, validation, epochs, batchSize, lr, json } = given;
  const budget = given.labels ?? { labelsPerClass: given.labelsPerClass };
  const modality = await modalityOf(folder);
  const lesson = modality.lessons?.[name];
  if (lesson === undefined) {
    const others = Object.keys(modality.lessons ?? {});
    const advice = others.length === 0 ? "" : ` Take --task ${others.join(" or ")}.`;
    throw new UsageError(`${folder} learned from ${modality.data}, which ${name} cannot teach.${advice}`);
  }
  check(lesson.options ?? {}, `--task ${name} of ${modality.data}`);
  const isShareAsked = lesson.hasShares && budget.labelsPerClass === undefined;
  if (!lesson.hasClasses && !isShareAsked && (given.labels ?? given.labelsPerClass) !== undefined) {
    const others = Object.entries(modality.lessons ?? {}).filter(([, { hasClasses }]) => hasClasses);
    const flag = given.labels === undefined ? "--labels-per-class" : "--labels";
    if (lesson.hasShares) {
      throw new UsageError(`--task ${name} learns from a share of all labels, for there are no classes: --labels 10%.`);
    }
    throw new UsageError(`${flag} goes with --task ${others.map(([other]) => other).join(" or ")} only.`);
  }
  if (given.out !== undefined) {
    await assertFree(given.out, { out: "--out" });
    await assertApart(given.out, data, OUT_AND_DATA);
  }
  await assertKeepable(json);
  const out = given.out ?? (await freeFolder(join(folder, `finetuned-${basename(data).replace(/\..*$/, "")}`)));
  const seeds = Array.from({ length: given.seeds }, (_, seed) => seed);
  const typed = { ...given };
  await inSession(given, async (session) => {
    await tellUnfinished(folder, session.line);
    const taught = { folder, data, validation, ...budget, seeds, epochs, batchSize, learningRate: lr, out, typed };
    const record = await withItsData({ folder, data, modality }, () => lesson.teach(taught, session));
    await keepRecord(record, { folder, json, line: session.line });
    session.line.print(`The model that began pretrained (first seed): ${out}`);
  });
}
