/**
 * `autodidact neighbours RUN`: what lies nearest to one image, text or recording, by the run's encoder.
 */
import { extname } from "node:path";
import process from "node:process";
import {
  assertApart,
  assertNoFile,
  encodePng,
  exists,
  table,
  tellUnfinished,
  UsageError,
  writeNew,
} from "@autodidact/core";
import { type Filled, whole } from "@autodidact/core/cards";
import { Argument, Command } from "commander";
import { addOptions, refuseStrange } from "../command-options.js";
import { addEngineOptions, type EngineChoice, inSession } from "../engine-options.js";
import { type Modalities, modalityOf } from "../modalities.js";
import type { FoundNeighbour, Modality } from "../modality.js";
import { OUT_AND_DATA } from "../option-words.js";
import { withItsData } from "../other-data.js";

const asked = { count: whole(8, "neighbours", { to: 32 }) };

type Given = Filled<typeof asked> & EngineChoice & { data: string; query: string; column: string; out?: string };

/** Of a text the beginning is shown. */
const TEXT_SHOWN = 72;

/** Undefined where nothing that is installed can be asked. */
export function neighboursCommand({ present }: Modalities): Command | undefined {
  if (present.every(({ neighbours }) => neighbours === undefined)) return undefined;
  const all = Object.fromEntries(present.map(({ data, reading = {} }) => [data, reading]));
  const command = new Command("neighbours")
    .description("Show what lies nearest to one image, text or recording, by cosine similarity of a run's features.")
    .addArgument(new Argument("<run>", "its folder, or a Hugging Face model's of text or speech"))
    .requiredOption("--data <path>", "images, text or recordings, as pretrain takes them")
    .requiredOption(
      "--query <file>",
      "an image, a text, or a recording; it is no neighbour of its own where it lies in --data",
    );
  addOptions(command, asked);
  command
    .option(
      "--column <name>",
      "that holds the text, of .jsonl, .csv, .tsv and .parquet; of .csv and .tsv also its number",
      "text",
    )
    .option("--out <file>", "of images: the query and its neighbours as a contact sheet, .png (default: nearest.png)");
  addOptions(command, Object.assign({}, ...Object.values(all)));
  addEngineOptions(command);
  return command
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact neighbours runs/simclr-photos --data photos --query cat.jpg
  $ autodidact neighbours runs/simclr-photos --data photos --query photos/cat/7.jpg --count 24 --out cats.png
  $ autodidact neighbours runs/masked-lm-speeches --data speeches --query peace.txt
  $ autodidact neighbours runs/speaker-contrastive-voices --data voices --query somebody.wav`,
    )
    .action((folder: string, given: Given) =>
      action(folder, given, ({ reading = {}, data }) => refuseStrange(command, { own: reading, all, to: data })),
    );
}

async function action(folder: string, given: Given, check: (modality: Modality) => void): Promise<void> {
  const { data, query, column, count, out } = given;
  const modality = await modalityOf(folder);
  check(modality);
  if (modality.neighbours === undefined)
    throw new UsageError(`${folder} learned from ${modality.data}, of which neighbours cannot be asked yet.`);
  if (out !== undefined) await assertSheet(out, data, modality);
  const { neighbours } = modality;
  await inSession(given, async ({ line, signal }) => {
    await tellUnfinished(folder, line);
    const options = { count, column, typed: { ...given }, signal, show: line.show, print: line.print };
    const { found, picture } = await withItsData({ folder, data, modality }, () =>
      neighbours(folder, data, query, options),
    );
    line.end();
    process.stdout.write(`${neighboursTable(found)}\n`);
    if (picture === undefined) return;
    const sheet = out ?? (await freeSheet());
    await writeNew(sheet, "--out", (write) => write(encodePng(picture)));
    line.print(`the query, and below it its neighbours in this order: ${sheet}`);
  });
}

async function assertSheet(out: string, data: string, { data: kind, showsNeighbours = false }: Modality) {
  if (!showsNeighbours) throw new UsageError(`--out is a picture, and of ${kind} there is none. Leave it out.`);
  if (extname(out).toLowerCase() !== ".png") throw new UsageError(`--out must end in .png, got ${out}.`);
  await assertApart(out, data, OUT_AND_DATA);
  await assertNoFile(out, "--out");
}

/** nearest.png, nearest-2.png, … */
async function freeSheet(): Promise<string> {
  for (let n = 1; ; n++) {
    const name = n === 1 ? "nearest.png" : `nearest-${n}.png`;
    if (!(await exists(name))) return name;
  }
}

function neighboursTable(found: readonly FoundNeighbour[]): string {
  const hasText = found.some(({ text }) => text !== undefined);
  const rows = found.map(({ id, similarity, text = "" }) => [
    id,
    similarity.toFixed(3),
    ...(hasText ? [text.replace(/\s+/g, " ").trim().slice(0, TEXT_SHOWN)] : []),
  ]);
  return table(["", "similarity", ...(hasText ? ["text"] : [])], rows);
}
