/**
 * A folder that lives as long as one test file.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll } from "vitest";

export interface TemporaryFolder {
  path(name?: string): string;
  /** Writes a file, folders and all; its path. */
  write(name: string, content: Uint8Array | string): Promise<string>;
}

export function useTemporaryFolder(): TemporaryFolder {
  let root = "";
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "autodidact-speech-"));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const path = (name = "") => join(root, name);
  return {
    path,
    async write(name, content) {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), content);
      return path(name);
    },
  };
}
