/**
 * The folders that the READMEs' programs name, made small: photos, speeches, labelled texts, proteins.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom } from "@autodidact/core";
import sharp from "sharp";

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

/** `photos/cats/*.png` and `photos/dogs/*.png`, `speeches/*.txt`, `sst2/{train,test}.tsv`, `questions.json`, `proteins.fasta`. */
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
  const residues = "ACDEFGHIKLMNPQRSTVWY";
  const protein = () => Array.from({ length: 60 }, () => residues[random.integer(20)]!).join("");
  await writeFile(
    join(folder, "proteins.fasta"),
    Array.from({ length: 30 }, (_, n) => `>p${n}\n${protein()}\n`).join(""),
  );
}
