/**
 * One recording, named on the command line.
 */
import { readFile } from "node:fs/promises";
import { CorruptSampleError, UsageError } from "@autodidact/core";
import { decodeSound, type Sound } from "@autodidact/speech";

export async function decodedSound(file: string, sampleRate: number): Promise<Sound> {
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
