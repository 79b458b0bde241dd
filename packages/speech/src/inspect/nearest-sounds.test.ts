import { symlink } from "node:fs/promises";
import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { saveSpeechEncoder } from "../encoders/speech-encoder-files.js";
import { archiveOf, recording, tone, wav } from "../testing/recordings.js";
import { smallSpeakerEncoder } from "../testing/small-speaker-encoder.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { nearestSounds } from "./nearest-sounds.js";

const folder = useTemporaryFolder();
const encoder = smallSpeakerEncoder(createRandom(1));
/** Long enough to be heard as it is. */
const sound = (number: number) => tone(number, encoder.shortest);

beforeAll(async () => {
  await useTestBackend();
  await saveSpeechEncoder(encoder, folder.path("encoder"));
  for (const [name, number] of [
    ["ann/a", 2],
    ["ann/copy", 2],
    ["bob/b", 5],
    ["bob/c", 9],
  ] as const)
    await folder.write(`sounds/${name}.wav`, wav(sound(number)));
  await folder.write("sounds/bob/broken.wav", "no sound");
});

/** Of what is written into files, 16 bits a sample. */
function cosine(one: number, other: number): number {
  const of = (number: number) => {
    const samples = Float32Array.from(sound(number), (sample) => Math.round(sample * 32768) / 32768);
    return [...encoder(tensor2d(samples, [1, samples.length])).dataSync()];
  };
  const [a, b] = [of(one), of(other)];
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b));
}

it("are of all recordings, with the cosine of the encoder's features; the query is none of its own, under a link's name too", async () => {
  await symlink(folder.path("sounds/ann/a.wav"), folder.path("link.wav"));
  for (const query of [folder.path("sounds/ann/a.wav"), folder.path("link.wav")]) {
    const broken: string[] = [];
    const found = await nearestSounds(folder.path("encoder"), folder.path("sounds"), query, {
      count: 3,
      onCorrupt: ({ id }) => broken.push(id),
    });
    expect(found[0]).toMatchObject({ id: "ann/copy.wav" });
    expect(found[0]!.similarity).toBeCloseTo(1, 5);
    const others = (
      [
        ["bob/b.wav", 5],
        ["bob/c.wav", 9],
      ] as const
    )
      .map(([id, number]) => ({ id, similarity: cosine(2, number) }))
      .sort((a, b) => b.similarity - a.similarity);
    expect(found.slice(1).map(({ id }) => id)).toEqual(others.map(({ id }) => id));
    for (const [i, { similarity }] of others.entries()) expect(found[1 + i]!.similarity).toBeCloseTo(similarity, 4);
    expect(broken).toEqual(["bob/broken.wav"]);
  }
});

it("looks into archives, and refuses a query that is no sound, and data that is the query alone", async () => {
  await folder.write("set/some.tar", await archiveOf({ "x.wav": recording(2), "y.wav": recording(3) }));
  const query = folder.path("sounds/ann/a.wav");
  const found = await nearestSounds(folder.path("encoder"), folder.path("set/some.tar"), query, { count: 1 });
  expect(found).toHaveLength(1);
  const broken = nearestSounds(folder.path("encoder"), folder.path("sounds"), folder.path("sounds/bob/broken.wav"));
  await expect(broken).rejects.toThrow(/nearestSounds: the query .*broken\.wav cannot be read: .* Name a recording\./);
  await expect(nearestSounds(folder.path("encoder"), query, query)).rejects.toThrow(
    "a readable recording beside the query",
  );
});
