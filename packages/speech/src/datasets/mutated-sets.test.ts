/** Whatever bytes tables, transcripts and archives hold: recordings are found, or it is said in words why not. */
import { CorruptSampleError } from "@autodidact/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { archiveOf, recording } from "../testing/recordings.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { type SurveySoundsOptions, surveySounds } from "./survey-sounds.js";

const folder = useTemporaryFolder();

/** Bytes of a file with some changed, or its beginning. */
function damaged(bytes: Buffer): fc.Arbitrary<Buffer> {
  const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 5 });
  const changed = changes.map((all) =>
    all.reduce((into, [at, value]) => into.fill(value, at, at + 1), Buffer.from(bytes)),
  );
  const lines = fc
    .array(fc.constantFrom(...'path,a.wav,\n,\t,",{,},[,1,train,\\,\0,é'.split(",")), { maxLength: 30 })
    .map((pieces) => Buffer.from(pieces.join("")));
  return fc.oneof(
    changed,
    fc.nat(bytes.length).map((length) => bytes.subarray(0, length)),
    lines,
  );
}

async function survives(path: string, options?: SurveySoundsOptions): Promise<void> {
  try {
    const survey = await surveySounds(path, options);
    const sounds = survey.open({ part: survey.parts, sampleRate: 8000 });
    for (let index = 0; index < sounds.length; index++) {
      expect(sounds.id(index)).not.toBe("");
      await sounds.get(index).catch((error: Error) => expect(error).toBeInstanceOf(CorruptSampleError));
    }
  } catch (error) {
    expect((error as Error).name).toMatch(/^(Error|UsageError|RangeError|EncodingError|DamagedFileError)$/);
    expect((error as Error).message.length).toBeGreaterThan(30);
    expect((error as Error).message).not.toMatch(/undefined|\[object|is not a function|Cannot read/);
  }
}

const TABLES = {
  "list.csv": "path,speaker,label,split\n1.wav,ann,yes,train\n2.wav,bob,no,test\n",
  "list.tsv": "path\tspeaker\tlabel\tsplit\n1.wav\tann\tyes\ttrain\n2.wav\tbob\tno\ttest\n",
  "list.jsonl": '{"path":"1.wav","speaker":"ann","split":"train"}\n{"path":"2.wav","label":3,"split":"test"}\n',
};

test.each(Object.entries(TABLES))("%s", async (name, text) => {
  for (const n of [1, 2]) await folder.write(`${name}-set/${n}.wav`, recording(n));
  await fc.assert(
    fc.asyncProperty(damaged(Buffer.from(text)), async (bytes) => {
      await folder.write(`${name}-set/${name}`, bytes);
      await survives(folder.path(`${name}-set`));
      await survives(folder.path(`${name}-set/${name}`));
    }),
    { numRuns: 60 },
  );
});

test("transcripts, lists and JSON beside recordings", async () => {
  await folder.write("libri/1/2/1-2-0.wav", recording(1));
  await folder.write("commands/yes/0a_nohash_0.wav", recording(2));
  await folder.write("beside/1.wav", recording(3));
  await fc.assert(
    fc.asyncProperty(damaged(Buffer.from('1-2-0 GO\nyes/0a_nohash_0.wav\n{"label": 1}')), async (bytes) => {
      await folder.write("libri/1/2/1-2.trans.txt", bytes);
      await folder.write("commands/testing_list.txt", bytes);
      await folder.write("beside/1.json", bytes);
      for (const set of ["libri", "commands", "beside"]) await survives(folder.path(set));
    }),
    { numRuns: 40 },
  );
});

test("archives", async () => {
  const whole = await archiveOf({ "a/1.wav": recording(1), "a/1.json": '{"label": "yes"}', "b/2.wav": recording(2) });
  await fc.assert(
    fc.asyncProperty(damaged(whole), async (bytes) => {
      await survives(await folder.write("any/all.tar", bytes));
      await survives(await folder.write("any/all.tar.gz", bytes));
    }),
    { numRuns: 60 },
  );
});
