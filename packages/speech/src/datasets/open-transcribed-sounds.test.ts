import { beforeAll, expect, it } from "vitest";
import { tone, wav } from "../testing/recordings.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { openTranscribedSounds } from "./open-transcribed-sounds.js";

const folder = useTemporaryFolder();
const sampleRate = 8000;

beforeAll(async () => {
  for (let n = 0; n < 10; n += 1) {
    await folder.write(`digits/${n}_ann_0.wav`, wav(tone(n)));
    await folder.write(`words/good-day_${n}.wav`, wav(tone(n)));
    await folder.write(`words/bye_${n}.wav`, wav(tone(n)));
    await folder.write(`texts/${n}.wav`, wav(tone(n)));
    if (n > 0) await folder.write(`texts/${n}.txt`, `number ${n}`);
  }
});

const transcripts = (sounds: readonly { transcript?: string }[]) => sounds.map(({ transcript }) => transcript).sort();

it("texts beside recordings are their transcripts; those without are left out, a fifth is held out, the same each time", async () => {
  const { train, test, validation, found } = await openTranscribedSounds(folder.path("texts"), { sampleRate });
  expect(transcripts([...train, ...test])).toEqual(Array.from({ length: 9 }, (_, n) => `number ${n + 1}`));
  expect([train.length, test.length, validation]).toEqual([7, 2, undefined]);
  expect(found.reading).toContain("a fifth is held out for testing");
  const again = await openTranscribedSounds(folder.path("texts"), { sampleRate });
  expect(again.test.map(({ id }) => id)).toEqual(test.map(({ id }) => id));
});

it("a field of the names: single digits become English words, others keep theirs", async () => {
  const digits = { sampleRate, pattern: "{digit}_{speaker}_{index}.wav", saidIn: "digit", test: "digit<2" };
  const { train, test, found } = await openTranscribedSounds(folder.path("digits"), digits);
  expect(transcripts(test)).toEqual(["one", "zero"]);
  expect(transcripts(train)).toEqual(["eight", "five", "four", "nine", "seven", "six", "three", "two"]);
  expect(found.reading).toContain("digits are written as English words: zero, one, …");
  const words = { sampleRate, pattern: "{word}_{index}.wav", saidIn: "word" };
  const { train: said } = await openTranscribedSounds(folder.path("words"), words);
  expect(new Set(transcripts(said))).toEqual(new Set(["bye", "good day"]));
});

it("data that tells nothing of what is said is refused with what would", async () => {
  await expect(openTranscribedSounds(folder.path("digits"), { sampleRate })).rejects.toThrow("Put a.txt beside a.wav");
});
