/**
 * What somebody else's encoder takes, and the hash that it is known by.
 */
import { join } from "node:path";
import { contentHash, exists, fingerprintFiles, folderOfOnnx, onnxFiles } from "@autodidact/core";
import type { EncoderIdentity, ForeignEncoder, HashOptions, SuiteEncoder } from "@autodidact/evaluate";
import { suiteModality } from "../modalities.js";
import { foreignEncoder } from "./foreign-encoder.js";

/** Undefined of a run. A model of the hub is fetched first: it is known by what its files hold, not by its name. */
export async function foreignIdentity(
  { folder, onnx }: SuiteEncoder,
  { say, ...hashing }: HashOptions & { say(text: string): void },
): Promise<EncoderIdentity | undefined> {
  const foreign = await foreignEncoder(folder, { told: onnx, say });
  if (foreign === undefined) return undefined;
  say(`looking at ${folder}`);
  return { modality: suiteModality(foreign.data), hash: await foreignHash(foreign, hashing), foreign };
}

/** What says how inputs are prepared. */
const BESIDE = ["config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"];

/** The hash of the model's files, of what lies beside them and of what was told. */
export async function foreignHash({ file, folder, told }: ForeignEncoder, { memory }: HashOptions): Promise<string> {
  const beside: string[] = [];
  for (const name of BESIDE) {
    const path = join(folder ?? (await folderOfOnnx(file, name)), name);
    if (await exists(path)) beside.push(path);
  }
  const files = [...(await onnxFiles(file)), ...beside];
  const name = contentHash([file]).slice("sha256:".length);
  const memo = memory && join(memory, `${name}.json`);
  const hash = await fingerprintFiles(files, { memo, wholeUpTo: Number.POSITIVE_INFINITY });
  const ordered = Object.entries(told).sort(([a], [b]) => (a < b ? -1 : 1));
  return contentHash([hash, JSON.stringify([folder === undefined ? "file" : "folder", beside.length, ordered])]);
}
