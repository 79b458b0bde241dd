import { createRandom } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import { GRAY_CELLS, LOOK_BYTES, lookAt, THUMBNAIL } from "./image-look.js";
import { lookAlikes } from "./look-alikes.js";

const random = createRandom(3);
/** Each look an array of LOOK_BYTES values. */
const laidOut = (looks: readonly ArrayLike<number>[]) => Uint8Array.from(looks.flatMap((look) => Array.from(look)));
const chance = () => Array.from({ length: LOOK_BYTES }, () => random.integer(256));
const shaken = (look: readonly number[], by: number) =>
  look.map((value) => Math.min(255, Math.max(0, value + random.integer(2 * by + 1) - by)));

describe("lookAt", () => {
  it("is the gray mean of 12 × 12 cells of 6 × 6 pixels, then the mean colour", () => {
    const pixels = new Uint8Array(3 * THUMBNAIL ** 2);
    for (let y = 0; y < 6; y++) for (let x = 6; x < 12; x++) pixels.set([200, 100, 50], 3 * (y * THUMBNAIL + x));
    const look = new Uint8Array(LOOK_BYTES);
    lookAt({ pixels }, look);
    expect([look[0], look[1], look[2], look[13]]).toEqual([0, 124, 0, 0]); // 0.299 · 200 + 0.587 · 100 + 0.114 · 50 = 124.2
    expect([...look.subarray(GRAY_CELLS)]).toEqual([1, 0, 0]); // 36 of 5184 pixels: 200 / 144 = 1.39
  });
});

describe("lookAlikes", () => {
  it("finds the few pairs among many images, and no other", async () => {
    const looks = Array.from({ length: 3000 }, chance);
    for (let place = 0; place < 40; place++) looks[2900 + place] = shaken(looks[37 * place]!, 3);
    const pairs = await lookAlikes(laidOut(looks));
    expect(pairs.toSorted(([a], [b]) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, place) => [37 * place, 2900 + place]),
    );
  });

  it("finds them among images that have most in common: a few cells on black", async () => {
    const looks = Array.from({ length: 2000 }, () => {
      const look = new Array<number>(LOOK_BYTES).fill(0);
      for (let cell = 0; cell < 30; cell++) look[40 + random.integer(60)] = random.integer(256);
      return look;
    });
    looks[1999] = [...looks[5]!];
    expect(await lookAlikes(laidOut(looks))).toEqual([[5, 1999]]);
  });

  it("takes other colours and plain areas for no duplicates", async () => {
    const look = chance();
    const recoloured = look.with(GRAY_CELLS, (look[GRAY_CELLS]! + 128) % 256);
    const plain = new Array<number>(LOOK_BYTES).fill(200);
    expect(await lookAlikes(laidOut([look, recoloured, plain, plain]))).toEqual([]);
  });

  it("connects a group by as many pairs as it takes, however large: 4,000 images of one look", async () => {
    const look = chance();
    const pairs = await lookAlikes(new Uint8Array(laidOut(Array.from({ length: 4000 }, () => look))));
    expect(pairs.length).toBe(3999);
  });

  it("stops when told", async () => {
    await expect(lookAlikes(laidOut([chance(), chance()]), AbortSignal.abort(new Error("enough")))).rejects.toThrow(
      "enough",
    );
  });
});
