import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CorruptSampleError, describeFoundData } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import { memoryOf, sharesOf } from "../../image.js";
import { inspectImages } from "../../inspect/inspect-images.js";
import { dicomFile, PATIENT } from "../../testing/dicom-file.js";
import { readOracle } from "../../testing/oracle.js";
import { useTemporaryFolder } from "../../testing/temporary-folder.js";
import { decodeHeader, decodeImage } from "../decode-image.js";
import { openLabelledImages } from "../open-labelled-images.js";
import { examineImages, openPretrainImages } from "../pretrain-images.js";

interface Case {
  readonly name: string;
  readonly file: string;
  readonly frame: number;
  readonly shape: readonly [number, number, number];
  readonly shares: readonly number[];
}

const cases: readonly Case[] = readOracle("dicom");
const folder = useTemporaryFolder();
const ramp = { height: 2, width: 3, values: [0, 1, 2, 1024, 2048, 4095] };

async function reasonOf(file: Uint8Array, options = {}): Promise<string> {
  const error = await decodeImage("a", file, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CorruptSampleError);
  expect((error as Error).cause).toBeUndefined();
  return (error as CorruptSampleError).reason;
}

describe("DICOM", () => {
  it.each(cases)("is what pydicom shows: $name", async ({ name, file, frame, shape, shares }) => {
    const bytes = new Uint8Array(Buffer.from(file, "base64"));
    const [height, width, channels] = shape;
    const told = name.startsWith("frames") ? { frame, channels } : { channels };
    const image = await decodeImage("a", bytes, told);
    expect([image.height, image.width, image.channels]).toEqual([height, width, channels]);
    expect(image.pixels instanceof Uint8Array).toBe(/8 bits|colours|gray/.test(name));
    const tolerance = name.startsWith("JPEG") ? 2 / 255 : 1e-6; // decoders of JPEG round each in their own way
    const seen = sharesOf(image.pixels);
    for (const [place, share] of shares.entries())
      expect(Math.abs(seen[place]! - share)).toBeLessThanOrEqual(tolerance);
    const header = await decodeHeader("a", bytes, { ...told, beginning: bytes });
    expect(header).toMatchObject({ height, width, channels });
    expect(header.reading === undefined).toBe(image.pixels instanceof Uint8Array);
  });

  it("goes through the window that is told, of rescaled values", async () => {
    const file = dicomFile({ ...ramp, rescale: { slope: 2, intercept: -100 }, window: [40, 400] });
    const { pixels } = await decodeImage("a", file, { channels: 1, window: { center: 1948, width: 4096 } });
    const wanted = [-100, -98, -96, 1948, 3996, 8090].map((value) => Math.min(1, Math.max(0, (value + 100) / 4096)));
    expect([...pixels].map((share) => share.toFixed(6))).toEqual(wanted.map((share) => share.toFixed(6)));
    expect((await decodeHeader("a", file, { beginning: file, window: { center: 40, width: 80 } })).reading).toBe(
      "DICOM of 12 bits: window 40 ± 40 from 0 to 1",
    );
  });

  it("keeps more than 8 bits: neighbours among 65,536 values stay apart", async () => {
    const values = [1000, 1001, 1002, 65533, 65534, 65535];
    const { pixels } = await decodeImage("a", dicomFile({ ...ramp, values, bitsStored: 16 }), { channels: 1 });
    expect([...pixels].map((share) => Math.round(share * 65535))).toEqual(values);
  });

  it("of several frames asks for one", async () => {
    const file = dicomFile({ ...ramp, values: [...ramp.values, ...ramp.values.toReversed()], frames: 2 });
    expect(await reasonOf(file)).toBe("the DICOM file has 2 frames. Choose one: { frame: 1 }, or write each as a file");
    expect(await reasonOf(file, { frame: 3 })).toBe("the DICOM file has 2 frames, and frame 3 was asked for");
    const { pixels } = await decodeImage("a", file, { channels: 1, frame: 2 });
    expect(pixels[0]).toBe(1);
  });

  it("that is cut off, empty or of no known kind is told apart", async () => {
    const file = dicomFile(ramp);
    expect(await reasonOf(file.subarray(0, file.length - 4))).toMatch(/damaged or truncated DICOM/);
    expect(await reasonOf(file.subarray(0, 200))).toMatch(/DICOM/);
    const syntax = (transferSyntax: string) => reasonOf(dicomFile({ ...ramp, transferSyntax }));
    expect(await syntax("1.2.840.10008.1.2.4.90")).toBe(
      "JPEG 2000 in DICOM is not read: write it uncompressed, e.g. gdcmconv --raw",
    );
    expect(await syntax("1.2.840.10008.1.2.4.70")).toMatch(/^lossless JPEG in DICOM is not read/);
    expect(await syntax("1.2.840.10008.1.2.1.99")).toMatch(/^deflated DICOM is not read/);
    expect(await reasonOf(dicomFile({ ...ramp, photometric: "PALETTE COLOR" }))).toMatch(/PALETTE COLOR are not read/);
    expect(await reasonOf(file, { maxPixels: 5 })).toMatch(/more than maxPixels = 5/);
  });

  it("is found whatever it is called, and nothing of its patient goes anywhere", async () => {
    const values = (n: number) => Array.from({ length: 256 }, (_, i) => (n * 31 + i * 13) % 4096);
    const names = ["a/IM000001", "a/1.2.840.113619.2.55", "a/slice.dcm", "b/I1.1", "b/x.dicom", "b/last"];
    for (const [n, name] of names.entries())
      await folder.write(`scans/${name}`, dicomFile({ height: 16, width: 16, values: values(n), window: [500, 900] }));
    await folder.write("scans/b/broken.dcm", dicomFile({ height: 16, width: 16, values: [1] }));
    await folder.write("scans/b/README", "no scan");
    const told: string[] = [];
    const { facts, found } = await examineImages(folder.path("scans"), { imageSize: 8 });
    expect(facts).toMatchObject({ length: 7, channels: 1, size: 8 });
    told.push(JSON.stringify(facts), ...describeFoundData(found, "images"));
    expect(told.join("\n")).toContain("6 of 7 images have DICOM of 12 bits: the window of each file from 0 to 1");
    const images = await openPretrainImages(facts, { run: folder.path() });
    told.push(await images.contents!(), Buffer.from(memoryOf((await images.get(0)).pixels)).toString("latin1"));
    for (let index = 0; index < images.length; index++)
      await images.get(index).then(
        ({ id }) => told.push(id),
        (error: Error) => told.push(`${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`),
      );
    told.push(JSON.stringify(await inspectImages(folder.path("scans"))));
    const options = { channels: 1, size: 8, onCorrupt: (error: Error) => told.push(String(error)) };
    const { train } = await openLabelledImages(folder.path("scans"), options);
    told.push(JSON.stringify(train.hash));
    for (const entry of await readdir(folder.path(), { withFileTypes: true }))
      if (entry.isFile()) told.push(await readFile(join(folder.path(), entry.name), "latin1"));
    for (const name of [...PATIENT, "Mustermann", "Musterhaus"]) expect(told.join("\n")).not.toContain(name);
  });
});
