/**
 * A server that answers the page as the real one does, from fixtures, with the real one's headers.
 */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { Modality, PretrainRequest, RunDetail, RunView } from "../api.js";
import type { FakeStore } from "./fake-store.js";
import { imageOf, neighboursOf, soundOf } from "./map-fixtures.js";
import { metricsOf, reconstruction, runOf } from "./run-fixtures.js";

export interface FakeServer {
  readonly url: string;
  /** Every path of the API that was asked for, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

type Reply =
  | { readonly json: unknown; readonly status?: number }
  | { readonly bytes: Uint8Array; readonly type: string };

/** A run that trains is so many steps further whenever it is asked for what was written since. */
const STEPS_AN_ASK = 25;
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** `page` is the folder of the built page. */
export async function fakeServer(store: FakeStore, page: string): Promise<FakeServer> {
  const asked: string[] = [];
  const answer = answersOf(store);
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (!url.pathname.startsWith("/api/")) return sendFile(response, page, url.pathname);
    asked.push(`${url.pathname}${url.search}`);
    const reply = await answer(url, request);
    send(response, reply ?? { json: { error: `Nothing is at ${url.pathname}.` }, status: 404 });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answersOf(store: FakeStore) {
  const steps = new Map(store.runs.map(({ id, step }) => [id, step ?? 0]));
  const runs = [...store.runs];
  const now = (run: RunDetail): RunDetail =>
    run.state === "running"
      ? { ...run, step: steps.get(run.id) ?? run.step, updatedAt: new Date().toISOString() }
      : run;

  return async function answer(url: URL, request: IncomingMessage): Promise<Reply | undefined> {
    const [, , kind = "", ...rest] = url.pathname.split("/");
    const [id = "", part, row = "", last] = rest.map(decodeURIComponent);
    if (kind === "overview") return { json: overviewOf({ ...store, runs: runs.map(now) }) };
    if (kind === "leaderboard") return { json: store.boards[url.searchParams.get("modality") as Modality] };
    if (kind === "methods") return { json: store.methods };
    if (kind === "pretrain") return start(store, runs, await bodyOf<PretrainRequest>(request));
    if (kind === "runs" && id === "") return { json: pageOf(runs.map(now), url.searchParams) };
    if (kind === "runs") {
      const run = runs.find((own) => own.id === id);
      if (run === undefined) return { json: { error: "There is no such run." }, status: 404 };
      if (part === "pictures") return { bytes: reconstruction(Number(row)), type: "image/png" };
      if (part !== "metrics") return { json: now(run) };
      const cursor = url.searchParams.get("cursor");
      if (cursor !== null && run.state === "running") steps.set(id, (steps.get(id) ?? 0) + STEPS_AN_ASK);
      return { json: metricsOf(run, Number(cursor ?? 0), steps.get(id) ?? 0) };
    }
    const map = kind === "maps" && Object.hasOwn(store.maps, id) ? store.maps[id] : undefined;
    if (map === undefined) return undefined;
    if (part === undefined) return { json: map };
    if (last === "neighbours") return { json: neighboursOf(map, Number(row)) };
    if (map.kind === "image") return { bytes: imageOf(Number(row)), type: "image/png" };
    if (map.kind === "speech") return { bytes: soundOf(Number(row)), type: "audio/wav" };
    return { json: { text: `The words of ${map.names[Number(row)]}.` } };
  };
}

function overviewOf({ store, runs, boards, maps, unreadable, methods }: FakeStore) {
  return {
    version: "0.9.0",
    store,
    runs: runs.slice(0, 20),
    runCount: runs.length,
    unreadable,
    modalities: Object.keys(boards),
    maps: Object.entries(maps).map(([id, { name, x }]) => ({ id, name, rows: x.length })),
    canPretrain: methods.methods.length > 0,
  };
}

function pageOf(runs: readonly RunView[], query: URLSearchParams) {
  const offset = Number(query.get("offset"));
  return { runs: runs.slice(offset, offset + Number(query.get("limit"))), total: runs.length };
}

/** Refuses what a card would refuse: a temperature that is not above 0. */
function start(store: FakeStore, runs: RunDetail[], { method, name, options }: PretrainRequest): Reply {
  if (store.runs.some((run) => run.name === name)) {
    return { json: { error: `A run named ${name} exists: choose another name.`, field: "name" }, status: 422 };
  }
  if (options.temperature !== undefined && !(Number(options.temperature) > 0)) {
    return { json: { error: "temperature must be a number above 0.", field: "temperature" }, status: 422 };
  }
  runs.unshift(runOf(name, { method, state: "running", step: 0 }));
  return { json: { id: name } };
}

async function bodyOf<T>(request: IncomingMessage): Promise<T> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString()) as T;
}

async function sendFile(response: ServerResponse, page: string, path: string): Promise<void> {
  const name = path === "/" ? "index.html" : normalize(path).replace(/^(\.\.[/\\])+/, "");
  const bytes = await readFile(join(page, name)).catch(() => undefined);
  if (bytes === undefined) return send(response, { json: { error: `There is no ${name}.` }, status: 404 });
  send(response, { bytes, type: TYPES[extname(name)] ?? "application/octet-stream" });
}

function send(response: ServerResponse, reply: Reply): void {
  const headers = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  };
  if ("bytes" in reply) response.writeHead(200, { ...headers, "content-type": reply.type }).end(reply.bytes);
  else {
    const type = { "content-type": "application/json; charset=utf-8" };
    response.writeHead(reply.status ?? 200, { ...headers, ...type }).end(JSON.stringify(reply.json) ?? "null");
  }
}
