/**
 * A model of Hugging Face's hub, in a folder of this machine: `hf:owner/name`, or `hf:owner/name@revision`.
 *
 * The revision is resolved to its commit, whose files are fetched once and kept. A download appears whole or not at all, and is held against
 * the hashes that the hub tells of large files.
 */
import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { exists, UsageError } from "@autodidact/core";
import { z } from "zod";
import { cacheFolder } from "../cache-folder.js";

const ID = /^hf:([\w.-]+)\/([\w.-]+)(?:@([\w./-]+))?$/;
const COMMIT = /^[0-9a-f]{40}$/;
/** Beside the model; those that it has. */
const FILES = [
  "config.json",
  "preprocessor_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "vocab.txt",
];

export interface HubOptions {
  /** Of `onnx/`. */
  readonly file: string;
  say(text: string): void;
  /** Where the hub is; HF_ENDPOINT, else Hugging Face's own. */
  readonly endpoint?: string;
  /** Where models are kept; AUTODIDACT_CACHE, else ~/.cache/autodidact. */
  readonly cache?: string;
}

const listing = z.object({
  sha: z.string().regex(COMMIT),
  siblings: z.array(z.object({ rfilename: z.string(), lfs: z.object({ sha256: z.string() }).nullish() })),
});
type Listing = z.infer<typeof listing>;

export const isHubId = (place: string): boolean => place.startsWith("hf:");

/** The folder of the commit that the revision is of, main unless told. */
export async function hubModel(id: string, options: HubOptions): Promise<string> {
  const { file, say } = options;
  const endpoint = options.endpoint ?? process.env.HF_ENDPOINT ?? "https://huggingface.co";
  const cache = options.cache ?? cacheFolder();
  const [, owner, name, revision = "main"] = ID.exec(id) ?? [];
  if (owner === undefined || /^\.+$/.test(owner) || /^\.+$/.test(name!))
    throw new UsageError(`${id} must read hf:owner/name, or hf:owner/name@revision.`);
  const folderOf = (commit: string) => join(cache, "hub", owner, name!, commit);
  if (COMMIT.test(revision) && (await exists(join(folderOf(revision), "onnx", file)))) return folderOf(revision);
  say(`asking ${new URL(endpoint).host} for ${owner}/${name}`);
  const model = `${owner}/${name}`;
  const answer = await asked(`${endpoint}/api/models/${model}/revision/${encodeURIComponent(revision)}?blobs=true`, id);
  const { sha, siblings } = listing.parse(await answer.json());
  const folder = folderOf(sha);
  for (const own of wantedOf(siblings, file, id)) {
    const path = join(folder, own.rfilename);
    if (await exists(path)) continue;
    say(`fetching ${own.rfilename} of ${model}`);
    await fetched(`${endpoint}/${model}/resolve/${sha}/${own.rfilename}`, path, { id, sha256: own.lfs?.sha256 });
  }
  return folder;
}

function wantedOf(siblings: Listing["siblings"], file: string, id: string): Listing["siblings"] {
  const model = `onnx/${file}`;
  if (!siblings.some(({ rfilename }) => rfilename === model)) {
    const has = siblings.flatMap(({ rfilename }) =>
      /^onnx\/[^/]+\.onnx$/.test(rfilename) ? [rfilename.slice(5)] : [],
    );
    throw new UsageError(
      has.length === 0
        ? `${id} has no folder onnx/: only such models are read from the hub. Download another to a folder, and name that.`
        : `${id} has no ${model}. Name one that it has, ${has.join(", ")}: --onnx file=${has[0]}`,
    );
  }
  const isWeights = new RegExp(`^${model.replaceAll(".", "\\.")}(_data(_\\d+)?)?$`);
  const wanted = siblings.filter(({ rfilename }) => FILES.includes(rfilename) || isWeights.test(rfilename));
  return wanted.sort((a, b) => Number(a.rfilename === model) - Number(b.rfilename === model)); // the model is last: where it is, all are
}

async function asked(url: string, id: string): Promise<Response> {
  const answer = await fetch(url).catch((error: Error) => {
    throw new Error(`${id} cannot be fetched: ${(error.cause as Error | undefined)?.message ?? error.message}.`, {
      cause: error,
    });
  });
  if (answer.ok) return answer;
  const why = answer.status === 401 || answer.status === 404 ? ": it is not there, or not for everybody" : "";
  throw new Error(`${id} cannot be fetched: ${new URL(url).host} answers ${answer.status}${why}.`);
}

async function fetched(
  url: string,
  path: string,
  { id, sha256 }: { id: string; sha256: string | undefined },
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${randomUUID()}.part`;
  const hash = createHash("sha256");
  const hashing = new Transform({
    transform(bytes, _, done) {
      hash.update(bytes);
      done(null, bytes);
    },
  });
  try {
    const { body } = await asked(url, id);
    await pipeline(Readable.fromWeb(body as never), hashing, createWriteStream(unfinished));
    const got = hash.digest("hex");
    if (sha256 !== undefined && got !== sha256)
      throw new Error(`${id}: ${url} must hold what the hub says, of sha256 ${sha256}, and holds ${got}. Try again.`);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}
