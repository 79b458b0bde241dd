/**
 * Texts that a tiny model can learn something from: weather reports made of few words, and opinions with a class each.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, type Random } from "@autodidact/core";

const PLACES = ["London", "Paris", "Rome", "Oslo", "Cairo"];
const SKIES = ["sun", "rain", "snow", "wind", "fog"];
const DAYS = ["Monday", "Tuesday", "Friday", "Sunday"];

const pick = <Item>(items: readonly Item[], random: Random): Item => items[random.integer(items.length)]!;

/** Writes `folder/NN.txt`, each of some sentences. */
export async function writeReports(folder: string, { documents = 12, sentences = 12 } = {}): Promise<void> {
  const random = createRandom(7);
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < documents; i++) {
    const place = pick(PLACES, random);
    const text = Array.from(
      { length: sentences },
      () => `On ${pick(DAYS, random)} there is ${pick(SKIES, random)} in ${place}.`,
    );
    await writeFile(join(folder, `${String(i).padStart(2, "0")}.txt`), `${text.join(" ")}\n`);
  }
}

/** A line a text, `good` or `bad` by its words, 10 of each class and part. */
export async function writeOpinions(folder: string): Promise<void> {
  const random = createRandom(8);
  await mkdir(folder, { recursive: true });
  for (const part of ["train", "test"]) {
    const lines = Array.from({ length: 20 }, (_, i) => {
      const isGood = i % 2 === 0;
      return `The ${pick(SKIES, random)} in ${pick(PLACES, random)} was ${isGood ? "lovely" : "awful"}\t${isGood ? "good" : "bad"}`;
    });
    await writeFile(join(folder, `${part}.tsv`), `${lines.join("\n")}\n`);
  }
}

/** Questions as in SQuAD's files: where is it? */
export async function writeQuestions(path: string, contexts = 10): Promise<void> {
  const paragraphs = Array.from({ length: contexts }, (_, i) => {
    const place = PLACES[i % PLACES.length]!;
    const context = `There is ${SKIES[i % SKIES.length]} in ${place} on ${DAYS[i % DAYS.length]}.`;
    const answers = [{ text: place, answer_start: context.indexOf(place) }];
    return { context, qas: [{ id: String(i), question: "Where is it?", answers }] };
  });
  await writeFile(path, JSON.stringify({ data: [{ title: "weather", paragraphs }] }));
}

/** Two columns, a place or a day named in each of the sentences, the first document told apart: an entity of one word or of two. */
export async function writeNamedPlaces(path: string, sentences = 30): Promise<void> {
  const random = createRandom(9);
  const lines = Array.from({ length: sentences }, () => {
    const place = pick(PLACES, random);
    const [sky, day] = [pick(SKIES, random), pick(DAYS, random)];
    return `On O\n${day} B-DAY\nnight I-DAY\nthere O\nis O\n${sky} O\nin O\n${place} B-PLACE\n. O\n`;
  });
  await writeFile(path, `-DOCSTART- O\n\n${lines.join("\n")}`);
}

/** Sequences in FASTA, and rows of other sequences with a label a residue: H of amino acids that are hydrophobic, else C. */
export async function writeProteins(folder: string, { sequences = 30, length = 20 } = {}): Promise<void> {
  const random = createRandom(10);
  await mkdir(folder, { recursive: true });
  const sequence = () => Array.from({ length }, () => pick([..."ACDEFGHIKLMNPQRSTVWY"], random)).join("");
  const all = Array.from({ length: sequences }, sequence);
  await writeFile(join(folder, "proteins.fasta"), all.map((own, n) => `>p${n}\n${own}\n`).join(""));
  const rows = Array.from({ length: sequences }, sequence).map(
    (own) => `${own}\t${own.replace(/./g, (residue) => ("AILMFVWY".includes(residue) ? "H" : "C"))}`,
  );
  await writeFile(join(folder, "structures.tsv"), `sequence\tlabels\n${rows.join("\n")}\n`);
}

/** Pairs of a short sentence and the same word for word in a made-up language. */
export async function writePairs(path: string, pairs = 40): Promise<void> {
  const random = createRandom(11);
  const words: Readonly<Record<string, string>> = { sun: "sol", rain: "regn", snow: "sne", wind: "vind", fog: "tage" };
  const lines = Array.from({ length: pairs }, (_, n) => {
    const [sky, place] = [pick(SKIES, random), pick(PLACES, random)];
    return `${n} ${sky} ${place}\t${words[sky]} i ${place}`;
  });
  await writeFile(path, `source\ttarget\n${lines.join("\n")}\n`);
}
