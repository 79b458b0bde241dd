/**
 * `autodidact embed`: features of images or documents, in a file.
 */
import { open, writeFile } from "node:fs/promises";
import { type Embedded, storeFloats, writeSafetensors } from "@autodidact/core";
import { Argument, Command } from "commander";
import { addOptions } from "../command-options.js";
import { addEngineOptions, type EngineChoice, inSession } from "../engine-options.js";
import { modalityOf } from "../modalities.js";
import { grouped } from "../progress.js";
import { documentReading, documentReadingOf } from "../text/reading-options.js";
import { UsageError } from "../usage-error.js";

interface Options extends EngineChoice {
  data: string;
  column: string;
  out: string;
}

export function embedCommand(): Command {
  const command = new Command("embed")
    .description(
      "Write the features of images or documents into a file: what search, clustering or a classifier starts from.",
    )
    .addArgument(new Argument("<run>", "its folder, or a Hugging Face text model's"))
    .requiredOption("--data <path>", "images or text, as pretrain takes them")
    .option("--column <name>", "that holds the text, of .jsonl, .csv, .tsv and .parquet", "text")
    .requiredOption("--out <file>", ".jsonl (an id and its features a line) or .safetensors (ids in a .txt beside)");
  addOptions(command, documentReading);
  addEngineOptions(command);
  return command
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact embed runs/masked-lm-speeches --data speeches --out speeches.jsonl
  $ autodidact embed runs/simclr-photos --data photos --out photos.safetensors`,
    )
    .action(action);
}

async function action(folder: string, options: Options): Promise<void> {
  const { data, column, out } = options;
  const reading = documentReadingOf({ ...options });
  const write = out.endsWith(".jsonl") ? writeLines : out.endsWith(".safetensors") ? writeTensor : undefined;
  if (write === undefined) throw new UsageError(`--out must end in .jsonl or .safetensors, got ${out}.`);
  await inSession(options, async ({ line, signal }) => {
    const modality = await modalityOf(folder);
    const show = (text: string) => line.show(text);
    const print = (text: string) => line.print(text);
    const { count, size } = await write(out, modality.embed(folder, data, { column, reading, signal, show, print }));
    line.end();
    print(`${grouped(count)} rows of ${size} features: ${out}`);
  });
}

interface Written {
  readonly count: number;
  readonly size: number;
}

async function writeLines(path: string, embedded: AsyncIterable<Embedded>): Promise<Written> {
  const file = await open(path, "w");
  let written = { count: 0, size: 0 };
  try {
    for await (const { ids, features } of embedded) {
      const { values, size } = features;
      const lines = ids.map((id, row) =>
        JSON.stringify({ id, features: [...values.subarray(row * size, (row + 1) * size)] }),
      );
      await file.writeFile(`${lines.join("\n")}\n`);
      written = { count: written.count + ids.length, size };
    }
  } finally {
    await file.close();
  }
  return written;
}

/** `features`, [count, size]; the ids in order, a line each, in a text file beside. */
async function writeTensor(path: string, embedded: AsyncIterable<Embedded>): Promise<Written> {
  const ids: string[] = [];
  const parts: Float32Array[] = [];
  let size = 0;
  for await (const some of embedded) {
    ids.push(...some.ids);
    parts.push(some.features.values);
    size = some.features.size;
  }
  const values = new Float32Array(ids.length * size); // [count, size]
  let offset = 0;
  for (const part of parts) {
    values.set(part, offset);
    offset += part.length;
  }
  await writeSafetensors(path, [["features", storeFloats(values, [ids.length, size])]]);
  await writeFile(path.replace(/\.safetensors$/, ".txt"), `${ids.join("\n")}\n`);
  return { count: ids.length, size };
}
