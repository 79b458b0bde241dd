/**
 * All addresses of the server, behind its guards.
 */
import { readFile } from "node:fs/promises";
import { storedPictures, version } from "@autodidact/core";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { ErrorView, Modality, Overview } from "../api.js";
import {
  type Doors,
  jsonBody,
  MOST_BYTES,
  onlyFromThePage,
  onlyKnownHosts,
  onlyWithToken,
  securityHeaders,
} from "./guards.js";
import { idOf, wholeNumber } from "./ids.js";
import type { MapItem, MapShelf, ShelvedMap } from "./map-shelf.js";
import { isCursor, type MetricHistories } from "./metric-histories.js";
import { type Pretraining, startPretraining } from "./pretraining.js";
import { Refusal } from "./refusal.js";
import { runDetail } from "./run-detail.js";
import type { RunShelf } from "./run-shelf.js";
import { servePage } from "./static-page.js";
import type { StoreDesk } from "./store-desk.js";

export interface Served {
  /** The folder of runs. */
  readonly root: string;
  readonly runs: RunShelf;
  readonly metrics: MetricHistories;
  readonly store: StoreDesk | undefined;
  readonly maps: MapShelf;
  readonly pretraining: Pretraining | undefined;
  readonly page: Parameters<typeof servePage>[0];
  /** Told of failures that are the server's own. */
  readonly onError: (error: Error) => void;
}

export function dashboardApp(served: Served, doors: Doors): Hono {
  const app = new Hono();
  app.use(securityHeaders, onlyKnownHosts(doors));
  if (doors.token !== undefined) app.use(onlyWithToken(doors.token));
  app.use("/api/*", onlyFromThePage);
  app.use("/api/*", async (context, next) => {
    await next();
    if (!context.res.headers.has("Cache-Control")) context.res.headers.set("Cache-Control", "no-store");
  });
  app.get("/api/overview", async ({ json }) => json(await overview(served)));
  runRoutes(app, served);
  app.get("/api/leaderboard", async ({ req, body }) => {
    if (served.store === undefined) throw new Refusal(404, "The dashboard was started without a store of results.");
    return body(await served.store.board(modalityOf(req.query("modality"))), 200, {
      "Content-Type": "application/json",
    });
  });
  mapRoutes(app, served.maps);
  pretrainRoutes(app, served);
  app.all("/api/*", () => {
    throw new Refusal(404, "There is no such address.");
  });
  app.get("*", servePage(served.page));
  app.notFound(({ json }) => json({ error: "There is no such address." } satisfies ErrorView, 404));
  app.onError((error, context) => answerOf(error, context, served.onError));
  return app;
}

/** What is our own fault is told to whoever runs the server; the page learns that much. */
function answerOf(error: Error, { json }: Context, onError: (error: Error) => void): Response {
  if (error instanceof Refusal) {
    const { message, field, status } = error;
    return json((field === undefined ? { error: message } : { error: message, field }) satisfies ErrorView, status);
  }
  onError(error);
  return json({ error: `The server failed: ${error.message}` } satisfies ErrorView, 500);
}

const RUNS_SHOWN = 20;

async function overview({ runs: shelf, store, maps, pretraining }: Served): Promise<Overview> {
  const [{ runs, unreadable }, summary] = await Promise.all([shelf.look(), store?.summary()]);
  return {
    version,
    store: summary === undefined ? null : withoutModalities(summary),
    runs: runs.slice(0, RUNS_SHOWN).map(({ view }) => view),
    runCount: runs.length,
    unreadable,
    modalities: summary?.modalities ?? [],
    maps: maps.maps.map(({ id, name, sample }) => ({ id, name, rows: sample.total })),
    canPretrain: pretraining !== undefined && pretraining.methods.length > 0 && pretraining.data.length > 0,
  };
}

function withoutModalities({ cells, failed, damagedLines, outdated }: NonNullable<Overview["store"]>) {
  return { cells, failed, damagedLines, outdated };
}

function modalityOf(text: string | undefined): Modality | undefined {
  if (text === undefined || text === "image" || text === "text" || text === "speech") return text;
  throw new Refusal(400, "The modality must be image, text or speech.");
}

/** A number in an address, within bounds. */
function numberOf(text: string | undefined, usual: number, most: number): number {
  const value = text === undefined ? usual : wholeNumber(text);
  if (value === undefined) throw new Refusal(400, "A number in the address must be of digits.");
  return Math.min(value, most);
}

function runRoutes(app: Hono, { runs: shelf, metrics }: Served): void {
  app.get("/api/runs", async ({ req, json }) => {
    const offset = numberOf(req.query("offset"), 0, 1e9);
    const limit = numberOf(req.query("limit"), 100, 500);
    const { runs } = await shelf.look();
    return json({ runs: runs.slice(offset, offset + limit).map(({ view }) => view), total: runs.length });
  });
  app.get("/api/runs/:id", async ({ req, json }) => json(await runDetail(await shelf.find(req.param("id")))));
  app.get("/api/runs/:id/metrics", async ({ req, json }) => {
    const { folder } = (await shelf.find(req.param("id"))).listing;
    const points = Math.max(10, numberOf(req.query("points"), 1000, 20_000));
    const cursor = req.query("cursor") ?? "";
    if (cursor === "") return json(await metrics.whole(folder, points)); // of a run that had logged nothing it is empty
    if (!isCursor(cursor)) throw new Refusal(400, "The cursor must be one that an answer held.");
    return json(await metrics.since(folder, cursor, points));
  });
  app.get("/api/runs/:id/pictures/:step", async ({ req, body }) => {
    const { folder } = (await shelf.find(req.param("id"))).listing;
    const step = wholeNumber(req.param("step"), { digits: 15 });
    const picture = (await storedPictures(folder)).find((own) => own.step === step);
    if (picture === undefined) throw new Refusal(404, "The run has no picture of that step.");
    return body(new Uint8Array(await readFile(picture.path)), 200, { "Content-Type": "image/png" });
  });
}

function mapRoutes(app: Hono, shelf: MapShelf): void {
  const pointOf = ({ sample }: ShelvedMap, text: string): number => {
    const point = wholeNumber(text);
    if (point === undefined || point >= sample.ids.length) throw new Refusal(404, "The map has no such point.");
    return point;
  };
  app.get("/api/maps/:id", async ({ req, json }) => json(await shelf.find(req.param("id")).view()));
  app.get("/api/maps/:id/items/:row", async ({ req, json, body }) => {
    const map = shelf.find(req.param("id"));
    const item = await itemOf(map, pointOf(map, req.param("row")));
    if ("text" in item) return json({ text: item.text.slice(0, LONGEST_TEXT) });
    const caching = "private, max-age=600";
    return body(new Uint8Array(item.bytes), 200, { "Content-Type": item.type, "Cache-Control": caching });
  });
  app.get("/api/maps/:id/items/:row/neighbours", async ({ req, json }) => {
    const map = shelf.find(req.param("id"));
    return json(await map.neighbours(pointOf(map, req.param("row"))));
  });
}

const LONGEST_TEXT = 4000;
/** Kinds that hold no script. */
const SHOWN = /^(image\/(png|jpeg|webp|gif|avif|bmp)|audio\/(wav|mpeg|ogg|flac|webm|mp4))$/;

async function itemOf(map: ShelvedMap, point: number): Promise<MapItem> {
  const item = await map.item(point).catch((error: Error) => {
    throw new Refusal(404, `It cannot be shown: ${error.message}`);
  });
  if ("text" in item || SHOWN.test(item.type)) return item;
  throw new Refusal(415, `What is of the kind ${item.type} is not shown.`);
}

function pretrainRoutes(app: Hono, { root, runs, pretraining }: Served): void {
  app.get("/api/methods", ({ json }) => {
    const { methods = [], data = [] } = pretraining ?? {};
    return json({ methods, data });
  });
  const tooMuch = () => {
    throw new Refusal(413, `What is sent must have at most ${MOST_BYTES} bytes.`);
  };
  app.post("/api/pretrain", bodyLimit({ maxSize: MOST_BYTES, onError: tooMuch }), async (context) => {
    const body = await jsonBody(context);
    if (pretraining === undefined) throw new Refusal(403, "Nothing can be started from here.");
    const name = await startPretraining(body, root, pretraining);
    runs.forget();
    return context.json({ id: idOf(name) });
  });
}
