/**
 * Images that look alike, among many, without comparing each with each.
 *
 * Locality-sensitive hashing by random projections (Charikar 2002): 64 bits in four bands of 16; images that share a band are compared. A
 * bit is on which side of the set's median a projection falls, so that sets whose images have much in common, as digits on black, still
 * spread over the buckets.
 */
import { setImmediate } from "node:timers/promises";
import { createRandom } from "@autodidact/core";
import { GRAY_CELLS, LOOK_BYTES } from "./image-look.js";

const BANDS = 4;
const BITS = 16;
/** An image is compared with so many of its bucket at most: what bounds the work where thousands look alike. */
const MOST_COMPARED = 128;
/** Differences of cells, as a share of the image's own contrast, and of mean colours in steps of 255. */
const ALIKE = { contrast: 0.1, colour: 8 } as const;
/** Standard deviation, of 255, below which an image is one plain area: nothing to be alike in. */
const PLAIN = 2;
/** Images between two looks at the signal. */
const STRIDE = 4096;

/** Pairs (i < j) of looks, [N, LOOK_BYTES]; of a group that looks alike as many pairs as connect it. */
export async function lookAlikes(looks: Uint8Array, signal?: AbortSignal): Promise<[first: number, second: number][]> {
  const count = looks.length / LOOK_BYTES;
  const contrasts = Float32Array.from({ length: count }, (_, image) => contrastOf(lookOf(looks, image)));
  const random = createRandom(0);
  const groups = Int32Array.from({ length: count }, (_, image) => image);
  const pairs: [number, number][] = [];
  for (let band = 0; band < BANDS; band++) {
    const keys = await bandKeys(looks, random.split(band).uniforms(BITS * GRAY_CELLS, -1, 1), signal);
    const order = Int32Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b);
    let start = 0;
    for (let place = 0; place < count; place++) {
      if (place % STRIDE === 0) await pause(signal);
      const second = order[place]!;
      if (keys[order[start]!] !== keys[second]) start = place;
      for (let other = Math.max(start, place - MOST_COMPARED); other < place; other++) {
        const first = order[other]!;
        if (rootOf(groups, first) === rootOf(groups, second) || !areAlike(looks, contrasts, first, second)) continue;
        groups[rootOf(groups, second)] = rootOf(groups, first);
        pairs.push([first, second]);
      }
    }
  }
  return pairs;
}

/** 16 bits an image. */
async function bandKeys(looks: Uint8Array, directions: ArrayLike<number>, signal?: AbortSignal): Promise<Uint16Array> {
  const count = looks.length / LOOK_BYTES;
  const keys = new Uint16Array(count);
  const projected = new Float32Array(count);
  for (let bit = 0; bit < BITS; bit++) {
    await pause(signal);
    for (let image = 0; image < count; image++) {
      let sum = 0;
      for (let cell = 0; cell < GRAY_CELLS; cell++)
        sum += directions[bit * GRAY_CELLS + cell]! * looks[image * LOOK_BYTES + cell]!;
      projected[image] = sum;
    }
    const median = projected.toSorted()[count >> 1]!;
    for (let image = 0; image < count; image++) if (projected[image]! > median) keys[image]! |= 1 << bit;
  }
  return keys;
}

function areAlike(looks: Uint8Array, contrasts: Float32Array, first: number, second: number): boolean {
  const contrast = Math.min(contrasts[first]!, contrasts[second]!);
  if (contrast < PLAIN) return false;
  const [a, b] = [lookOf(looks, first), lookOf(looks, second)];
  for (let channel = GRAY_CELLS; channel < LOOK_BYTES; channel++)
    if (Math.abs(a[channel]! - b[channel]!) > ALIKE.colour) return false;
  const most = GRAY_CELLS * (ALIKE.contrast * contrast) ** 2;
  let squares = 0;
  for (let cell = 0; cell < GRAY_CELLS && squares <= most; cell++) squares += (a[cell]! - b[cell]!) ** 2;
  return squares <= most;
}

/** Standard deviation over the cells. */
function contrastOf(look: Uint8Array): number {
  let [sum, squares] = [0, 0];
  for (let cell = 0; cell < GRAY_CELLS; cell++) {
    sum += look[cell]!;
    squares += look[cell]! ** 2;
  }
  return Math.sqrt(Math.max(0, squares / GRAY_CELLS - (sum / GRAY_CELLS) ** 2));
}

const lookOf = (looks: Uint8Array, image: number) => looks.subarray(image * LOOK_BYTES, (image + 1) * LOOK_BYTES);

function rootOf(groups: Int32Array, image: number): number {
  let root = image;
  while (groups[root] !== root) {
    groups[root] = groups[groups[root]!]!; // halves the way for the next
    root = groups[root]!;
  }
  return root;
}

async function pause(signal?: AbortSignal): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}
