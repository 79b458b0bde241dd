/**
 * The page as it was built: held in memory and known by name, so that no address reaches another file.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import type { Handler } from "hono";
import { Refusal } from "./refusal.js";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};

interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** Files under assets/ bear a hash of what they hold in their names. */
  readonly caching: string;
}

/** Files by their addresses; none where the page was not built. */
export async function readPage(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const files = new Map<string, PageFile>();
  for (const name of names) {
    const type = TYPES[extname(name)];
    if (type === undefined || !(await stat(join(folder, name))).isFile()) continue;
    const address = `/${name.split(sep).join("/")}`;
    const caching = address.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    files.set(address, { bytes: new Uint8Array(await readFile(join(folder, name))), type, caching });
  }
  return files;
}

/** Addresses without an ending are the page's own places. */
export function servePage(files: ReadonlyMap<string, PageFile>): Handler {
  return ({ req, body }) => {
    const found = files.get(req.path) ?? (/\.[^/]*$/.test(req.path) ? undefined : files.get("/index.html"));
    if (found !== undefined)
      return body(found.bytes, 200, { "Content-Type": found.type, "Cache-Control": found.caching });
    if (files.has("/index.html")) throw new Refusal(404, "There is no such file.");
    throw new Refusal(503, "The page was not built: pnpm --filter @autodidact/dashboard build. /api/overview answers.");
  };
}
