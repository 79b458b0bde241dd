import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recording } from "../testing/recordings.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { type SurveySoundsOptions, surveySounds } from "./survey-sounds.js";

const folder = useTemporaryFolder();

async function write(root: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  for (const [name, content] of Object.entries(files)) await folder.write(`${root}/${name}`, content);
  return folder.path(root);
}

/** `train clips/1.mp3 class speaker transcript` */
async function told(path: string, options?: SurveySoundsOptions): Promise<string[]> {
  const survey = await surveySounds(path, options);
  return survey.parts.flatMap((part) => {
    const sounds = survey.open({ part, sampleRate: 8000 });
    return Array.from({ length: sounds.length }, (_, index) => {
      const [label, speaker] = [sounds.label(index), sounds.speaker(index)];
      const names = [label === undefined ? "-" : sounds.classes[label], sounds.speakers[speaker ?? -1] ?? "-"];
      return [part, sounds.id(index), ...names, sounds.transcript(index) ?? "-"].join(" ");
    });
  });
}

describe("tables of recordings", () => {
  it("reads Common Voice: train.tsv, dev.tsv and test.tsv with clips/ beside, and no other table", async () => {
    const path = await write("cv", {
      "en/train.tsv": 'client_id\tpath\tsentence\nann\t1.mp3\tHe said "yes\nbob\t2.mp3\tNo.\nann\t9.mp3\tGone.\n',
      "en/dev.tsv": "client_id\tpath\tsentence\ncy\t3.mp3\tWhy?\n",
      "en/test.tsv": "client_id\tpath\tsentence\ndan\t4.mp3\tSo.\n",
      "en/validated.tsv": "client_id\tpath\tsentence\nann\t1.mp3\tYes.\n",
      "en/clip_durations.tsv": "clip\tduration[ms]\n1.mp3\t10\n",
      "en/reported.tsv": "sentence\treason\nNo.\tgrammar\n",
      ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`en/clips/${n}.mp3`, recording(n)])),
    });
    expect(await told(path)).toEqual([
      'train en/clips/1.mp3 - ann He said "yes',
      "train en/clips/2.mp3 - bob No.",
      "validation en/clips/3.mp3 - cy Why?",
      "test en/clips/4.mp3 - dan So.",
    ]);
    const { found, speakers } = await surveySounds(path);
    expect(speakers).toEqual(["ann", "bob", "cy", "dan"]);
    expect(found.columns).toEqual({ file: "path", speaker: "client_id", transcript: "sentence" });
    expect(found.passedOver).toEqual([
      { what: "rows whose file is missing", count: 1, names: ["en/train.tsv:4 9.mp3"] },
      { what: "tables without a column of files", count: 1, names: ["en/reported.tsv"] },
      { what: "tables of no part", count: 2, names: ["en/clip_durations.tsv", "en/validated.tsv"] },
      { what: "recordings that no table names", count: 1, names: ["en/clips/5.mp3"] },
    ]);
  });

  it("reads one table with a column of parts and one of classes, in CSV and JSON Lines alike", async () => {
    const files = { "a/1.wav": recording(1), "a/2.wav": recording(2), "b/3.wav": recording(3) };
    const expected = ["train a/1.wav yes ann one, two", "validation a/2.wav no ann -", "test b/3.wav yes bob three"];
    const csv =
      'file,label,speaker,text,split\na/1.wav,yes,ann,"one, two",train\na/2.wav,no,ann,,valid\nb/3.wav,yes,bob,three,test\n';
    expect(await told(await write("csv", { ...files, "list.csv": csv }))).toEqual(expected);
    expect(await told(`${folder.path("csv")}/list.csv`)).toEqual(expected);
    const lines = [
      { audio: "a/1.wav", label: "yes", speaker: "ann", text: "one, two", split: "train" },
      { audio: "a/2.wav", label: "no", speaker: "ann", split: "valid" },
      { audio: "b/3.wav", label: "yes", speaker: "bob", text: "three", split: "test", extra: [1] },
    ];
    const jsonl = lines.map((line) => JSON.stringify(line)).join("\n");
    expect(await told(await write("jsonl", { ...files, "list.jsonl": jsonl }))).toEqual(expected);
    await write("csv", { "list.csv": csv.replace("valid", "fold 2") });
    await expect(surveySounds(folder.path("csv"))).rejects.toThrow(
      /must name a part .* in its column split, got "fold 2" in list\.csv:3\. .*\{ splitFrom: "none" \}/,
    );
    expect(await told(folder.path("csv"), { splitFrom: "none" })).toHaveLength(3);
    expect(await told(folder.path("csv"), { layout: "classes", labelFrom: "folder" })).toEqual([
      "all a/1.wav a - -",
      "all a/2.wav a - -",
      "all b/3.wav b - -",
    ]);
  });

  it("leaves open which of several columns is the class, and refuses two of files", async () => {
    const path = await write("esc", {
      "meta.csv": "filename,fold,target,category\n1.wav,1,0,dog\n2.wav,2,14,bird\n",
      "1.wav": recording(1),
      "2.wav": recording(2),
    });
    expect((await surveySounds(path)).whyUnlabelled).toBe(
      'their tables have the columns target, category: choose { labelFrom: "target" } or { labelFrom: "category" }',
    );
    expect(await told(path, { labelFrom: "category" })).toEqual(["all 1.wav dog - -", "all 2.wav bird - -"]);
    expect(await told(path, { labelFrom: "category", test: "fold=2" })).toEqual([
      "train 1.wav dog - -",
      "test 2.wav bird - -",
    ]);
    const two = await write("two", {
      "meta.csv": "path,audio\n1.wav,2.wav\n",
      "1.wav": recording(1),
      "2.wav": recording(2),
    });
    await expect(surveySounds(two)).rejects.toThrow('Choose { fileFrom: "path" } or { fileFrom: "audio" }.');
    expect(await told(two, { fileFrom: "audio" })).toEqual(["all 2.wav - - -"]);
    await expect(surveySounds(two, { fileFrom: "wav" })).rejects.toThrow("must have a column wav, got path, audio");
  });

  it("names rows that are broken, empty, double or in two parts, and refuses a table of which nothing is there", async () => {
    const path = await write("rows", {
      "list.csv": "path,label\n1.wav,a\n2.wav,b,c\n,b\n1.wav,a\n",
      "1.wav": recording(1),
      "2.wav": recording(2),
    });
    const { found } = await surveySounds(path);
    expect(found.passedOver.map(({ what, count, names }) => [what, count, names[0]])).toEqual([
      ["rows that cannot be read", 1, "list.csv, line 3: it must have 2 fields as the first line has, got 3"],
      ["rows that name no file", 1, "list.csv:4"],
      ["rows that name a recording once more", 1, "list.csv:5 1.wav"],
      ["recordings that no table names", 1, "2.wav"],
    ]);
    const leak = await write("leak", {
      "train.csv": "path\n1.wav\n2.wav\n",
      "test.csv": "path\n2.wav\n",
      "1.wav": recording(1),
      "2.wav": recording(2),
    });
    await expect(surveySounds(leak)).rejects.toThrow(/2\.wav must be in one part alone, is in (train|test)/);
    const gone = await write("gone", { "list.csv": "path\n8.wav\n9.wav\n", "1.wav": recording(1) });
    await expect(surveySounds(gone)).rejects.toThrow(
      /must name recordings that are there, got 2 rows: 2 rows whose file is missing \(list\.csv:2 8\.wav\)/,
    );
    const several = await write("several", {
      "a.csv": "path\n1.wav\n",
      "b.csv": "path\n1.wav\n",
      "1.wav": recording(1),
    });
    await expect(surveySounds(several)).rejects.toThrow(
      "holds several tables of recordings, none of them named as a part: a.csv, b.csv",
    );
    await expect(
      surveySounds(await write("other", { "list.csv": "a,b\n1,2\n" }).then((p) => `${p}/list.csv`)),
    ).rejects.toThrow("a table of them has a line of names and a column of files");
  });

  it("gives back what a table was written of, whatever its values hold", async () => {
    const text = fc.stringMatching(/^[ -~äß日本]{0,12}$/).map((value) => value.trim());
    const row = fc.record({
      speaker: text,
      sentence: text,
      label: text,
      part: fc.constantFrom("train", "dev", "test"),
    });
    await write("any", Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`clips/${n}.wav`, recording(n)])));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (rows) => {
        const lines = rows.map((cells, n) =>
          JSON.stringify({ path: `${n}.wav`, split: cells.part, ...cells, part: "" }),
        );
        await folder.write("any/list.jsonl", lines.join("\n"));
        const survey = await surveySounds(folder.path("any"));
        const order = ["train", "validation", "test"];
        const expected = rows
          .map(({ part, ...cells }, n) => ({ ...cells, n, part: part === "dev" ? "validation" : part }))
          .sort((a, b) => order.indexOf(a.part) - order.indexOf(b.part) || a.n - b.n)
          .map(({ n, part, speaker, sentence }) => [part, `clips/${n}.wav`, speaker || "-", sentence || "-"]);
        const got = survey.parts.flatMap((part) => {
          const sounds = survey.open({ part, sampleRate: 8000 });
          return Array.from({ length: sounds.length }, (_, index) => [
            part,
            sounds.id(index),
            sounds.speakers[sounds.speaker(index) ?? -1] ?? "-",
            sounds.transcript(index) ?? "-",
          ]);
        });
        expect(got).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});
