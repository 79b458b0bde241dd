/**
 * `autodidact evaluate`: what a run's encoder is worth, beside raw pixels and the random init.
 */
import { writeFile } from "node:fs/promises";
import process from "node:process";
import { formatRecord, knn, linearProbe, type Protocol } from "@autodidact/evaluate";
import { Argument, Command, Option } from "commander";
import { addEngineOptions, type EngineChoice, inSession, type Session } from "../engine-options.js";
import { evaluate } from "../evaluation.js";
import type { LiveLine } from "../live-line.js";
import { modalityOf } from "../modalities.js";
import { realNumber, wholeNumber } from "../option-values.js";
import { scoreTable } from "../score-table.js";
import { text as textModality } from "../text/modality.js";
import { perplexityOf } from "../text/perplexity.js";
import { describePerplexity, perplexityTable } from "../text/perplexity-table.js";
import { UsageError } from "../usage-error.js";

interface Options extends EngineChoice {
  data: string;
  column: string;
  protocol: keyof typeof PROTOCOLS | "perplexity";
  perClass?: number;
  labelsPerClass?: number;
  seeds?: number;
  k: number;
  temperature: number;
  solver: "lbfgs" | "sgd";
  seed: number;
  json?: string;
}

const PROTOCOLS = {
  knn: ({ k, temperature }) => knn({ k, temperature }),
  linear: ({ solver }) => linearProbe({ solver }),
} satisfies Record<string, (options: Options) => Protocol>;

export function evaluateCommand(): Command {
  const command = new Command("evaluate")
    .description(
      "Measure a run's encoder on labelled images or texts, always beside raw features and the encoder before it learned; or how well a text model tells unlabelled text.",
    )
    .addArgument(new Argument("<run>", "its folder: runs/NAME"))
    .optionsGroup("Task:")
    .requiredOption(
      "--data <path>",
      "labelled images, with a train and a test part (else a fifth is held out); labelled texts (.tsv, .csv, .jsonl, or a folder with train.tsv and test.tsv); for perplexity any text",
    )
    .option("--column <name>", "for perplexity: that holds the text, of .jsonl, .csv, .tsv and .parquet", "text")
    .addOption(
      new Option("--per-class <n>", "learn from the first n training images of each class").argParser(wholeNumber()),
    )
    .addOption(
      new Option("--labels-per-class <n>", "draw so few labels, anew for each seed; mean ± deviation").argParser(
        wholeNumber(),
      ),
    )
    .optionsGroup("Protocol:")
    .addOption(
      new Option("--protocol <name>", "nearest neighbours, a linear probe, or a text model's held-out loss")
        .choices([...Object.keys(PROTOCOLS), "perplexity"])
        .makeOptionMandatory(),
    )
    .addOption(new Option("--k <n>", "of knn: neighbours that vote").argParser(wholeNumber()).default(200))
    .addOption(new Option("--temperature <t>", "of knn's votes").argParser(realNumber({ above: 0 })).default(0.1))
    .addOption(new Option("--solver <name>", "of the linear probe").choices(["lbfgs", "sgd"]).default("lbfgs"))
    .addOption(new Option("--seeds <n>", "heads (default: 1, or 5 with --labels-per-class)").argParser(wholeNumber()))
    .addOption(new Option("--seed <n>", "of splits and draws").argParser(wholeNumber({ from: 0 })).default(0));
  addEngineOptions(command);
  return command
    .optionsGroup("Result:")
    .option("--json <file>", "write the record there; - is the standard output, without a table")
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact evaluate runs/simclr-photos --data photos --protocol knn
  $ autodidact evaluate runs/simclr-photos --data photos --protocol linear --labels-per-class 10 --json result.json
  $ autodidact evaluate runs/masked-lm-speeches --data sst2 --protocol linear
  $ autodidact evaluate runs/next-token-speeches --data speeches --protocol perplexity`,
    )
    .action(action);
}

async function action(folder: string, options: Options): Promise<void> {
  const { protocol } = options;
  await inSession(options, (session) =>
    protocol === "perplexity" ? tellText(folder, options, session) : probe(folder, protocol, options, session),
  );
}

async function probe(
  folder: string,
  name: keyof typeof PROTOCOLS,
  options: Options,
  { engine, line, signal }: Session,
): Promise<void> {
  const modality = await modalityOf(folder);
  const { data, perClass, labelsPerClass, seed } = options;
  const show = (text: string) => line.show(text);
  const print = (text: string) => line.print(text);
  const examination = await modality.examine(folder, data, { perClass, signal, show, print });
  const protocol = PROTOCOLS[name](options);
  const seeds = options.seeds === undefined ? undefined : Array.from({ length: options.seeds }, (_, i) => i);
  const questions = [{ protocol, labelsPerClass, seeds }];
  for await (const record of evaluate(examination, { questions, engine, seed, signal, say: show })) {
    line.end();
    await tell(scoreTable([record]), formatRecord(record), options, line);
  }
}

async function tellText(folder: string, options: Options, { line, signal }: Session): Promise<void> {
  if ((await modalityOf(folder)) !== textModality) {
    throw new UsageError(`perplexity is of text, and ${folder} learned from images. Take knn or linear.`);
  }
  const perplexity = await perplexityOf(folder, options.data, options, { line, signal });
  line.end();
  const table = `${describePerplexity(perplexity)}\n${perplexityTable(perplexity)}`;
  await tell(table, JSON.stringify({ protocol: "perplexity", run: folder, ...perplexity }), options, line);
}

/** The table for people, the record for programs. */
async function tell(table: string, record: string, { json }: Options, line: LiveLine): Promise<void> {
  process.stdout.write(`${json === "-" ? record : table}\n`);
  if (json === undefined || json === "-") return;
  await writeFile(json, `${record}\n`);
  line.print(`record: ${json}`);
}
