/**
 * The documents nearest to a text, as the command asks for them.
 */
import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { counted, UsageError } from "@autodidact/core";
import { nearestTexts } from "@autodidact/text";
import { documentReadingOf } from "@autodidact/text/cards";
import type { FoundNeighbours, NeighboursOptions } from "../modality.js";
import { toldInFlags } from "../option-words.js";
import { openAll } from "./open-all.js";

export async function textNeighbours(
  folder: string,
  data: string,
  query: string,
  { count, column, typed = {}, signal, show, print }: NeighboursOptions,
): Promise<FoundNeighbours> {
  const asked = await readFile(query, "utf8").catch((cause: Error) => {
    throw new UsageError(`--query ${query} cannot be read: ${cause.message}. Name a file of text.`);
  });
  const documents = await openAll(data, { ...documentReadingOf(typed), column }, print);
  const onProgress = (done: number) => show(counted(done, "documents"));
  const itself = await realpath(query);
  const root = (await stat(data)).isDirectory() ? data : dirname(data);
  const isLeftOut = async (id: string) => (await realpath(join(root, id)).catch(() => undefined)) === itself;
  const found = await toldInFlags(nearestTexts(folder, documents, asked, { count, isLeftOut, signal, onProgress }));
  return { found };
}
