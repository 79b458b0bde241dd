/**
 * What an encoder of a suite takes, and the hash that it is known by: a run's, or somebody else's.
 */
import { join } from "node:path";
import { contentHash, exists, fingerprintFiles, folderOfOnnx, onnxFiles } from "@autodidact/core";
import { encoderHash, type HashOptions, type SuiteEncoder } from "@autodidact/evaluate";
import { modalityOf } from "../modalities.js";
import { type ForeignEncoder, foreignEncoder } from "./foreign-encoder.js";

export interface EncoderIdentity {
  /** "images" */
  readonly data: string;
  readonly hash: string;
  /** Of somebody else's. */
  readonly foreign: ForeignEncoder | undefined;
}

/** A model of the hub is fetched first: it is known by what its files hold, not by its name. */
export async function encoderIdentity(
  { folder, onnx }: SuiteEncoder,
  { say, ...hashing }: HashOptions & { say(text: string): void },
): Promise<EncoderIdentity> {
  const foreign = await foreignEncoder(folder, { told: onnx, say });
  say(`looking at ${folder}`);
  if (foreign !== undefined) return { data: foreign.data, hash: await foreignHash(foreign, hashing), foreign };
  const { data } = await modalityOf(folder);
  return { data, hash: await encoderHash(folder, hashing), foreign };
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
