/**
 * `autodidact evaluate`: what a run's encoder is worth, beside what it must beat.
 */

import { tellUnfinished, UsageError } from "@autodidact/core";
import { type Options, type Typed, whole } from "@autodidact/core/cards";
import { type Asked, type EvaluationTask, foreignSchema } from "@autodidact/evaluate";
import { Argument, Command, Option } from "commander";
import { addOptions, refuseStrange } from "../command-options.js";
import { addEngineOptions, type EngineChoice, inSession } from "../engine-options.js";
import { foreignEncoder, foreignSettings } from "../foreign/foreign-encoder.js";
import { type Modalities, modalityNamed, modalityOf } from "../modalities.js";
import { withItsData } from "../other-data.js";
import { assertKeepable, keepRecord } from "../results.js";

const task = {
  perClass: whole("learn from the first n training examples of each class"),
  labelsPerClass: whole("draw so few labels, anew for each seed; mean ± deviation"),
};
const heads = {
  seeds: whole("heads", { usually: "1, or 5 with --labels-per-class" }),
  seed: whole(0, "of splits and draws", { from: 0 }),
};

type Given = Omit<Asked, "folder"> &
  EngineChoice & { protocol: string; json?: string; onnx?: string[] } & Typed<Options>;

export function evaluateCommand({ present }: Modalities): Command {
  const tasks = present.flatMap((modality) => Object.entries(modality.tasks)); // of one name, options differ by what the data is
  const summaries = new Map(tasks.map(([name, { summary }]) => [name, summary]));
  const options: Options = Object.assign({}, ...tasks.map(([, task]) => task.options));
  const ofEach = present.map(({ data, tasks }) => [
    data,
    Object.assign({}, ...Object.values(tasks).map((task) => task.options)),
  ]);
  const all: Readonly<Record<string, Options>> = Object.fromEntries(ofEach);
  const command = new Command("evaluate")
    .description(
      "Measure a run's encoder, always beside what it must beat: raw features, and itself before it learned.",
    )
    .addArgument(
      new Argument(
        "<encoder>",
        "a run's folder, runs/NAME; or somebody else's: a .onnx file, a folder with onnx/, a hub's hf:owner/name",
      ),
    )
    .optionsGroup("Task:")
    .requiredOption(
      "--data <path>",
      present.map(({ data, labelledData }) => `${data}: ${labelledData}`).join("; ") || "what to measure on",
    );
  addOptions(command, task);
  const described = [...summaries].map(([name, summary]) => `${name}: ${summary}`).join("; ");
  command
    .optionsGroup("Protocol:")
    .addOption(new Option("--protocol <name>", described).choices([...summaries.keys()]).makeOptionMandatory());
  addOptions(command, options);
  addOptions(command, heads);
  addEngineOptions(command);
  return command
    .optionsGroup("Encoder:")
    .option(
      "--onnx <name=value...>",
      `what the files of somebody else's encoder do not say: ${Object.keys(foreignSchema.shape).join(", ")}`,
    )
    .optionsGroup("Result:")
    .option("--json <file>", "write the record there; - is the standard output, without a table")
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact evaluate runs/simclr-photos --data photos --protocol knn
  $ autodidact evaluate runs/simclr-photos --data photos --protocol linear --labels-per-class 10 --json result.json
  $ autodidact evaluate runs/rotation-photos --data photos --protocol linear --layer layer3
  $ autodidact evaluate runs/masked-lm-speeches --data sst2 --protocol linear
  $ autodidact evaluate runs/next-token-speeches --data speeches --protocol perplexity
  $ autodidact evaluate model.onnx --data photos --protocol knn --onnx size=224 mean=0.485,0.456,0.406 std=0.229,0.224,0.225
  $ autodidact evaluate hf:Xenova/all-MiniLM-L6-v2 --data sst2 --protocol linear

Every record of a run is added to RUN/results.jsonl too.`,
    )
    .action((folder: string, given: Given) =>
      action(folder, given, ({ options: own }, data) =>
        refuseStrange(command, { own, all, to: `--protocol ${given.protocol} of ${data}` }),
      ),
    );
}

async function action(
  folder: string,
  given: Given,
  check: (asked: EvaluationTask, data: string) => void,
): Promise<void> {
  const { protocol, json } = given;
  await assertKeepable(json);
  await inSession(given, async (session) => {
    const told = given.onnx && foreignSettings(given.onnx);
    const foreign = await foreignEncoder(folder, { told, say: session.line.show });
    const modality = foreign === undefined ? await modalityOf(folder) : await modalityNamed(foreign.data);
    const { data, tasks } = modality;
    const asked = tasks[protocol];
    if (asked === undefined || (foreign !== undefined && !asked.takesForeign)) {
      const others = Object.keys(tasks).filter((name) => foreign === undefined || tasks[name]!.takesForeign);
      throw new UsageError(
        `${folder} learned from ${data}, of which ${protocol} cannot be asked. Take ${others.join(" or ")}.`,
      );
    }
    check(asked, data);
    await withItsData({ folder, data: given.data, modality }, async () => {
      if (foreign === undefined) await tellUnfinished(folder, session.line);
      for await (const record of asked.run({ ...given, folder, foreign }, given, session)) {
        await keepRecord(record, { folder: foreign === undefined ? folder : undefined, json, line: session.line });
      }
    });
  });
}
