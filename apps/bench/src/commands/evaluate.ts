/**
 * `autodidact evaluate`: what a run's encoder is worth, beside raw pixels and the random init.
 */
import { writeFile } from "node:fs/promises";
import process from "node:process";
import { formatRecord, knn, linearProbe, type Protocol } from "@autodidact/evaluate";
import { Argument, Command, Option } from "commander";
import { addEngineOptions, type EngineChoice, inSession } from "../engine-options.js";
import { evaluate } from "../evaluation.js";
import { modalityOf } from "../modalities.js";
import { realNumber, wholeNumber } from "../option-values.js";
import { scoreTable } from "../score-table.js";

interface Options extends EngineChoice {
  data: string;
  protocol: keyof typeof PROTOCOLS;
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
      "Measure a run's encoder on labelled images, always beside raw pixels and the encoder before it learned.",
    )
    .addArgument(new Argument("<run>", "its folder: runs/NAME"))
    .optionsGroup("Task:")
    .requiredOption("--data <path>", "labelled images, with a train and a test part (else a fifth is held out)")
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
      new Option("--protocol <name>", "nearest neighbours, or a linear probe")
        .choices(Object.keys(PROTOCOLS))
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
  $ autodidact evaluate runs/simclr-photos --data photos --protocol linear --labels-per-class 10 --json result.json`,
    )
    .action(action);
}

async function action(folder: string, options: Options): Promise<void> {
  await inSession(options, async ({ engine, line, signal }) => {
    const modality = await modalityOf(folder);
    const { data, perClass, labelsPerClass, seed } = options;
    const show = (text: string) => line.show(text);
    const print = (text: string) => line.print(text);
    const examination = await modality.examine(folder, data, { perClass, signal, show, print });
    const protocol = PROTOCOLS[options.protocol](options);
    const seeds = options.seeds === undefined ? undefined : Array.from({ length: options.seeds }, (_, i) => i);
    const questions = [{ protocol, labelsPerClass, seeds }];
    for await (const record of evaluate(examination, { questions, engine, seed, signal, say: show })) {
      line.end();
      if (options.json === "-") process.stdout.write(`${formatRecord(record)}\n`);
      else process.stdout.write(`${scoreTable([record])}\n`);
      if (options.json !== undefined && options.json !== "-") {
        await writeFile(options.json, `${formatRecord(record)}\n`);
        print(`record: ${options.json}`);
      }
    }
  });
}
