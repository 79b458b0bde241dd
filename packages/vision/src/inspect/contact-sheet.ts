/**
 * A sample of images as one picture: a class a row where there are few, else all together, class after class.
 */
import { createRandom, type Picture } from "@autodidact/core";
import { bytesOf, type Image } from "../image.js";
import { THUMBNAIL } from "./image-look.js";

const COLUMNS = 8;
const ROWS = 8;
/** Beyond, rows of their own would make the sheet too high. */
const MOST_GROUPS = 16;
/** Pixels of white between cells, and between groups. */
const GAP = 2;
const GROUP_GAP = 10;

/** Rows of the set for each group in its order, by chance; as many again follow, for those that prove broken. */
export function sampleForSheet(groups: readonly (readonly number[])[]): number[][] {
  const random = createRandom(0);
  const { perGroup } = layoutOf(groups.length);
  return groups.map((rows, group) =>
    Array.from(
      random
        .split(group)
        .permutation(rows.length)
        .subarray(0, 2 * perGroup),
      (place) => rows[place]!,
    ),
  );
}

/** The sample's thumbnails, [72, 72, 3], a list a group; groups without any are left out. */
export function contactSheet(groups: readonly (readonly Pick<Image, "pixels">[])[]): Picture | undefined {
  const { perGroup, isTogether } = layoutOf(groups.length);
  const shown = groups.map((thumbnails) => thumbnails.slice(0, perGroup)).filter(({ length }) => length > 0);
  const blocks = isTogether ? [shown.flat().slice(0, COLUMNS * ROWS)] : shown;
  const rows = blocks.map(({ length }) => Math.ceil(length / COLUMNS));
  if (shown.length === 0) return undefined;
  const cell = THUMBNAIL + GAP;
  const height = rows.reduce((sum, count) => sum + count * cell, 0) + (rows.length - 1) * (GROUP_GAP - GAP) - GAP;
  const width = Math.min(COLUMNS, Math.max(...blocks.map(({ length }) => length))) * cell - GAP;
  const sheet: Picture = { pixels: new Uint8Array(height * width * 3).fill(255), height, width, channels: 3 };
  let top = 0;
  for (const [place, block] of blocks.entries()) {
    for (const [at, thumbnail] of block.entries())
      draw(sheet, thumbnail, top + Math.floor(at / COLUMNS) * cell, (at % COLUMNS) * cell);
    top += rows[place]! * cell + GROUP_GAP - GAP;
  }
  return sheet;
}

/** Cells of each group. */
function layoutOf(groups: number): { perGroup: number; isTogether: boolean } {
  if (groups > MOST_GROUPS) return { perGroup: Math.max(1, Math.floor((COLUMNS * ROWS) / groups)), isTogether: true };
  return { perGroup: COLUMNS * Math.max(1, Math.floor(ROWS / groups)), isTogether: false };
}

function draw(sheet: Picture, thumbnail: Pick<Image, "pixels">, top: number, left: number): void {
  const pixels = bytesOf(thumbnail.pixels);
  for (let y = 0; y < THUMBNAIL; y++) {
    const row = pixels.subarray(3 * y * THUMBNAIL, 3 * (y + 1) * THUMBNAIL);
    sheet.pixels.set(row, 3 * ((top + y) * sheet.width + left));
  }
}
