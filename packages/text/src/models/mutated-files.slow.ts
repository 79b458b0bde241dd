/**
 * Files of a model, broken at random: each is read or refused with a reason, and none takes the memory.
 */
import { readFile } from "node:fs/promises";
import { createRandom, type Random } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { disposeVariables } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { wholeTexts } from "../testing/whole-texts.js";
import { createTokenizer } from "../tokenizer/create-tokenizer.js";
import { loadTextModel } from "./text-model-files.js";

const EACH = 150;
/** Above what the files of a few kilobytes take when they are whole. */
const MOST_MEGABYTES = 400;
const TEXT = "The quick, brown fox\njumps: 你好。😀 [MASK] a  b";

const here = useTemporaryFolder();
beforeAll(useTestBackend);

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const mutations: Readonly<Record<string, Mutation>> = {
  "a bit flipped": (bytes, random) => {
    const flipped = Buffer.from(bytes);
    flipped[random.integer(bytes.length)]! ^= 1 << random.integer(8);
    return flipped;
  },
  "a part cut out": (bytes, random) => {
    const start = random.integer(bytes.length);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + random.integer(bytes.length))]);
  },
  "the end cut off": (bytes, random) => bytes.subarray(0, random.integer(bytes.length)),
  "a number swapped": (bytes, random) => {
    const text = bytes.toString("latin1");
    const numbers = [...text.matchAll(/(?<=[:,[ ])\d+(?=[,}\]\s])/g)];
    if (numbers.length === 0) return bytes;
    const { 0: number, index } = numbers[random.integer(numbers.length)]!;
    const others = ["0", "-1", "1e308", "2147483648", "9007199254740993", "0.5", "65536", "null", "[]"];
    const other = others[random.integer(others.length)]!;
    return Buffer.from(text.slice(0, index) + other + text.slice(index + number.length), "latin1");
  },
  "a word swapped": (bytes, random) => {
    const text = bytes.toString("latin1");
    const words = [...text.matchAll(/"[^"\\]*"/g)];
    if (words.length < 2) return bytes;
    const [one, two] = [words[random.integer(words.length)]!, words[random.integer(words.length)]!];
    return Buffer.from(text.slice(0, one.index) + two[0] + text.slice(one.index + one[0].length), "latin1");
  },
};

interface Counts {
  read: number;
  refused: number;
}

/** Tries a file in all its broken forms. */
async function tried(name: string, bytes: Buffer, read: (broken: Buffer) => Promise<void>): Promise<Counts> {
  const counts: Counts = { read: 0, refused: 0 };
  const random = createRandom(7).split(name);
  const before = process.memoryUsage().rss;
  for (let n = 0; n < EACH; n += 1) {
    const kinds = Object.keys(mutations);
    const kind = kinds[n % kinds.length]!;
    try {
      await read(mutations[kind]!(bytes, random));
      counts.read += 1;
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).message).not.toMatch(
        /Cannot read|is not (a function|iterable)|call stack|Invalid array length|heap/,
      );
      counts.refused += 1;
    }
    const megabytes = (process.memoryUsage().rss - before) / 2 ** 20;
    expect([name, kind, n, megabytes < MOST_MEGABYTES]).toEqual([name, kind, n, true]);
  }
  return counts;
}

test("a tokenizer.json: it encodes, or says why not", async () => {
  const told: Record<string, Counts> = {};
  for (const [name, { json }] of Object.entries(wholeTexts.tokenizers)) {
    told[name] = await tried(name, Buffer.from(JSON.stringify(json)), async (broken) => {
      const parsed: object = JSON.parse(broken.toString());
      const { encode, decode } = createTokenizer({ "tokenizer.json": parsed, "tokenizer_config.json": {} });
      decode(encode(TEXT.repeat(20)));
    });
  }
  process.stdout.write(`mutated tokenizer.json: ${JSON.stringify(told)}\n`);
});

test.each(["saved-bert", "saved-albert", "saved-gpt2"])("config.json and model.safetensors: %s", async (name) => {
  const folder = new URL(`../oracles/${name}`, import.meta.url).pathname;
  const whole = {
    "config.json": await readFile(`${folder}/config.json`),
    "model.safetensors": await readFile(`${folder}/model.safetensors`),
  };
  for (const [file, bytes] of Object.entries(whole)) {
    const counts = await tried(`${name} ${file}`, bytes, async (broken) => {
      for (const [other, its] of Object.entries(whole)) await here.write(`m/${other}`, other === file ? broken : its);
      try {
        await loadTextModel(here.path("m"), createRandom(0));
      } finally {
        disposeVariables();
      }
    });
    process.stdout.write(`mutated ${file} of ${name}: ${JSON.stringify(counts)}\n`);
    expect(counts.refused).toBeGreaterThan(0);
  }
});
