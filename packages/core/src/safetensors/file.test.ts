import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors, readSafetensors, writeSafetensors } from "./file.js";
import {
  type ElementType,
  elementBytes,
  floatsOf,
  integersOf,
  type StoredTensor,
  storeFloats,
} from "./stored-tensor.js";

// Written by the Python package: tools/oracles/safetensors_files.py.
const python = fileURLToPath(new URL("./fixtures/python.safetensors", import.meta.url));
const patterns = [
  0x3f800000, 0xc0490fdb, 0x3f801000, 0x3f803000, 0x3f808000, 0x3f818000, 0x477fefff, 0x477ff000, 0x38800000,
  0x387fc000, 0x33800000, 0x33000000, 0x33000001, 0x32ffffff, 0x33c00000, 0x00000001, 0x7f7fffff, 0x7f800000,
  0xff800000, 0x80000000,
];
const singles = new Float32Array(Uint32Array.from(patterns).buffer);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "safetensors-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a file of the Python package", async () => {
  const { tensors, metadata } = await readSafetensors(python);
  expect(metadata).toEqual({ format: "pt", note: "ü" });
  const shapes = Object.fromEntries([...tensors].map(([name, { type, shape }]) => [name, `${type} [${shape}]`]));
  expect(shapes).toEqual({
    singles: "F32 [4,5]",
    halves: "F16 [20]",
    brains: "BF16 [20]",
    integers: "I32 [2,2]",
    wide: "I64 [2]",
    bytes: "U8 [3]",
    flags: "BOOL [3]",
    scalar: "F32 []",
    empty: "F32 [0,3]",
    'name with "quotes", ünïcode': "I32 [1]",
  });
  expect(floatsOf(tensors.get("singles")!)).toEqual(singles);
  expect(integersOf(tensors.get("integers")!)).toEqual(Int32Array.of(0, -1, 2147483647, -2147483648));
  expect(new BigInt64Array(tensors.get("wide")!.bytes.slice().buffer)).toEqual(
    BigInt64Array.of(9007199254740993n, -5n),
  );
  expect(integersOf(tensors.get("wide")!)).toBeUndefined(); // does not fit 32 bits
  expect(integersOf(tensors.get("bytes")!)).toEqual(Int32Array.of(0, 1, 255));
  expect([...tensors.get("flags")!.bytes]).toEqual([1, 0, 1]);
  expect(floatsOf(tensors.get("scalar")!)).toEqual(Float32Array.of(2.5));
});

test("halves and bfloat16 round as PyTorch rounds, and widen exactly", async () => {
  const { tensors } = await readSafetensors(python);
  expect(storeFloats(singles, [20], "F16")).toEqual(tensors.get("halves"));
  expect(storeFloats(singles, [20], "BF16")).toEqual(tensors.get("brains"));
  const halves = floatsOf(tensors.get("halves")!)!;
  expect([...halves.slice(0, 8)]).toEqual([1, -3.140625, 1, 1.001953125, 1.00390625, 1.01171875, 65504, Infinity]);
  for (const type of ["F16", "BF16"] as const) {
    const once = storeFloats(singles, [20], type);
    expect(storeFloats(floatsOf(once)!, [20], type)).toEqual(once);
  }
});

const tensor = fc
  .record({
    type: fc.constantFrom(...(Object.keys(elementBytes) as ElementType[])),
    shape: fc.array(fc.nat(4), { maxLength: 4 }),
  })
  .chain(({ type, shape }): fc.Arbitrary<StoredTensor> => {
    const length = shape.reduce((size, dimension) => size * dimension, elementBytes[type]);
    return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => ({ type, shape, bytes }));
  });
const name = fc.string({ unit: "binary" }).filter((text) => text !== "__metadata__");
const contents = fc.uniqueArray(fc.tuple(name, tensor), { selector: ([key]) => key, maxLength: 6 });

test("what is written is read, in memory and on disk", async () => {
  await fc.assert(
    fc.asyncProperty(
      contents,
      fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" })),
      async (tensors, metadata) => {
        const expected = { tensors: new Map(tensors), metadata };
        const bytes = Buffer.concat(encodeSafetensors(tensors, metadata));
        expect(decodeSafetensors(bytes, "memory")).toEqual(expected);
        const path = join(folder, "any.safetensors");
        await writeSafetensors(path, tensors, metadata);
        expect(await readSafetensors(path)).toEqual(expected);
        expect((await stat(path)).size).toBe(bytes.length);
      },
    ),
    { numRuns: 60 },
  );
});

/** A file with this header, said literally, and so many bytes behind it. */
function file(header: string, dataBytes = 0, length = Buffer.byteLength(header)): Buffer {
  const bytes = Buffer.alloc(8 + Buffer.byteLength(header) + dataBytes);
  bytes.writeBigUInt64LE(BigInt(length), 0);
  bytes.write(header, 8);
  return bytes;
}

const entry = (shape: string, offsets: string, type = "F32") =>
  `{"dtype":"${type}","shape":${shape},"data_offsets":${offsets}}`;
const many = Array.from({ length: 20_001 }, (_, i) => `"t${i}":${entry("[0]", "[0,0]")}`).join();

test.each([
  ["shorter than its length field", Buffer.from([1, 2, 3]), "at least 8 bytes"],
  ["header longer than the file", file("{}", 0, 50), "says 50 bytes"],
  ["header above 10 MB", file("{}", 0, 10_000_001), "at most 10000000 bytes"],
  ["no JSON", file("{nonsense"), "not valid JSON"],
  ["JSON, but a list", file("[]"), "must begin with {"],
  ["bad UTF-8", Buffer.concat([file('{"', 0, 4), Buffer.from([0xff, 0x7d])]), "not valid JSON"],
  ["a name twice", file(`{"a":${entry("[0]", "[0,0]")},"\\u0061":${entry("[0]", "[0,0]")}}`), 'name "a" comes twice'],
  [
    "a name twice, far from its colon",
    file(`{"a"${" ".repeat(99)}:${entry("[0]", "[0,0]")},"a":${entry("[0]", "[0,0]")}}`),
    "twice",
  ],
  ["a field twice", file('{"a":{"dtype":"F32","dtype":"U8","shape":[0],"data_offsets":[0,0]}}'), "twice"],
  ["above 20,000 tensors", file(`{${many}}`), "at most 20000 tensors are read, got 20001"],
  ["a hole", file(`{"a":${entry("[1]", "[4,8]")}}`, 8), "a begins at 4, after a hole (0)"],
  [
    "an overlap",
    file(`{"a":${entry("[2]", "[0,8]")},"b":${entry("[2]", "[4,12]")}}`, 12),
    "b begins at 4, inside another tensor (8)",
  ],
  [
    "two tensors, one place",
    file(`{"a":${entry("[2]", "[0,8]")},"b":${entry("[2]", "[0,8]")}}`, 8),
    "inside another tensor",
  ],
  ["size and shape differ", file(`{"a":${entry("[3]", "[0,8]")}}`, 8), "F32 [3] and must have 12 bytes, got 8"],
  [
    "a size that overflows 64 bits",
    file(`{"a":${entry("[4294967296,4294967296,4294967296]", "[0,0]")}}`),
    "must have 316912650057057350374175801344 bytes",
  ],
  ["bytes that belong to none", file(`{"a":${entry("[1]", "[0,4]")}}`, 5), "the tensors take 4 bytes, the file has 5"],
  ["bytes that are missing", file(`{"a":${entry("[2]", "[0,8]")}}`, 4), "take 8 bytes, the file has 4"],
  ["end before begin", file(`{"a":${entry("[0]", "[4,0]")}}`), "must have 0 bytes, got -4"],
  ["a negative size", file(`{"a":${entry("[-1]", "[0,0]")}}`), "-1 is not a whole number"],
  ["a fraction that rounds", file(`{"a":${entry("[1.00000000000000000001]", "[0,4]")}}`, 4), "is not a whole number"],
  [
    "an offset above 2^53",
    file(`{"a":${entry("[0]", "[9007199254740993,9007199254740993]")}}`),
    "must have dtype, shape and data_offsets",
  ],
  ["an unknown type", file(`{"a":${entry("[0]", "[0,0]", "F8_E4M3")}}`), "has type F8_E4M3; types read: F32"],
  ["a type every object has", file(`{"a":${entry("[0]", "[0,0]", "constructor")}}`), "has type constructor"],
  [
    "an unknown field",
    file('{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"code":"x"}}'),
    "must have dtype, shape",
  ],
  ["no description", file('{"a":null}'), "must have dtype, shape"],
  ["metadata of numbers", file('{"__metadata__":{"a":1}}'), "__metadata__ must map"],
  ["deep nesting", file(`{"a":${"[".repeat(100_000)}`), "nested too deep"],
])("refused: %s", async (_, bytes, message) => {
  expect(() => decodeSafetensors(bytes, "x.safetensors")).toThrow(message);
  const path = join(folder, "refused.safetensors");
  await writeFile(path, bytes);
  await expect(readSafetensors(path)).rejects.toThrow(message);
});

test("the name __proto__ is a name like any other", () => {
  const { tensors } = decodeSafetensors(file(`{"__proto__":${entry("[0]", "[0,0]")}}`), "x");
  expect([...tensors.keys()]).toEqual(["__proto__"]);
});

test("a damaged file is refused or read as a valid one: never another error", () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(contents, damage, fc.nat(20), (tensors, changes, cut) => {
      const bytes = Buffer.concat(encodeSafetensors(tensors));
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      try {
        const { tensors: read } = decodeSafetensors(bytes.subarray(0, bytes.length - cut), "x");
        for (const { type, shape, bytes: held } of read.values()) {
          expect(held.length).toBe(shape.reduce((size, dimension) => size * dimension, elementBytes[type]));
        }
      } catch (error) {
        expect((error as Error).message).toMatch(/^safetensors: x: /);
      }
    }),
    { numRuns: 1500 },
  );
});

test("any JSON as a header is refused or valid", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(9), (json, dataBytes) => {
      try {
        decodeSafetensors(file(json, dataBytes), "x");
      } catch (error) {
        expect((error as Error).message).toMatch(/^safetensors: x: /);
      }
    }),
    { numRuns: 1500 },
  );
});
