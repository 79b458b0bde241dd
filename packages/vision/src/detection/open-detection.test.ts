import { describe, expect, it } from "vitest";
import { plain } from "../testing/image-files.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openDetection } from "./open-detection.js";

const folder = useTemporaryFolder();
const photo = (width = 20, height = 10) => plain([9, 200, 9], width, height).png().toBuffer();
const categories = [
  { id: 7, name: "cat" },
  { id: 90, name: "dog" },
];
const image = (id: number, name = `${id}.png`) => ({ id, file_name: name, width: 20, height: 10 });
const box = (id: number, image_id: number, bbox: unknown, more = {}) => ({
  id,
  image_id,
  category_id: 90,
  bbox,
  ...more,
});
const coco = (images: unknown[], annotations: unknown[]) => JSON.stringify({ images, annotations, categories });

describe("openDetection", () => {
  it("reads categories with gaps in their ids, crowds, images without boxes; names broken boxes", async () => {
    for (let n = 1; n <= 6; n += 1) await folder.write(`set/images/${n}.png`, await photo());
    await folder.write("set/other.json", '{"version": 1}');
    await folder.write(
      "set/annotations.json",
      coco(
        [6, 5, 4, 3, 2, 1].map((id) => image(id)),
        [
          box(1, 1, [2, 1, 6, 4], { category_id: 7, area: 20 }),
          box(2, 1, [0, 0, 20, 10], { iscrowd: 1 }),
          box(3, 2, [2, 1, 0, 4]),
          box(4, 2, [30, 1, 5, 4]),
          box(5, 2, [1, 1, "3", 4]),
          box(6, 2, [1, 1, 3, 4], { category_id: 8 }),
          box(7, 99, [1, 1, 3, 4]),
          box(8, 3, [-2, 1, 5, 4]),
        ],
      ),
    );
    const data = await openDetection(folder.path("set"), { size: 8 });
    expect([data.classes, data.isTestHeldOut]).toEqual([["cat", "dog"], true]);
    const all = [...data.train.examples, ...data.test.examples].sort((a, b) => a.id.localeCompare(b.id));
    expect(all.map(({ id, boxes }) => [id, boxes.length])).toEqual([
      ["images/1.png", 2],
      ["images/2.png", 0],
      ["images/3.png", 1],
      ["images/4.png", 0],
      ["images/5.png", 0],
      ["images/6.png", 0],
    ]);
    expect(all[0]!.boxes).toEqual([
      { box: [2, 1, 6, 4], label: 0, area: 20, isCrowd: false },
      { box: [0, 0, 20, 10], label: 1, area: 200, isCrowd: true },
    ]);
    expect([all[0]!.height, all[0]!.width, all[0]!.original]).toEqual([8, 8, { height: 10, width: 20 }]);
    expect(data.found.passedOver).toEqual(
      [
        ["boxes without width or height", "annotation 3 of 2.png"],
        ["boxes outside of their image", "annotation 4 of 2.png"],
        ["boxes that are not four numbers x, y, width, height", "annotation 5 of 2.png"],
        ["boxes of a category that the file does not list", "annotation 6 of 2.png"],
        ["boxes of an image that the file does not list", "annotation 7 of image 99"],
      ].map(([what, name]) => ({ what, count: 1, names: [name] })),
    );
    expect(data.found.remarks).toEqual(["boxes: 3, of which 1 crowds; images without a box: 4"]);
  });

  it("takes COCO's own parts, and names an image that is not there", async () => {
    for (const [part, count] of [
      ["train2017", 3],
      ["val2017", 2],
    ] as const)
      for (let n = 1; n <= count; n += 1) await folder.write(`parts/${part}/${n}.png`, await photo());
    await folder.write(
      "parts/annotations/instances_train2017.json",
      coco(
        [1, 2, 3, 4].map((id) => image(id)),
        [box(1, 1, [0, 0, 4, 4])],
      ),
    );
    await folder.write(
      "parts/annotations/instances_val2017.json",
      coco(
        [1, 2].map((id) => image(id)),
        [],
      ),
    );
    const told: string[] = [];
    const data = await openDetection(folder.path("parts"), { size: 8, onCorrupt: ({ message }) => told.push(message) });
    expect(data.train.examples.map(({ id }) => id)).toEqual([1, 2, 3].map((n) => `train2017/${n}.png`));
    expect(data.test.examples.map(({ id }) => id)).toEqual([1, 2].map((n) => `val2017/${n}.png`));
    expect(told).toEqual(["4.png: the annotations name it, and it is not there"]);
    expect(data.found.reading).toEqual(["learns from train, tested on validation"]);
  });

  it("refuses a folder without such a file, two of one part, and a category of two names", async () => {
    await folder.write("none/1.png", await photo());
    await folder.write("none/a.json", "[");
    await expect(openDetection(folder.path("none"), { size: 8 })).rejects.toThrow(
      "none of its 1 JSON files is one. Call it annotations.json",
    );
    await folder.write("two/1.png", await photo());
    await folder.write("two/a.json", coco([image(1)], []));
    await folder.write("two/b.json", coco([image(1)], []));
    await expect(openDetection(folder.path("two"), { size: 8 })).rejects.toThrow("a.json and b.json");
    await folder.write("names/train.json", coco([image(1)], []));
    await folder.write("names/val.json", coco([image(1)], []).replace('"dog"', '"wolf"'));
    await expect(openDetection(folder.path("names"), { size: 8 })).rejects.toThrow("90 is dog and, in val.json, wolf");
  });
});
