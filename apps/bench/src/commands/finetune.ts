/**
 * `autodidact finetune`: a text model moved by labels, beside the same model that had learned nothing before.
 */
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import process from "node:process";
import type { LabelledData } from "@autodidact/core";
import {
  type FineTunedClasses,
  type FineTunedQuestions,
  type FineTuningProgress,
  fineTuneClasses,
  fineTuneQuestions,
  openLabelledTexts,
  openQuestionTask,
} from "@autodidact/text";
import { Argument, Command, Option } from "commander";
import { addEngineOptions, type EngineChoice, inSession, type Session } from "../engine-options.js";
import { exists, freeFolder } from "../free-folder.js";
import { realNumber, wholeNumber } from "../option-values.js";
import { describeProgress, grouped } from "../progress.js";
import { fineTuningTable, percent } from "../text/fine-tuning-table.js";
import { UsageError } from "../usage-error.js";

interface Options extends EngineChoice {
  data: string;
  validation?: string;
  task: "classification" | "question-answering";
  labelsPerClass?: number;
  seeds: number;
  epochs: number;
  batchSize: number;
  lr?: number;
  out?: string;
  json?: string;
}

export function finetuneCommand(): Command {
  const command = new Command("finetune")
    .description("Teach a text model classes or questions, from the pretrained encoder and, beside it, from scratch.")
    .addArgument(new Argument("<run>", "its folder, or a Hugging Face text model's"))
    .optionsGroup("Task:")
    .requiredOption(
      "--data <path>",
      "labelled texts (.tsv, .csv, .jsonl, or a folder with train.tsv and test.tsv); questions as SQuAD's JSON",
    )
    .option("--validation <file>", "to be measured on (default: the test part beside, else a fifth is held out)")
    .addOption(
      new Option("--task <name>", "").choices(["classification", "question-answering"]).default("classification"),
    )
    .addOption(
      new Option("--labels-per-class <n>", "of classification: draw so few, anew for each seed").argParser(
        wholeNumber(),
      ),
    )
    .addOption(
      new Option("--seeds <n>", "runs of each, for mean ± deviation").argParser(wholeNumber({ to: 100 })).default(1),
    )
    .optionsGroup("Learning:")
    .addOption(
      new Option("--epochs <n>", "passes over the labels, at least 100 steps")
        .argParser(realNumber({ above: 0 }))
        .default(4),
    )
    .addOption(new Option("--batch-size <n>", "").argParser(wholeNumber()).default(16))
    .addOption(
      new Option(
        "--lr <rate>",
        "highest learning rate (default: by width: 3e-4 up to 256, 1e-4 up to 512, else 5e-5)",
      ).argParser(realNumber({ above: 0 })),
    );
  addEngineOptions(command);
  return command
    .optionsGroup("Result:")
    .option("--out <folder>", "of the model from the pretrained encoder (default: RUN/finetuned-DATA)")
    .option("--json <file>", "write every score there")
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact finetune runs/masked-lm-speeches --data sst2 --labels-per-class 100 --seeds 5
  $ autodidact finetune runs/masked-lm-speeches --data train.tsv --validation dev.tsv
  $ autodidact finetune runs/bert-wiki --task question-answering --data squad/train.json --validation squad/dev.json`,
    )
    .action(action);
}

async function action(folder: string, options: Options): Promise<void> {
  const { data, task, labelsPerClass, out } = options;
  if (task === "question-answering" && labelsPerClass !== undefined) {
    throw new UsageError("--labels-per-class goes with --task classification only.");
  }
  if (out !== undefined && (await exists(join(out, "config.json")))) {
    throw new UsageError(`--out ${out} holds a model already. Name another folder.`);
  }
  const place = out ?? (await freeFolder(join(folder, `finetuned-${basename(data).replace(/\..*$/, "")}`)));
  await inSession(options, async (session) => {
    const rows =
      task === "classification"
        ? await classes(folder, place, options, session)
        : await questions(folder, place, options, session);
    session.line.end();
    process.stdout.write(`${rows}\n`);
    session.line.print(`The model that began pretrained (first seed): ${place}`);
  });
}

async function classes(folder: string, out: string, options: Options, session: Session): Promise<string> {
  const { line } = session;
  const task = await openLabelledTexts(options.data, { test: options.validation, onCorrupt: skipped(session) });
  const held = task.isTestHeldOut ? " (a fifth of the data, held out)" : "";
  line.print(
    `${grouped(task.train.examples.length)} texts of ${task.classes.length} classes to learn from, ${grouped(task.test.examples.length)} to answer${held}`,
  );
  const results: FineTunedClasses[] = [];
  const { labelsPerClass } = options;
  const learned = { ...learning(options, session, `${task.test.examples.length} texts`), labelsPerClass, out };
  for await (const result of fineTuneClasses(folder, task, learned)) {
    results.push(result);
    line.print(`${result.contender}, seed ${result.seed}: ${percent(result.accuracy)} %`);
    await keep(options, results);
  }
  const labels = labelsPerClass === undefined ? "all labels" : `${labelsPerClass} labels a class`;
  return fineTuningTable("accuracy, %", results, { [labels]: ({ accuracy }) => accuracy }, [
    ["commonest class", percent(commonest(task))],
  ]);
}

async function questions(folder: string, out: string, options: Options, session: Session): Promise<string> {
  const { line } = session;
  const task = await openQuestionTask(options.data, { test: options.validation, onCorrupt: skipped(session) });
  const held = task.isTestHeldOut ? " (those of every fifth context, held out)" : "";
  line.print(`${grouped(task.train.length)} questions to learn from, ${grouped(task.test.length)} to answer${held}`);
  const results: FineTunedQuestions[] = [];
  const learned = { ...learning(options, session, `${task.test.length} questions`), out };
  for await (const result of fineTuneQuestions(folder, task, learned)) {
    results.push(result);
    line.print(
      `${result.contender}, seed ${result.seed}: exact match ${result.exactMatch.toFixed(1)} %, F1 ${result.f1.toFixed(1)} %`,
    );
    await keep(options, results);
  }
  return fineTuningTable("%", results, {
    "exact match": ({ exactMatch }) => exactMatch / 100,
    F1: ({ f1 }) => f1 / 100,
  });
}

const skipped =
  ({ line }: Session) =>
  ({ message }: Error) =>
    line.print(`skipped: ${message}`);

function learning({ epochs, batchSize, lr, seeds }: Options, { line, signal }: Session, asked: string) {
  const onProgress = ({ contender, seed, report, steps }: FineTuningProgress) => {
    const what = seeds > 1 ? `${contender}, seed ${seed + 1} of ${seeds}` : contender;
    line.show(`${what}: ${report === undefined ? `answering ${asked}` : describeLearning(report, steps)}`);
  };
  return {
    epochs,
    batchSize,
    learningRate: lr,
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    signal,
    onProgress,
  };
}

function describeLearning(report: NonNullable<FineTuningProgress["report"]>, steps = 0): string {
  const { step, loss, learningRate, samplesPerSecond, etaSeconds } = report;
  const pace = { unit: "examples", perSecond: samplesPerSecond };
  return describeProgress({ step, steps, loss, learningRate, pace, secondsLeft: etaSeconds });
}

async function keep({ json }: Options, results: readonly object[]): Promise<void> {
  if (json !== undefined) await writeFile(json, `${JSON.stringify(results, null, 2)}\n`);
}

/** The accuracy of always answering the commonest class of the training texts. */
function commonest({ train, test, classes }: LabelledData<string>): number {
  const counts = classes.map((_, label) => train.labels.filter((other) => other === label).length);
  const label = counts.indexOf(Math.max(...counts));
  return test.labels.filter((other) => other === label).length / test.labels.length;
}
