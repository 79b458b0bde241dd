/**
 * `autodidact predict RUN`: what a fine-tuned model says of new texts or images, or of questions on texts.
 */
import process from "node:process";
import type { Prediction } from "@autodidact/core";
import { assertNoFile, grouped, predictionTable, topOf, UsageError, writeNew } from "@autodidact/core";
import { whole } from "@autodidact/core/cards";
import { Argument, Command } from "commander";
import { addOptions, refuseStrange } from "../command-options.js";
import { addEngineOptions, type EngineChoice, inSession } from "../engine-options.js";
import { type Modalities, modalityOf } from "../modalities.js";
import type { Given, Modality } from "../modality.js";
import { withItsData } from "../other-data.js";
import { commandLine } from "../resume-command.js";

type Options = Given & EngineChoice & { top?: number; json?: string };

/** Classes or boxes of each, where nothing is typed. */
const USUAL_TOP = 3;
/** Of more predictions the first are shown. */
const ROWS_SHOWN = 40;

/** Undefined where nothing that is installed can be fine-tuned. */
export function predictCommand({ present }: Modalities): Command | undefined {
  if (present.every(({ predict }) => predict === undefined)) return undefined;
  const command = new Command("predict")
    .description(
      "Ask a fine-tuned model: the class of an image or a text with probabilities, the class of every pixel, boxes, a label for each word or residue, a translation, or an answer with its place.",
    )
    .addArgument(new Argument("<run>", "that was fine-tuned, or the folder that finetune wrote"))
    .optionsGroup("Of classes:")
    .option("--text <text>", "to be classed, labelled or translated; several by several --text", collect)
    .option("--image <file>", "to be classed; several by several --image", collect)
    .optionsGroup("Of questions:")
    .option("--question <text>", "on the context; several by several --question", collect)
    .option("--context <text>", "that holds the answer")
    .optionsGroup("Of many:")
    .option(
      "--data <path>",
      "images or texts as pretrain takes them, words as CoNLL's columns, or questions as SQuAD's JSON",
    )
    .option("--column <name>", "that holds the text, of tables; of .csv and .tsv also its number", "text");
  const all = Object.fromEntries(present.map(({ data, reading = {} }) => [data, reading]));
  addOptions(command, Object.assign({}, ...Object.values(all)));
  command.optionsGroup("Result:");
  addOptions(command, { top: whole("classes or boxes of each", { usually: `${USUAL_TOP}; with --json all` }) });
  command.option("--out <folder>", "of masks: a new folder for a PNG of class numbers each");
  command.option("--json <file>", "a line of JSON each, there; - is the standard output, without a table");
  addEngineOptions(command);
  return command
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact predict runs/masked-lm-speeches --text "A lovely film." --text "Two lost hours."
  $ autodidact predict runs/masked-lm-speeches/finetuned-sst2 --data reviews.csv --column review --json classes.jsonl
  $ autodidact predict runs/masked-lm-news/finetuned-conll03 --text "Jane Austen lived in Bath."
  $ autodidact predict runs/next-token-news/finetuned-pairs --data sentences.txt --json translations.jsonl
  $ autodidact predict runs/mae-photos --image cat.jpg
  $ autodidact predict runs/mae-photos/finetuned-streets --data new --out masks
  $ autodidact predict runs/bert-wiki --question "Who wrote it?" --context "Emma was written by Jane Austen."`,
    )
    .allowExcessArguments() // what is typed without its option is told how
    .action((folder: string, options: Options) =>
      action(folder, options, command.args.slice(1), ({ reading = {}, data }) =>
        refuseStrange(command, { own: reading, all, to: data }),
      ),
    );
}

const collect = (text: string, before: readonly string[] | undefined) => [...(before ?? []), text];

async function action(
  folder: string,
  options: Options,
  loose: readonly string[],
  check: (modality: Modality) => void,
): Promise<void> {
  const { json, top, data } = options;
  if (loose.length === 0) assertAsked(options);
  const modality = await modalityOf(folder);
  if (loose.length > 0) throw withoutOption(folder, loose, modality);
  check(modality);
  if (modality.predict === undefined) {
    throw new UsageError(
      `${folder} learned from ${modality.data}, which cannot be fine-tuned yet. What its features are worth for classes: autodidact evaluate ${folder} --data LABELLED --protocol linear. The features themselves: autodidact embed ${folder}`,
    );
  }
  if (json !== undefined && json !== "-") await assertNoFile(json, "--json");
  const { predict } = modality;
  await inSession(options, async (session) => {
    const shown: Prediction[] = [];
    let count = 0;
    const answer = async (write: (line: string) => unknown) => {
      for await (const prediction of predict(folder, { ...options, typed: { ...options } }, session)) {
        count += 1;
        if (shown.length < ROWS_SHOWN) shown.push(prediction);
        const { kind: _, ...told } = top === undefined ? prediction : topOf(prediction, top);
        await write(`${JSON.stringify(told)}\n`);
      }
    };
    const work = async () => {
      if (json === undefined) await answer(() => {});
      else if (json === "-") await answer((text) => process.stdout.write(text));
      else await writeNew(json, "--json", answer);
    };
    await (data === undefined ? work() : withItsData({ folder, data, modality }, work));
    session.line.end();
    if (json !== "-") process.stdout.write(`${predictionTable(shown, top ?? USUAL_TOP)}\n`);
    if (json !== "-" && count > shown.length) {
      process.stdout.write(`… and ${grouped(count - shown.length)} more: all of them by --json FILE\n`);
    }
  });
}

/** A file or a text may be meant by a loose word: the option says which. */
function withoutOption(folder: string, loose: readonly string[], { data }: Modality): UsageError {
  const each = (option: string) => loose.flatMap((word) => [option, word]);
  const typed = commandLine(["predict", folder, ...each(data === "images" ? "--image" : "--text")]);
  const many = data === "images" ? "All images of a folder" : "The texts of a file or folder";
  return new UsageError(
    `predict takes what it is asked behind an option, got ${loose.join(" ")} without one. Type: npx autodidact ${typed}. ${many}: --data PATH`,
  );
}

/** One kind of question at a time. */
function assertAsked({ text, image, question, context, data }: Given): void {
  const given = { "--text": text, "--image": image, "--question": question, "--data": data };
  const names = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (names.length !== 1) {
    const got = names.length === 0 ? "none" : names.join(" and ");
    throw new UsageError(`predict needs one of --text, --image, --question with --context, or --data; got ${got}.`);
  }
  if ((question === undefined) !== (context === undefined)) {
    throw new UsageError("--question and --context go together: a question, and the text that holds its answer.");
  }
}
