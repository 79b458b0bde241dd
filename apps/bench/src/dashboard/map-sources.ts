/**
 * Maps as the command is told of them: a file of embeddings, and the data that it was made of, from which points are shown.
 */
import { basename, extname } from "node:path";
import { exists, featureFiles, readFeatures, UsageError } from "@autodidact/core";
import type { MapItem, MapSource } from "@autodidact/dashboard";
import { suiteModality } from "../modalities.js";
import type { Items, Modality } from "../modality.js";

const ENDINGS = Object.keys(featureFiles);
const MAP = new RegExp(`^(.*?(?:${ENDINGS.map((ending) => `\\${ending}`).join("|")}))(?:=(.+))?$`);

/** `photos.parquet`, `photos.parquet=photos` */
export function parsedMap(text: string): { file: string; data: string | undefined } {
  const [, file, data] = MAP.exec(text) ?? [];
  if (file !== undefined) return { file, data };
  throw new UsageError(
    `--map must name a file of embeddings (${ENDINGS.join(", ")}), and may name its data: photos.parquet=photos; got ${text}.`,
  );
}

/** `print` is told where points cannot be shown. */
export async function mapSource(
  { file, data }: ReturnType<typeof parsedMap>,
  present: readonly Modality[],
  print: (text: string) => void,
): Promise<MapSource> {
  if (!(await exists(file))) throw new UsageError(`--map ${file} is not there. autodidact embed writes such files.`);
  const name = basename(file, extname(file));
  if (data === undefined) return { name, file, kind: "text", item: async (id) => ({ text: id }) };
  if (!(await exists(data)))
    throw new UsageError(`--map ${file}=${data}: ${data} is not there. Name the data that was embedded.`);
  const found = await itemsOf(data, await firstId(file), present);
  if (found === undefined) {
    print(`--map ${file}: what it names is not in ${data}; points are shown by their names alone`);
    return { name, file, kind: "text", item: async (id) => ({ text: id }) };
  }
  const item = (id: string): Promise<MapItem> => found.items.item(id);
  return { name, file, kind: suiteModality(found.modality.data), item };
}

async function firstId(file: string): Promise<string> {
  for await (const { ids } of readFeatures(file)) return ids[0]!;
  throw new UsageError(`--map ${file} holds no rows.`);
}

/** The modality whose data the file names. One that cannot read the data is not it. */
async function itemsOf(
  data: string,
  id: string,
  present: readonly Modality[],
): Promise<{ modality: Modality; items: Items } | undefined> {
  for (const modality of present) {
    const items = await modality.items?.(data).catch(() => undefined);
    if (items !== undefined && (await items.has(id).catch(() => false))) return { modality, items };
  }
  return undefined;
}
