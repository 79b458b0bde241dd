import { gzipSync } from "node:zlib";
import { CorruptSampleError } from "@autodidact/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { collect } from "../testing/collect.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { cutBefore, textFile } from "./text-file.js";

const folder = useTemporaryFolder();

async function read(name: string, content: Uint8Array | string) {
  return collect(textFile({ path: await folder.write(name, content), id: name, bytes: 0 }));
}

test("a small file is one document, without a byte-order mark", async () => {
  expect(await read("a.txt", "\ufeffOne.\n\nTwo.")).toEqual([{ id: "a.txt", text: "One.\n\nTwo." }]);
  expect(await read("b.txt.gz", gzipSync("One."))).toEqual([{ id: "b.txt.gz", text: "One." }]);
});

test("a large file comes in parts that end before white space and together are the text", async () => {
  const paragraph = "Grüße 🙂 at the end of the paragraph.\r\n\r\n";
  const text = paragraph.repeat(130_000); // 5 million units: pieces of the file end inside characters
  const parts = await read("large.txt", text);
  expect(parts.length).toBeGreaterThan(3);
  for (const [place, part] of parts.entries()) {
    if (part instanceof CorruptSampleError) throw part;
    expect(part.id).toBe("large.txt");
    expect(part.continues).toBe(place === 0 ? undefined : true);
    expect(part.text.length).toBeLessThan(2 ** 21);
    if (place > 0) expect(part.text.startsWith("\r\n\r\nGrüße")).toBe(true);
  }
  expect(parts.map((part) => (part as { text: string }).text).join("") === text).toBe(true);
});

test("what is no UTF-8 text is named, with its reason", async () => {
  const reason = async (name: string, content: Uint8Array) => {
    const [found, ...more] = await read(name, content);
    expect(more).toEqual([]);
    expect(found).toBeInstanceOf(CorruptSampleError);
    return (found as CorruptSampleError).message;
  };
  expect(await reason("latin.txt", Buffer.from("café", "latin1"))).toContain("latin.txt: not UTF-8 text");
  expect(await reason("cut.txt", Buffer.from("caf€").subarray(0, -1))).toContain("not UTF-8");
  expect(await reason("wide.txt", Buffer.from("wide", "utf16le"))).toContain("NUL characters");
  expect(await reason("not.txt.gz", Buffer.from("no archive"))).toMatch(
    /not.txt.gz cannot be unpacked: incorrect header/,
  );
  expect(await reason("empty.txt", Buffer.alloc(0))).toBe("empty.txt: the file is empty");
});

test("other failures are not taken for broken text", async () => {
  await expect(collect(textFile({ path: folder.path("absent.txt"), id: "absent.txt", bytes: 0 }))).rejects.toThrow(
    "ENOENT",
  );
});

test("a cut falls before white space where there is some, and never inside a character", () => {
  expect(cutBefore("One.\n\n\nTwo. Three", 12)).toBe(4);
  expect(cutBefore("One.\nTwo. Three", 12)).toBe(4);
  expect(cutBefore("One two. Three four", 18)).toBe(8);
  expect(cutBefore("One two three", 9)).toBe(7);
  expect(cutBefore("🙂🙂🙂", 3)).toBe(2);
  expect(cutBefore("\r\n\r\n\r\n", 3)).toBe(2);
  const unit = fc.constantFrom("a", "🙂", " ", "\n", "\n\n", ". ", "\r\n");
  fc.assert(
    fc.property(fc.array(unit, { minLength: 4, maxLength: 30 }), (units) => {
      const text = units.join("");
      const length = Math.floor(text.length / 2);
      const end = cutBefore(text, length);
      expect(end).toBeGreaterThan(0);
      expect(end).toBeLessThanOrEqual(length);
      expect(!/[\ud800-\udbff]$/.test(text.slice(0, end))).toBe(true);
      expect(text.slice(0, end).endsWith("\r")).toBe(false);
    }),
    { numRuns: 1000 },
  );
});
