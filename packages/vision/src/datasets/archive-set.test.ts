import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { type ArchiveEntry, archiveOf, ramp } from "../testing/image-files.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { surveyImages } from "./survey-images.js";

const folder = useTemporaryFolder();
let png: Buffer;
beforeAll(async () => {
  png = await ramp().png().toBuffer();
});

const shapeOf = async (path: string) => {
  const { found } = await surveyImages(path);
  return Object.fromEntries(found.parts.map(({ name, examples }) => [name, examples]));
};

describe("surveyImages of archives", () => {
  const entry = (name: string, content: Uint8Array | string = png): ArchiveEntry => ({
    name,
    content: Buffer.from(content),
  });
  const tar = async (name: string, ...entries: (ArchiveEntry | string)[]) =>
    folder.write(name, await archiveOf(entries.map((told) => (typeof told === "string" ? entry(told) : told))));

  it("says that an archive lacks its end: between two entries nothing else tells", async () => {
    const path = await tar("cut.tar", "cat/1.png", "dog/2.png");
    expect((await surveyImages(path)).found.passedOver).toEqual([]);
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, 512 + Math.ceil(png.length / 512) * 512 + 512 + png.length)); // no padding, no mark
    await writeFile(path, Buffer.concat([await readFile(path), Buffer.alloc((512 - (png.length % 512)) % 512, 1)]));
    const { found } = await surveyImages(path);
    expect(found.parts[0]!.examples).toBe(2);
    expect(found.passedOver).toMatchObject([
      { what: expect.stringContaining("end marks of tar archives"), names: ["cut.tar"] },
    ]);
  });

  it("takes classes bus, car and train for three classes", async () => {
    const path = await tar("bus.tar", "bus/1.png", "car/2.png", "train/3.png");
    expect((await surveyImages(path)).found.parts).toEqual([
      { name: "all", files: 1, examples: 3, perClass: [1, 1, 1] },
    ]);
  });

  it("reads .tar.gz and .tgz as .tar", async () => {
    const archive = await archiveOf(["train/a/1.png", "train/b/2.png", "test/a/3.png"].map((name) => entry(name)));
    for (const ending of ["tar.gz", "tgz", "TAR.GZ"]) {
      const path = await folder.write(`zipped.${ending}`, gzipSync(archive));
      const { open, found } = await surveyImages(path);
      expect(found.classes).toEqual(["a", "b"]);
      const test = await open({ part: "test" });
      const image = await test.get(0);
      expect([image.id, image.width, image.label]).toEqual([`zipped.${ending}/test/a/3.png`, 8, 0]);
    }
    const cut = await folder.write("cut.tar.gz", gzipSync(archive).subarray(0, 200));
    await expect(surveyImages(cut)).rejects.toThrow(/cut\.tar\.gz is no whole tar archive: .*unexpected end/);
  });

  it("takes webdataset's labels, numbers by their size and names", async () => {
    await tar("wds/train-000000.tar", "000.png", entry("000.cls", "10\n"), "001.png", entry("001.cls", "9"));
    await tar("wds/train-000001.tar", "002.png", entry("002.cls", "9"), entry("002.txt", "a caption"));
    await tar("wds/val-000000.tar", "003.png", entry("003.cls", "10"));
    const { found, open } = await surveyImages(folder.path("wds"));
    expect([found.classes, found.parts.map(({ name, perClass }) => [name, perClass])]).toEqual([
      ["9", "10"],
      [
        ["train", [2, 1]],
        ["validation", [0, 1]],
      ],
    ]);
    expect(found.passedOver).toEqual([{ what: ".txt files", count: 1, names: ["002.txt"] }]);
    expect((await open({ part: "train" })).label(0)).toBe(1);
    const named = await tar(
      "json.tar",
      "x/a.b.png",
      entry("x/a.json", '{"label":"cat"}'),
      "b.png",
      entry("b.json", '{"class":"dog"}'),
    );
    expect((await surveyImages(named)).found.classes).toEqual(["cat", "dog"]);
    const lacking = await tar("lacking.tar", "a.png", entry("a.cls", "1"), "b.png", entry("b.cls", "2"), "c.png");
    expect((await surveyImages(lacking)).whyUnlabelled).toBe("lacking.tar/c.png has no class, others have");
  });

  it("takes a tar a class, with a folder inside or without, synsets too, but not shards", async () => {
    await tar("each/cats.tar", "1.png", "2.png");
    await tar("each/dogs.tar", "dogs/3.png");
    expect((await surveyImages(folder.path("each"))).found.classes).toEqual(["cats", "dogs"]);
    await tar("synsets/train/n01440764.tar", "n01440764_1.JPEG");
    await tar("synsets/train/n15075141.tar", "n15075141_1.JPEG");
    await tar("synsets/val/n15075141.tar", "n15075141_2.JPEG");
    const { found } = await surveyImages(folder.path("synsets"));
    expect([found.classes, found.parts.map(({ perClass }) => perClass)]).toEqual([
      ["n01440764", "n15075141"],
      [
        [1, 1],
        [0, 1],
      ],
    ]);
    await tar("shards/data-000000.tar", "1.png");
    await tar("shards/data-000001.tar", "2.png");
    expect((await surveyImages(folder.path("shards"))).found.parts).toEqual([
      { name: "all", files: 2, examples: 2, perClass: [] },
    ]);
  });

  it("takes a tar a class, one of them train, for classes", async () => {
    for (const name of ["bus", "car", "train"]) await tar(`vehicles/${name}.tar`, "1.png");
    expect((await surveyImages(folder.path("vehicles"))).found.classes).toEqual(["bus", "car", "train"]);
  });

  it("keeps what a test archive holds out of training, whatever archive lies beside", async () => {
    await tar("parted/my-train.tar", "a/1.png", "b/2.png");
    await tar("parted/my-test.tar", "a/3.png", "b/4.png");
    await tar("parted/previews.tar", "5.png");
    expect(await shapeOf(folder.path("parted"))).toEqual({ train: 2, test: 2 });
  });

  it("reads image folders rather than the archive that they came from, and says so", async () => {
    for (const name of ["cat/1.png", "dog/2.png"]) await folder.write(`unpacked/set/${name}`, png);
    await tar("unpacked/set.tar", "cat/1.png", "dog/2.png");
    const { found } = await surveyImages(folder.path("unpacked"));
    expect([found.classes, found.passedOver]).toEqual([
      ["cat", "dog"],
      [{ what: "archives beside what is read", count: 1, names: ["set.tar"] }],
    ]);
  });

  it("names what an archive without images holds", async () => {
    const path = await tar("cifar-10-binary.tar", entry("cifar/data_batch_1.bin", "x"));
    await expect(surveyImages(path)).rejects.toThrow(
      "must hold image files, got 1 .bin file (cifar/data_batch_1.bin). A binary set (CIFAR, STL-10, IDX) is read once it is unpacked",
    );
  });
});
