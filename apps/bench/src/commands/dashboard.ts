/**
 * `autodidact dashboard`: runs while they train, results and maps on a page of this machine.
 */
import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import process from "node:process";
import { counted, exists, liveLine, UsageError, watchSignals } from "@autodidact/core";
import { whole } from "@autodidact/core/cards";
import type { Dashboard, MapSource, Pretraining } from "@autodidact/dashboard";
import { Command } from "commander";
import pc from "picocolors";
import { addOptions } from "../command-options.js";
import { argumentsOf, faultOf, formsOf, optionsOf } from "../dashboard/forms.js";
import { mapSource, parsedMap } from "../dashboard/map-sources.js";
import { type StartedRuns, startedRuns } from "../dashboard/started-runs.js";
import { isMissing, type Modalities } from "../modalities.js";
import { assertStore } from "./bench/store-option.js";

interface Given {
  store?: string;
  map?: string[];
  data?: string[];
  port: number;
  host?: string;
  openToOthers?: boolean;
}

type Package = Pick<typeof import("@autodidact/dashboard"), "serveDashboard">;

const PACKAGE = "@autodidact/dashboard";

/** `load` gives the package, which is optional. */
export function dashboardCommand(
  modalities: Modalities,
  load: () => Promise<Package> = () => import("@autodidact/dashboard"),
): Command {
  const command = new Command("dashboard")
    .description(
      "Show runs while they train, results and maps of embeddings on a page that this machine alone can open. Ctrl-C closes it.",
    )
    .argument("[folder]", "of runs (default: runs)")
    .option("--store <folder>", "of results, as bench run fills it (default: bench, where there is one)")
    .option("--map <file...>", "embeddings that embed wrote; FILE=DATA names what was embedded, to show each point")
    .option("--data <folder...>", "what can be pretrained on from the page; NAME=FOLDER gives it another name");
  addOptions(command, { port: whole(4140, "of the address; 0: a free one", { from: 0, to: 65_535, unit: "n" }) });
  return command
    .option("--host <address>", "of this machine that others reach; only with --open-to-others")
    .option("--open-to-others", "others may ask, who have the token in the printed address")
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact dashboard
  $ autodidact dashboard runs --store bench
  $ autodidact embed runs/simclr-photos --data photos --out photos.parquet
  $ autodidact dashboard --map photos.parquet=photos --data photos speeches=corpus/speeches`,
    )
    .action((folder: string | undefined, given: Given) => action(folder, given, modalities, load));
}

async function action(
  asked: string | undefined,
  given: Given,
  modalities: Modalities,
  load: () => Promise<Package>,
): Promise<void> {
  const { serveDashboard } = await loaded(load);
  const folder = asked ?? "runs";
  if (asked !== undefined && !(await exists(asked)))
    throw new UsageError(`${asked} must be the folder of runs, and is not there.`);
  const store = given.store ?? ((await exists(join("bench", "cells.jsonl"))) ? "bench" : undefined);
  if (store !== undefined) await assertStore(store);
  const line = liveLine(process.stderr);
  const watch = watchSignals((text) => line.print(text));
  const runs = startedRuns();
  try {
    line.show("reading results and maps");
    const told = (given.map ?? []).map(parsedMap);
    const maps: MapSource[] = [];
    for (const one of told) maps.push(await mapSource(one, modalities.present, line.print));
    const dashboard = await serveDashboard({
      root: folder,
      store,
      maps,
      mapFolder: store === undefined ? join(folder, ".maps") : join(store, "maps"),
      pretraining: await pretrainingOf(given.data ?? [], { folder, modalities, runs }),
      port: given.port,
      host: given.host,
      isOpenToOthers: given.openToOthers,
      token: given.openToOthers ? randomBytes(24).toString("base64url") : undefined,
      onError: (error) => line.print(`${pc.red("error:")} ${error.message}`),
      signal: watch.signal,
    });
    line.end();
    process.stdout.write(`${[...describe(dashboard, { folder, store })].join("\n")}\n`);
    await untilAborted(watch.signal);
    await dashboard.close();
  } finally {
    line.end();
    if (runs.count > 0) line.print(`${counted(runs.count, "runs")} started here: asked to save and end`);
    await runs.close();
    watch.release();
  }
}

async function loaded(load: () => Promise<Package>): Promise<Package> {
  try {
    return await load();
  } catch (error) {
    if (isMissing(error, PACKAGE)) throw new UsageError(`the dashboard is not installed: npm install ${PACKAGE}`);
    throw error;
  }
}

interface Place {
  readonly folder: string;
  readonly modalities: Modalities;
  readonly runs: StartedRuns;
}

/** undefined where no data was named: nothing can be started then. */
async function pretrainingOf(
  named: readonly string[],
  { folder, modalities: { present }, runs }: Place,
): Promise<Pretraining | undefined> {
  if (named.length === 0 || present.length === 0) return undefined;
  const folders = new Map<string, string>();
  for (const text of named) {
    const [name, path] = await namedData(text);
    if (folders.has(name)) throw new UsageError(`--data names ${name} twice. Give one another name: NAME=${path}`);
    folders.set(name, path);
  }
  return {
    methods: formsOf(present),
    data: [...folders.keys()].map((name) => ({ name, modality: null })),
    fault: (method, option, value) => faultOf(optionsOf(present, method), option, value),
    start({ method, data, name, options }) {
      const args = argumentsOf(optionsOf(present, method), options);
      return runs.start([method, `--data=${folders.get(data)}`, ...args], join(folder, name));
    },
  };
}

async function namedData(text: string): Promise<[name: string, path: string]> {
  const [, name, told] = /^([\w.-]{1,64})=(.+)$/.exec(text) ?? [];
  const path = told ?? text;
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new UsageError(`--data ${text}: ${path} is not there.`);
  return [name ?? basename(resolve(path)), path];
}

function* describe({ url, found }: Dashboard, { folder, store }: { folder: string; store: string | undefined }) {
  const { runCount, unreadable, maps } = found;
  yield `${counted(runCount, "runs")} in ${folder}`;
  for (const { name, reason } of unreadable) yield `passed over: ${name}: ${reason}`;
  if (found.store !== null) {
    const { cells, failed, outdated, damagedLines } = found.store;
    yield `${counted(cells, "results")} in ${store}${failed === 0 ? "" : `, ${failed} failed`}${outdated === 0 ? "" : `, ${outdated} of older weights or data`}`;
    if (damagedLines > 0) yield `passed over: ${counted(damagedLines, "lines")} of ${store}/cells.jsonl`;
  }
  for (const { name, rows, shown } of maps)
    yield `map ${name}: ${rows} rows${shown < rows ? `, a sample of ${shown} is shown` : ""}`;
  if (!found.hasPage) yield "The page was not built: pnpm --filter @autodidact/dashboard build";
  yield `Open ${pc.bold(url)} (Ctrl-C closes)`;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
