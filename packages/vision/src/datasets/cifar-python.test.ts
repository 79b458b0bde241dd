import { existsSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readOracle } from "../testing/oracle.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { cifarPythonPart } from "./cifar-python.js";
import { readPickle } from "./pickle.js";
import { surveyImages } from "./survey-images.js";

const folder = useTemporaryFolder();
const { files, expected } = readOracle("cifar-python") as {
  files: Record<string, string>;
  expected: { labels: number[]; names: string[]; places: [row: number, y: number, x: number, color: number[]][] };
};
const bytesOf = (name: string) => gunzipSync(Buffer.from(files[name]!, "base64"));

describe("CIFAR's Python version", () => {
  it.each(["python2", "protocol 2", "protocol 3", "protocol 4", "protocol 5"])(
    "is read as %s wrote it",
    async (name) => {
      const path = await folder.write(`${name}/data_batch_1`, bytesOf(name));
      await folder.write(`${name}/batches.meta`, bytesOf("meta"));
      const { part, classes } = await cifarPythonPart("train", [path]);
      expect([part.length, classes]).toEqual([3, expected.names]);
      expect([0, 1, 2].map((row) => part.className(row))).toEqual(expected.labels.map((label) => `class ${label}`));
      for (const [row, y, x, color] of expected.places) {
        const { pixels } = await part.get(row, {});
        expect([...pixels.subarray(3 * (32 * y + x), 3 * (32 * y + x) + 3)]).toEqual(color);
      }
    },
  );

  it("is a set in parts, of CIFAR-100 by its fine labels", async () => {
    await folder.write("root/cifar-100-python/train", bytesOf("python2 of 100 classes"));
    await folder.write("root/cifar-100-python/test", bytesOf("python2 of 100 classes"));
    await folder.write("root/cifar-100-python/meta", bytesOf("meta"));
    await folder.write("root/cifar-100-python.tar.gz", "");
    const { found, open } = await surveyImages(folder.path("root"));
    expect(found.parts.map(({ name, examples, files }) => [name, examples, files])).toEqual([
      ["train", 3, 1],
      ["test", 3, 1],
    ]);
    expect(found.classes.length).toBe(100);
    expect(found.passedOver).toEqual([
      { what: "archives beside what is read", count: 1, names: ["cifar-100-python.tar.gz"] },
    ]);
    const test = await open({ part: "test" });
    expect([test.label(0), test.id(2)]).toEqual([99, "test/2"]);
  });

  it("is refused by name where it is something else, and never run", async () => {
    for (const [name, reason] of [
      ["evil", /must be a pickle of numbers.*got the name (posix|nt)\.system.*Nothing in it was run/],
      ["columns", "an array of something else than bytes, row by row"],
      ["floats", "an array of something else than bytes, row by row"],
      ["meta", "must hold data, an array of rows of 3072 bytes"],
    ] as const) {
      const path = await folder.write(`${name}/data_batch_1`, bytesOf(name));
      await expect(cifarPythonPart("train", [path]), name).rejects.toThrow(reason);
    }
    expect(existsSync("pickle-was-run")).toBe(false);
  });

  it("meets damaged pickles with its own errors only", () => {
    const sound = bytesOf("python2");
    const changes = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(changes, fc.option(fc.nat(sound.length)), (places, length) => {
        const bytes = Uint8Array.from(sound.subarray(0, length ?? sound.length));
        for (const [at, value] of places) if (at < bytes.length) bytes[at] = value;
        try {
          readPickle(bytes, "fuzz");
        } catch (error) {
          expect((error as Error).message).toMatch(/^readPickle: /);
        }
      }),
      { numRuns: 500 },
    );
  });
});
