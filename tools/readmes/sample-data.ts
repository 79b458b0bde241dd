/**
 * The folders that the READMEs' programs name, made small: photos, voices, speeches, labelled texts, proteins, a recording, and runs on them.
 */
import { execFile } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createRandom } from "@autodidact/core";
import { onnxFile } from "@autodidact/core/testing";
import sharp from "sharp";
import { writeSampleSounds } from "./sample-sounds.js";

const WORDS = [
  "we",
  "the",
  "people",
  "of",
  "united",
  "states",
  "war",
  "peace",
  "great",
  "poor",
  "good",
  "bad",
  "nation",
];

/** `voices/*.wav`, `photos/cats/*.png` and `photos/dogs/*.png`, `speeches/*.txt`, `sst2/{train,test}.tsv`, `proteins.fasta`, `recording.wav`. */
/** `photos/cats/*.png` and `photos/dogs/*.png`, `shapes/{images,masks}/*.png` with `annotations.json`, `theirs.onnx`, `speeches/*.txt`, `sst2/{train,test}.tsv`, `people.conll`, `pairs.tsv`, `proteins.fasta`. */
export async function writeSampleData(folder: string): Promise<void> {
  const random = createRandom(0);
  const word = () => WORDS[random.integer(WORDS.length)]!;
  const sentence = (length = 12) => `${Array.from({ length }, word).join(" ")}.`;

  for (const [kind, name] of ["cats", "dogs"].entries()) {
    await mkdir(join(folder, "photos", name), { recursive: true });
    for (let n = 0; n < 20; n++) {
      const pixels = Uint8Array.from(random.uniforms(32 * 32 * 3, 80 * kind, 255));
      const image = sharp(pixels, { raw: { width: 32, height: 32, channels: 3 } });
      await image.png().toFile(join(folder, "photos", name, `${n}.png`));
    }
  }
  await writeFile(
    join(folder, "theirs.onnx"),
    onnxFile({
      inputs: [{ name: "pixels", type: "float32", shape: ["n", 3, 32, 32] }],
      outputs: [{ name: "means", type: "float32", shape: ["n", 3, 1, 1] }],
      weights: [],
      nodes: [{ type: "GlobalAveragePool", inputs: ["pixels"], output: "means" }],
    }),
  );
  await writeSampleSounds(folder);
  await writeShapes(join(folder, "shapes"));
  await mkdir(join(folder, "speeches"));
  for (let n = 0; n < 20; n++) {
    const text = Array.from({ length: 40 }, () => sentence()).join(" ");
    await writeFile(join(folder, "speeches", `${n}.txt`), text);
  }
  await mkdir(join(folder, "sst2"));
  for (const part of ["train", "test"]) {
    const rows = Array.from({ length: 40 }, (_, n) => `${sentence(6)} ${n % 2 ? "good" : "bad"}\t${n % 2}`);
    await writeFile(join(folder, "sst2", `${part}.tsv`), `sentence\tlabel\n${rows.join("\n")}\n`);
  }
  const named = () => `we O\nsaw O\nAnn B-PER\nLee I-PER\nin O\n${word()} O\n`;
  await writeFile(join(folder, "people.conll"), Array.from({ length: 10 }, named).join("\n"));
  const pairs = Array.from({ length: 10 }, (_, n) => `we saw ${word()} ${n}\tvi saw ${n}`);
  await writeFile(join(folder, "pairs.tsv"), `${pairs.join("\n")}\n`);
  const residues = "ACDEFGHIKLMNPQRSTVWY";
  const protein = () => Array.from({ length: 60 }, () => residues[random.integer(20)]!).join("");
  await writeFile(
    join(folder, "proteins.fasta"),
    Array.from({ length: 30 }, (_, n) => `>p${n}\n${protein()}\n`).join(""),
  );
}

/** A bright square on a dark ground in each image. */
async function writeShapes(folder: string): Promise<void> {
  const side = 32;
  for (const name of ["images", "masks"]) await mkdir(join(folder, name), { recursive: true });
  const images = Array.from({ length: 10 }, (_, id) => ({ id, file_name: `${id}.png`, width: side, height: side }));
  for (const { id, file_name: name } of images) {
    const mask = Uint8Array.from({ length: side * side }, (_, at) => {
      const [x, y] = [at % side, Math.floor(at / side)];
      return Number(x >= id && x < id + 12 && y >= 8 && y < 20);
    });
    const gray = mask.map((value) => 30 + 200 * value);
    for (const [kind, values] of [
      ["images", gray],
      ["masks", mask],
    ] as const) {
      const picture = sharp(values, { raw: { width: side, height: side, channels: 1 } });
      await picture
        .toColourspace(kind === "masks" ? "b-w" : "srgb")
        .png()
        .toFile(join(folder, kind, name));
    }
  }
  const annotations = images.map(({ id }) => ({ id, image_id: id, category_id: 1, bbox: [id, 8, 12, 12] }));
  const coco = { images, annotations, categories: [{ id: 1, name: "square" }] };
  await writeFile(join(folder, "annotations.json"), JSON.stringify(coco));
}

const command = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "apps", "bench", "bin", "autodidact.mjs");
const SMALL_TEXT = ["--layers", "1", "--heads", "2", "--width", "8", "--context", "24"];

/** `runs/simclr-photos`, `runs/masked-lm-notes` and `runs/next-token-notes`, by the command, of two steps each. */
export async function writeSampleRuns(folder: string): Promise<void> {
  await cp(join(folder, "photos"), join(folder, "labelled-photos"), { recursive: true });
  const pretrain = (method: string, data: string, name: string, ...more: string[]) => {
    const asked = ["pretrain", method, "--data", data, "--out", `runs/${name}`, "--steps", "2", "--batch-size", "4"];
    return promisify(execFile)(process.execPath, [command, ...asked, ...more], { cwd: folder });
  };
  await pretrain("simclr", "photos", "simclr-photos", "--width", "4");
  await pretrain("masked-lm", "speeches", "masked-lm-notes", ...SMALL_TEXT, "--vocabulary-size", "60");
  await pretrain("next-token", "speeches", "next-token-notes", ...SMALL_TEXT, "--tokenizer-kind", "characters");
}
