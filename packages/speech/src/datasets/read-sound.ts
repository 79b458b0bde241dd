/**
 * One recording, in a file of its own.
 */
import { readFile } from "node:fs/promises";
import { CorruptSampleError, UsageError } from "@autodidact/core";
import type { Sound } from "../sound.js";
import { decodeSound } from "../sound-files/decode-sound.js";

/** At the rate told in Hz; throws a UsageError that says why where it cannot be heard. */
export async function readSound(file: string, sampleRate: number): Promise<Sound> {
  try {
    return await decodeSound(await readFile(file), { id: file, sampleRate });
  } catch (error) {
    const isTheirs = error instanceof CorruptSampleError || (error as NodeJS.ErrnoException).code !== undefined;
    if (!isTheirs) throw error;
    throw new UsageError(`${file} cannot be heard: ${reasonOf(error)}. Name a recording: .wav, .flac, .ogg, .mp3.`, {
      cause: error,
    });
  }
}

const IN_WORDS: Readonly<Record<string, string>> = { ENOENT: "it is not there", EISDIR: "it is a folder" };

function reasonOf(error: unknown): string {
  if (error instanceof CorruptSampleError) return error.reason.replace(/\.$/, "");
  const { code = "", message } = error as NodeJS.ErrnoException;
  return IN_WORDS[code] ?? message;
}
