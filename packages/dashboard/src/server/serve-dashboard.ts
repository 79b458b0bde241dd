/**
 * The dashboard: runs, results and maps on a page that this machine alone can open.
 */
import type { Server } from "node:http";
import { fileURLToPath } from "node:url";
import { UsageError } from "@autodidact/core";
import { createAdaptorServer } from "@hono/node-server";
import type { Overview } from "../api.js";
import { dashboardApp } from "./dashboard-app.js";
import type { Doors } from "./guards.js";
import { listen } from "./listen.js";
import { type MapSource, mapShelf } from "./map-shelf.js";
import { metricHistories } from "./metric-histories.js";
import type { Pretraining } from "./pretraining.js";
import { runShelf } from "./run-shelf.js";
import { readPage } from "./static-page.js";
import { storeDesk } from "./store-desk.js";

export interface DashboardOptions {
  /** The folder of runs; it may be made later. */
  readonly root: string;
  /** The folder of a store of results, as `openStore` has it. */
  readonly store?: string | undefined;
  /** Files of embeddings. */
  readonly maps?: readonly MapSource[] | undefined;
  /** Where layouts of maps are kept from one start to the next; in memory alone unless told. */
  readonly mapFolder?: string | undefined;
  /** What can be started from the page; nothing unless told. */
  readonly pretraining?: Pretraining | undefined;
  /** 4140 unless told; 0 takes a free one. */
  readonly port?: number | undefined;
  /** An address that other machines reach, in place of this machine's own; to be told with `isOpenToOthers` and a `token`. */
  readonly host?: string | undefined;
  /** Says in so many words that others than this machine may ask. */
  readonly isOpenToOthers?: boolean | undefined;
  /** Asked of everybody; at least 16 characters. */
  readonly token?: string | undefined;
  /** The built page; the package's own unless told. */
  readonly page?: string | undefined;
  /** Told of failures of the server's own while it answers. */
  readonly onError?: ((error: Error) => void) | undefined;
  /** Closes it. */
  readonly signal?: AbortSignal | undefined;
}

export interface Dashboard {
  /** What to open; it holds the token where there is one. */
  readonly url: string;
  /** What was found when it started. */
  readonly found: Pick<Overview, "store" | "runCount" | "unreadable"> & {
    /** `shown` of all rows, where those are too many. */
    readonly maps: readonly { readonly name: string; readonly rows: number; readonly shown: number }[];
    /** The page was built. */
    readonly hasPage: boolean;
  };
  close(): Promise<void>;
}

const builtPage = fileURLToPath(new URL("../page", import.meta.url));

/** Reads what is to be served, then listens: a first view waits for nothing. Refuses an address of others without the flag and a token. */
export async function serveDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { root, store, maps = [], mapFolder, pretraining, port = 4140, page = builtPage, onError = () => {} } = options;
  const host = otherHost(options);
  const ending = new AbortController();
  const signal = options.signal === undefined ? ending.signal : AbortSignal.any([ending.signal, options.signal]);
  try {
    const served = {
      root,
      runs: runShelf(root),
      metrics: metricHistories(),
      store: store === undefined ? undefined : storeDesk(store, signal),
      maps: await mapShelf(maps, { folder: mapFolder, signal }),
      pretraining,
      page: await readPage(page),
      onError,
    };
    const [{ runs, unreadable }, summary] = await Promise.all([served.runs.look(), served.store?.summary()]);
    const doors: Doors = { hosts: new Set(), token: options.token };
    const { fetch } = dashboardApp(served, doors);
    const listening = await listen(() => createAdaptorServer({ fetch, overrideGlobalObjects: false }) as Server, {
      port,
      host,
    });
    for (const name of listening.hosts) doors.hosts.add(name);
    const close = async () => {
      ending.abort(new Error("serveDashboard: closed."));
      await listening.close();
    };
    if (signal.aborted) await close();
    signal.throwIfAborted();
    options.signal?.addEventListener("abort", () => void close(), { once: true });
    return {
      url: options.token === undefined ? listening.url : `${listening.url}?token=${options.token}`,
      found: {
        store: summary ?? null,
        runCount: runs.length,
        unreadable,
        maps: served.maps.maps.map(({ name, sample }) => ({ name, rows: sample.total, shown: sample.ids.length })),
        hasPage: served.page.has("/index.html"),
      },
      close,
    };
  } catch (error) {
    ending.abort(error);
    throw error;
  }
}

const IS_OWN = /^(127\.0\.0\.1|::1|localhost)$/;

/** undefined: this machine's own addresses. */
function otherHost({ host, isOpenToOthers = false, token }: DashboardOptions): string | undefined {
  if (token !== undefined && !/^[\w-]{16,200}$/.test(token))
    throw new UsageError("serveDashboard: the token must be of at least 16 letters, digits, - and _.");
  if (host === undefined || IS_OWN.test(host)) return undefined;
  if (!isOpenToOthers || token === undefined)
    throw new UsageError(
      `serveDashboard: the address ${host} can be reached from other machines, which needs \`isOpenToOthers\` and a \`token\`. Without \`host\` it is this machine's alone.`,
    );
  if (/^(0\.0\.0\.0|::|\*)$/.test(host))
    throw new UsageError(
      `serveDashboard: ${host} is all addresses at once, and which of them the page is opened by must be known. Name one.`,
    );
  return host;
}
