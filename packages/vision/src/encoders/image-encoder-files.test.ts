import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { decodeImage } from "../datasets/decode-image.js";
import { readOracle } from "../testing/oracle.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { readPreprocessing, writePreprocessing } from "./image-encoder-files.js";

interface Case {
  readonly config: { size: { shortest_edge: number }; image_mean: number[]; image_std: number[] };
  readonly file: string;
  readonly height: number;
  readonly width: number;
  readonly pixels: readonly number[];
}
/** By Hugging Face's AutoImageProcessor: tools/oracles/vision_preprocessing_oracles.py */
const cases: readonly Case[] = readOracle("preprocessing");
const folder = useTemporaryFolder();

describe("preprocessor_config.json", () => {
  it.each(cases)("tells Hugging Face to make of $height × $width what is made here", async (told) => {
    const { config, file, pixels: expected } = told;
    const size = config.size.shortest_edge;
    const preprocessing = { size, statistics: { mean: config.image_mean, std: config.image_std } };
    await writePreprocessing(preprocessing, folder.path(`${size}`));
    const written = await readFile(folder.path(`${size}/preprocessor_config.json`), "utf8");
    expect(JSON.parse(written)).toEqual(config);
    expect(await readPreprocessing(folder.path(`${size}`))).toEqual(preprocessing);

    const channels = config.image_mean.length === 3 ? 3 : 1;
    const { pixels } = await decodeImage("", Buffer.from(file, "base64"), { size, channels });
    const differences = Array.from(pixels, (value, place) => Math.abs(value - expected[place]!));
    expect(differences.length).toBe(expected.length);
    expect(differences.reduce((a, b) => a + b, 0) / differences.length).toBeLessThan(0.6); // of 255: both round twice
    expect(Math.max(...differences)).toBeLessThanOrEqual(4);
  });

  it("tells what 16 bits are rescaled by, and to rescale nothing where no one number does it", async () => {
    const usual = { size: 8, statistics: { mean: [0.1], std: [0.2] } };
    const rescaled = async (name: string, preprocessing: Parameters<typeof writePreprocessing>[0]) => {
      await writePreprocessing(preprocessing, folder.path(name));
      expect(await readPreprocessing(folder.path(name))).toEqual(preprocessing);
      const written = JSON.parse(await readFile(folder.path(`${name}/preprocessor_config.json`), "utf8"));
      return [written.do_rescale, written.rescale_factor];
    };
    expect(await rescaled("bytes", usual)).toEqual([true, 1 / 255]);
    expect(await rescaled("deep", { ...usual, white: 65_535 })).toEqual([true, 1 / 65_535]);
    expect(await rescaled("each its own", { ...usual, white: null })).toEqual([false, undefined]);
    expect(await rescaled("window", { ...usual, window: { center: 4, width: 8 } })).toEqual([false, undefined]);
  });

  it("of before is read too: a square's height and width", async () => {
    const before = { size: { height: 96, width: 96 }, image_mean: [0.5], image_std: [0.25] };
    await folder.write("before/preprocessor_config.json", JSON.stringify(before));
    expect(await readPreprocessing(folder.path("before"))).toEqual({
      size: 96,
      statistics: { mean: [0.5], std: [0.25] },
    });
  });

  it.each([
    { size: { shortest_edge: 224 } },
    { size: { shortest_edge: 256 }, crop_size: { height: 224, width: 224 } },
    { size: { height: 224, width: 192 } },
    { size: 224 },
  ])("that asks for something else is refused: %j", async (asked) => {
    await folder.write("odd/preprocessor_config.json", JSON.stringify({ ...asked, image_mean: [0.5], image_std: [1] }));
    await expect(readPreprocessing(folder.path("odd"))).rejects.toThrow("must resize the shortest edge to the side");
  });
});
