/**
 * `autodidact embed`: features of images, documents or recordings, in a file.
 */

import { extname } from "node:path";
import { assertApart, counted, exists, featureFiles, tellUnfinished, UsageError } from "@autodidact/core";
import { Argument, Command } from "commander";
import { addOptions, refuseStrange } from "../command-options.js";
import { addEngineOptions, type EngineChoice, inSession } from "../engine-options.js";
import { type Modalities, modalityOf } from "../modalities.js";
import type { Modality } from "../modality.js";
import { OUT_AND_DATA } from "../option-words.js";
import { withItsData } from "../other-data.js";

interface Options extends EngineChoice {
  data: string;
  column: string;
  out: string;
  overwrite?: boolean;
}

export function embedCommand({ present }: Modalities): Command {
  const all = Object.fromEntries(present.map(({ data, reading = {} }) => [data, reading]));
  const described = Object.entries(featureFiles).map(([ending, { holds }]) => `${ending} (${holds})`);
  const command = new Command("embed")
    .description(
      "Write the features of images, documents or recordings into a file: what search, clustering or a classifier starts from.",
    )
    .addArgument(new Argument("<run>", "its folder, or a Hugging Face model's of text or speech"))
    .requiredOption("--data <path>", "images, text or recordings, as pretrain takes them")
    .option(
      "--column <name>",
      "that holds the text, of .jsonl, .csv, .tsv and .parquet; of .csv and .tsv also its number",
      "text",
    )
    .requiredOption("--out <file>", described.join(", "))
    .option("--overwrite", "write over an --out that is there already");
  addOptions(command, Object.assign({}, ...Object.values(all)));
  addEngineOptions(command);
  return command
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact embed runs/masked-lm-speeches --data speeches --out speeches.jsonl
  $ autodidact embed runs/simclr-photos --data photos --out photos.parquet
  $ autodidact embed runs/simclr-photos --data photos --out photos.npy
  $ autodidact embed runs/simclr-photos --data photos --out photos.csv --overwrite`,
    )
    .action((folder: string, options: Options) =>
      action(folder, options, ({ reading = {}, data }) => refuseStrange(command, { own: reading, all, to: data })),
    );
}

async function action(folder: string, options: Options, check: (modality: Modality) => void): Promise<void> {
  const { data, column, out, overwrite = false } = options;
  const file = featureFiles[extname(out)];
  if (file === undefined) {
    throw new UsageError(`--out must end in ${Object.keys(featureFiles).join(" or ")}, got ${out}.`);
  }
  await assertApart(out, data, OUT_AND_DATA);
  if (!overwrite) await assertNew(file.paths(out));
  const modality = await modalityOf(folder);
  check(modality);
  await inSession(options, async ({ line, signal }) => {
    await tellUnfinished(folder, line);
    const show = (text: string) => line.show(text);
    const print = (text: string) => line.print(text);
    const embedded = modality.embed(folder, data, { column, typed: { ...options }, signal, show, print });
    const { count, size } = await withItsData({ folder, data, modality }, () => file.write(out, embedded));
    line.end();
    print(`${counted(count, "rows")} of ${counted(size, "features")}: ${out}`);
  });
}

async function assertNew(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    if (await exists(path)) throw new UsageError(`${path} is there already. Name another --out, or add --overwrite.`);
  }
}
