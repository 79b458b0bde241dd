import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRandom } from "@autodidact/core";
import { expect, test } from "vitest";
import { openDocuments } from "../documents/open-documents.js";
import { textBlocks } from "../examples/text-blocks.js";
import { tokenWindows } from "../examples/token-windows.js";
import { characterTokenizer } from "../testing/character-tokenizer.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { tokenize } from "./tokenize.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const folder = useTemporaryFolder();
const megabyte = 2 ** 20;

/** Live memory in MB. */
function inUse(): number {
  for (let time = 0; time < 3; time += 1) collect(); // buffers go one collection after what held them
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / megabyte;
}

async function writeText(path: string, megabytes: number): Promise<void> {
  const random = createRandom(1);
  const file = createWriteStream(path);
  for (let written = 0; written < megabytes; written += 1) {
    const sentences = Array.from(
      { length: 16_000 },
      () => `Sentence ${random.integer(1e6)} of very many that are here, or not so many at ${random.integer(1e6)}.`,
    );
    const paragraphs = sentences.map((sentence, place) => sentence + (place % 10 === 9 ? "\n\n" : " "));
    if (!file.write(paragraphs.join("").slice(0, megabyte))) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
}

test("60 MB in one file: nothing near its size is ever in memory, neither while tokenizing nor while reading", async () => {
  const path = folder.path("large.txt");
  await writeText(path, 60);
  const before = inUse();
  let most = 0;
  let told = 0;
  const { train, validation } = await tokenize(await openDocuments(path), characterTokenizer(), folder.path("corpus"), {
    onProgress: ({ bytes }) => {
      told += 1;
      if (bytes > 0 && told % 20 === 0) most = Math.max(most, inUse() - before);
    },
  });
  expect(train.tokens + validation.tokens).toBe(60 * megabyte);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(25); // parts of 2 MB, buffers of files, 4 MB of sentence starts at the end

  const windows = tokenWindows(train, { length: 256 });
  const blocks = textBlocks(train, { length: 512, packed: false });
  expect(windows.length).toBeLessThanOrEqual(2 ** 20);
  const random = createRandom(2);
  for (let read = 0; read < 5000; read += 1) {
    expect((await windows.get(random.integer(windows.length))).ids).toHaveLength(257);
    await blocks.get(random.integer(blocks.length));
  }
  expect(inUse() - before).toBeLessThan(15);
  await train.close();
  await validation.close();
});
