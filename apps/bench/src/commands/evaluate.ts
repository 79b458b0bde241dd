/**
 * `autodidact evaluate`: what a run's encoder is worth, beside what it must beat.
 */
import { Argument, Command, Option } from "commander";
import { addOptions, flagOf } from "../command-options.js";
import { addEngineOptions, type EngineChoice, inSession } from "../engine-options.js";
import type { Asked, EvaluationTask, EvaluationTasks } from "../evaluation.js";
import { type Modalities, modalityOf } from "../modalities.js";
import { assertReplaceableRecord, keepRecord } from "../results.js";
import { type Options, type Typed, whole } from "../typed-option.js";
import { UsageError } from "../usage-error.js";

const task = {
  perClass: whole("learn from the first n training examples of each class"),
  labelsPerClass: whole("draw so few labels, anew for each seed; mean ± deviation"),
};
const heads = {
  seeds: whole("heads", { usually: "1, or 5 with --labels-per-class" }),
  seed: whole(0, "of splits and draws", { from: 0 }),
};

type Given = Omit<Asked, "folder"> & EngineChoice & { protocol: string; json?: string } & Typed<Options>;

export function evaluateCommand({ present }: Modalities): Command {
  const tasks: EvaluationTasks = Object.assign({}, ...present.map((modality) => modality.tasks));
  const names = Object.keys(tasks);
  const command = new Command("evaluate")
    .description(
      "Measure a run's encoder, always beside what it must beat: raw features, and itself before it learned.",
    )
    .addArgument(new Argument("<run>", "its folder: runs/NAME"))
    .optionsGroup("Task:")
    .requiredOption(
      "--data <path>",
      present.map(({ data, labelledData }) => `${data}: ${labelledData}`).join("; ") || "what to measure on",
    );
  addOptions(command, task);
  const described = names.map((name) => `${name}: ${tasks[name]!.summary}`).join("; ");
  command
    .optionsGroup("Protocol:")
    .addOption(new Option("--protocol <name>", described).choices(names).makeOptionMandatory());
  addOptions(command, Object.assign({}, ...names.map((name) => tasks[name]!.options)));
  addOptions(command, heads);
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
  $ autodidact evaluate runs/next-token-speeches --data speeches --protocol perplexity

Every record is added to RUN/results.jsonl too.`,
    )
    .action((folder: string, given: Given) => action(folder, given, (asked) => assertOwn(command, asked, tasks)));
}

async function action(folder: string, given: Given, check: (asked: EvaluationTask) => void): Promise<void> {
  const { protocol, json } = given;
  await assertReplaceableRecord(json);
  await inSession(given, async (session) => {
    const { data, tasks } = await modalityOf(folder);
    const asked = tasks[protocol];
    if (asked === undefined) {
      throw new UsageError(
        `${folder} learned from ${data}, of which ${protocol} cannot be asked. Take ${Object.keys(tasks).join(" or ")}.`,
      );
    }
    check(asked);
    for await (const record of asked.run({ ...given, folder }, given, session)) {
      await keepRecord(record, { folder, json, line: session.line });
    }
  });
}

/** An option of another protocol would be passed over in silence. */
function assertOwn(command: Command, { options }: EvaluationTask, tasks: EvaluationTasks): void {
  const others = Object.values(tasks).flatMap((other) => Object.keys(other.options));
  const strange = others.find((name) => !Object.hasOwn(options, name) && command.getOptionValueSource(name) === "cli");
  if (strange === undefined) return;
  throw new UsageError(`${flagOf(strange)} does not go with --protocol ${command.opts().protocol}.`);
}
