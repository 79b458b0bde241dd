/**
 * The weights that pretraining continues from: torchvision's, Hugging Face's, or those of a run of ours.
 *
 * What fits by name and shape is taken, what does not is told with the reason; where almost nothing fits it is another model, and refused.
 */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import {
  assignVariables,
  contentHash,
  describeSafetensors,
  type Encoder,
  floatsOf,
  openWeights,
  readSafetensors,
  readTrainedRun,
  type StoredTensor,
  storeFloats,
  UsageError,
  verifyIfListed,
} from "@autodidact/core";
import { bicubicPositions } from "./bicubic-positions.js";
import { encoderNames } from "./stored-encoder-names.js";

export interface InitialWeights {
  /** The file or folder, for messages. */
  readonly path: string;
  /** Shapes by our encoders' names. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** config.json beside the weights; undefined where there is none. */
  readonly config: Readonly<Record<string, unknown>> | undefined;
  /** By our encoders' names. */
  read(): Promise<ReadonlyMap<string, StoredTensor>>;
  /** The hash of the weights, `sha256:…`, wherever they lie. */
  fingerprint(): Promise<string>;
}

const PICKLED = [".pt", ".pth", ".bin", ".ckpt", ".pkl", ".h5", ".npz", ".msgpack"];

/** A .safetensors file, a folder with one as Hugging Face or we write it, or a run of ours, finished or not. Nothing of the tensors is read yet. */
export async function openInitialWeights(path: string): Promise<InitialWeights> {
  const kind = await stat(path).catch(() => undefined);
  if (kind === undefined) throw new UsageError(`\`init\` ${path} is not there.`);
  if (kind.isFile()) return ofFile(path);
  const config = await configIn(path);
  if (config !== undefined && config.model_type === undefined && "method" in config) return ofRun(path);
  await verifyIfListed(path);
  const weights = await openWeights(path);
  if (weights === undefined)
    throw new UsageError(
      `\`init\` ${path} must hold a model.safetensors, and does not. Name the file itself, or save the model with save_pretrained.`,
    );
  return named(path, config, weights.shapes, weights.read, weights.fingerprint);
}

async function ofFile(path: string): Promise<InitialWeights> {
  if (PICKLED.includes(extname(path).toLowerCase()))
    throw new UsageError(
      `\`init\` ${path}: pickled weights are not read. Write them in Python as ${basename(path, extname(path))}.safetensors: ` +
        "safetensors.torch.save_file(model.state_dict(), …).",
    );
  const { entries } = await describeSafetensors(path);
  const shapes = new Map(entries.map(({ name, shape }) => [name, shape]));
  const config = basename(path) === "model.safetensors" ? await configIn(dirname(path)) : undefined;
  const fingerprint = async () =>
    `sha256:${createHash("sha256")
      .update(await readFile(path))
      .digest("hex")}`;
  return named(path, config, shapes, async () => (await readSafetensors(path)).tensors, fingerprint);
}

async function ofRun(path: string): Promise<InitialWeights> {
  const { checkpoint, encoderFolder } = await readTrainedRun(path);
  if (checkpoint === undefined) return { ...(await openInitialWeights(encoderFolder)), path };
  const learned = checkpoint.tensors.learned ?? new Map<string, StoredTensor>();
  const own = new Map([...learned].filter(([name]) => name.startsWith("encoder.")));
  const shapes = new Map([...own].map(([name, { shape }]) => [name, shape]));
  const fingerprint = async () =>
    contentHash([...own].flatMap(([name, { type, shape, bytes }]) => [JSON.stringify([name, type, shape]), bytes]));
  return named(path, checkpoint.state.encoder as InitialWeights["config"], shapes, async () => own, fingerprint);
}

function named(
  path: string,
  config: InitialWeights["config"],
  shapes: ReadonlyMap<string, readonly number[]>,
  read: () => Promise<ReadonlyMap<string, StoredTensor>>,
  fingerprint: InitialWeights["fingerprint"],
): InitialWeights {
  const names = encoderNames(shapes.keys());
  const renamed = <Value>(given: ReadonlyMap<string, Value>) =>
    new Map([...given].map(([name, value]) => [names.get(name) ?? name, value]));
  return { path, config, shapes: renamed(shapes), read: async () => renamed(await read()), fingerprint };
}

async function configIn(folder: string): Promise<Record<string, unknown> | undefined> {
  const path = join(folder, "config.json");
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch (cause) {
    throw new UsageError(`\`init\` ${path} must be JSON, and is not: ${(cause as Error).message}.`);
  }
}

/** What became of each tensor. */
export interface TakenWeights {
  readonly taken: readonly string[];
  /** Of the encoder, that stay new: with the reason. */
  readonly fresh: readonly { readonly name: string; readonly reason: string }[];
  /** Of the file, that the encoder has no use for. */
  readonly unused: readonly string[];
  /** Sides of the grids of patches, before and after, where position embeddings were interpolated. */
  readonly interpolated: { readonly from: number; readonly to: number } | undefined;
}

/** Below that share of the encoder's numbers, the weights are another model's. */
const LEAST_TAKEN = 0.5;
const POSITIONS = "embeddings.position_embeddings";

/** Gives the encoder all that fits it; throws before anything changes where it is less than half. */
export async function takeInitialWeights(
  encoder: Pick<Encoder, "parameters" | "buffers">,
  weights: InitialWeights,
): Promise<TakenWeights> {
  const stored = new Map(await weights.read());
  const variables = { ...encoder.parameters, ...encoder.buffers };
  const interpolated = interpolatePositions(stored, variables[POSITIONS]?.shape);
  const fresh: { name: string; reason: string }[] = [];
  const taken: string[] = [];
  for (const [name, { shape }] of Object.entries(variables)) {
    const own = stored.get(name)?.shape;
    if (own === undefined) fresh.push({ name, reason: "absent" });
    else if (`${own}` === `${shape}`) taken.push(name);
    else fresh.push({ name, reason: `[${own}], not [${shape}]` });
  }
  const isTaken = new Set(taken);
  const sizes = Object.entries(encoder.parameters).map(([name, { size }]) => [isTaken.has(name), size] as const);
  const sum = (pairs: typeof sizes) => pairs.reduce((total, [, size]) => total + size, 0);
  const share = sum(sizes.filter(([is]) => is)) / sum(sizes);
  if (share < LEAST_TAKEN) {
    const first = fresh.find(({ reason }) => reason !== "absent") ?? fresh[0]!;
    throw new UsageError(
      `\`init\` ${weights.path} must fit the encoder, and ${(100 * share).toFixed(0)} % of its numbers do: ${taken.length} of ${Object.keys(variables).length} tensors; ` +
        `${first.name} is ${first.reason}. Choose the \`encoder\` and \`width\` that the weights are of.`,
    );
  }
  const own = Object.fromEntries(taken.map((name) => [name, variables[name]!]));
  assignVariables(own, stored, { from: weights.path, unexpected: "ignore" });
  return { taken, fresh, unused: [...stored.keys()].filter((name) => !Object.hasOwn(variables, name)), interpolated };
}

/** In `stored`, where they are of another grid than the encoder's, [1, 1 + side², width]. */
function interpolatePositions(stored: Map<string, StoredTensor>, shape: readonly number[] | undefined) {
  const own = stored.get(POSITIONS);
  if (own === undefined || shape === undefined || own.shape[2] !== shape[2] || own.shape[1] === shape[1])
    return undefined;
  const [from, to] = [own.shape[1]!, shape[1]!].map((places) => Math.round(Math.sqrt(places - 1))) as [number, number];
  const values = floatsOf(own);
  const made = values && bicubicPositions(values, shape[2]!, to);
  if (made === undefined) return undefined;
  stored.set(POSITIONS, storeFloats(made, shape));
  return { from, to };
}

const SHOWN = 6;

/** A few lines for people. */
export function describeTaken(path: string, { taken, fresh, unused, interpolated }: TakenWeights): string[] {
  const listed = (names: readonly string[]) =>
    `${names.slice(0, SHOWN).join(", ")}${names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ""}`;
  const lines = [`\`init\` ${path}: ${taken.length} tensors taken`];
  if (interpolated !== undefined) {
    const { from, to } = interpolated;
    lines.push(`position embeddings of ${from} × ${from} patches interpolated to ${to} × ${to}`);
  }
  if (fresh.length > 0) lines.push(`new: ${listed(fresh.map(({ name, reason }) => `${name} (${reason})`))}`);
  if (unused.length > 0) lines.push(`left, for the encoder has no use for them: ${listed(unused)}`);
  return lines;
}
