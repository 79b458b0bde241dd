import { writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openDocuments } from "./open-documents.js";

const folder = useTemporaryFolder();
const packed = gzipSync(Buffer.alloc(72 * 2 ** 20, "a"));

test.each(["a.txt.gz", "a.csv.gz", "a.jsonl.gz"])(
  "%s: what unfolds to too much is refused, and named once",
  async (name) => {
    const path = folder.path(name);
    await writeFile(path, packed);
    const reading = (async () => {
      for await (const _ of await openDocuments(path));
    })();
    const error = await reading.then(
      () => undefined,
      (error: Error) => error,
    );
    expect(error!.message).toMatch(/must unpack to at most 250 times its size/);
    expect(error!.message.split(path)).toHaveLength(2);
  },
);
