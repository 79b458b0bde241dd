/** One set of recordings, written in each of the layouts, is told the same of. */
import { gzipSync } from "node:zlib";
import { byCodePoint } from "@autodidact/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { archiveOf, recording } from "../testing/recordings.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { type SurveySoundsOptions, surveySounds } from "./survey-sounds.js";

const folder = useTemporaryFolder();
const bytes = recording(1);

interface Spoken {
  readonly part: "train" | "dev" | "test";
  readonly speaker: string;
  readonly word: string;
  readonly index: number;
}

type Files = Readonly<Record<string, Uint8Array | string>>;

interface Layout {
  files(set: readonly Spoken[]): Files;
  readonly options: SurveySoundsOptions;
  /** Of a set whose files are in one archive. */
  readonly archive?: "all.tar" | "all.tar.gz";
}

const stem = ({ speaker, word, index }: Spoken) => `${speaker}_${word}_${index}`;
const table = (set: readonly Spoken[], line: (cells: readonly string[]) => string, names?: string) =>
  [
    ...(names === undefined ? [] : [names]),
    ...set.map((one) => line([`${stem(one)}.wav`, one.speaker, one.word, one.part])),
  ].join("\n");
const sounds = (set: readonly Spoken[], pathOf: (one: Spoken) => string): Files =>
  Object.fromEntries(set.map((one) => [pathOf(one), bytes]));

const pattern = "{speaker}_{word}_{index}.wav";
const byName = (set: readonly Spoken[]) => sounds(set, (one) => `${one.part}/${stem(one)}.wav`);

const LAYOUTS: Readonly<Record<string, Layout>> = {
  "a pattern of names": { files: byName, options: { pattern } },
  "a pattern of folders": {
    files: (set) => sounds(set, (one) => `${one.part}/${one.speaker}/${one.word}/${one.index}.wav`),
    options: { pattern: "{speaker}/{word}/{index}.wav" },
  },
  "an archive": { files: byName, options: { pattern }, archive: "all.tar" },
  "a packed archive": { files: byName, options: { pattern }, archive: "all.tar.gz" },
  "a CSV table": {
    files: (set) => ({
      ...sounds(set, (one) => `wavs/${stem(one)}.wav`),
      "list.csv": table(set, (cells) => cells.map((cell) => `"${cell}"`).join(","), "file,speaker,word,split"),
    }),
    options: {},
  },
  "a TSV table a part": {
    files: (set) => ({
      ...sounds(set, (one) => `clips/${stem(one)}.wav`),
      ...Object.fromEntries(
        ["train", "dev", "test"].map((part) => [
          `${part}.tsv`,
          `${table(
            set.filter((one) => one.part === part),
            (cells) => cells.join("\t"),
            "path\tclient_id\tword\tx",
          )}\n`,
        ]),
      ),
    }),
    options: {},
  },
  "JSON Lines": {
    files: (set) => ({
      ...sounds(set, (one) => `${stem(one)}.wav`),
      "list.jsonl": table(set, ([audio, speaker, word, split]) => JSON.stringify({ audio, speaker, word, split })),
    }),
    options: {},
  },
  "files beside the recordings": {
    files: (set) =>
      Object.fromEntries(
        set.flatMap((one) => [
          [`${one.part}/${stem(one)}.wav`, bytes],
          [`${one.part}/${stem(one)}.json`, JSON.stringify({ label: one.word, speaker: one.speaker })],
        ]),
      ),
    options: {},
  },
};

const spoken = fc.record({
  part: fc.constantFrom("train", "dev", "test"),
  speaker: fc.constantFrom("ann", "Bob", "7", "zoé", "Ångström"),
  word: fc.constantFrom("yes", "no", "Z", "10", "9"),
  index: fc.nat(9),
}) as fc.Arbitrary<Spoken>;
const sets = fc
  .uniqueArray(spoken, { selector: stem, minLength: 3, maxLength: 12 })
  .filter((set) => ["train", "dev", "test"].every((part) => set.some((one) => one.part === part)));

async function write(root: string, { files, archive }: Layout, set: readonly Spoken[]): Promise<string> {
  const all = files(set);
  if (archive !== undefined) {
    const packed = await archiveOf(all);
    return folder.write(`${root}/${archive}`, archive.endsWith("gz") ? gzipSync(packed) : packed);
  }
  for (const [name, content] of Object.entries(all)) await folder.write(`${root}/${name}`, content);
  return folder.path(root);
}

const NAMES = { train: "train", dev: "validation", test: "test" } as const;
let runs = 0;

test.each(Object.keys(LAYOUTS))("%s", async (name) => {
  const layout = LAYOUTS[name]!;
  await fc.assert(
    fc.asyncProperty(sets, async (set) => {
      const survey = await surveySounds(await write(`set${runs++}`, layout, set), layout.options);
      const expected = set.map(({ part, speaker, word }) => `${NAMES[part]} ${speaker} ${word}`);
      const told = survey.parts.flatMap((part) => {
        const own = survey.open({ part, sampleRate: 8000 });
        const ids = Array.from({ length: own.length }, (_, index) => own.id(index));
        if (layout.archive === undefined && !/table|Lines/.test(name)) expect(ids).toEqual([...ids].sort(byCodePoint));
        return ids.map((_, index) => `${part} ${own.speakers[own.speaker(index)!]} ${own.classes[own.label(index)!]}`);
      });
      expect(told.sort()).toEqual(expected.sort());
      expect(survey.parts).toEqual(["train", "validation", "test"]);
      expect(survey.speakers).toHaveLength(new Set(set.map(({ speaker }) => speaker)).size);
    }),
    { numRuns: 15 },
  );
});
