/**
 * A labelled folder of images that can be told apart: stripes that lie, stand or lean, in random phase, with noise.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, encodePng, type Random } from "@autodidact/core";

const CLASSES: Record<string, readonly [x: number, y: number]> = { lean: [0.7, 0.7], lie: [0, 1], stand: [1, 0] };

export interface StripesOptions {
  trainPerClass?: number;
  testPerClass?: number;
  size?: number;
}

/** Writes `folder/{train,test}/{lean,lie,stand}/NNN.png`. */
export async function writeStripes(folder: string, options: StripesOptions = {}): Promise<void> {
  const { trainPerClass = 12, testPerClass = 6, size = 8 } = options;
  const random = createRandom(5);
  for (const [split, count] of [
    ["train", trainPerClass],
    ["test", testPerClass],
  ] as const) {
    for (const [name, direction] of Object.entries(CLASSES)) {
      await mkdir(join(folder, split, name), { recursive: true });
      for (let i = 0; i < count; i++) {
        const file = join(folder, split, name, `${String(i).padStart(3, "0")}.png`);
        await writeFile(
          file,
          encodePng({ pixels: stripes(direction, size, random), height: size, width: size, channels: 3 }),
        );
      }
    }
  }
}

function stripes([dx, dy]: readonly [number, number], size: number, random: Random): Uint8Array {
  const phase = random.uniform(0, 2 * Math.PI);
  const pixels = new Uint8Array(3 * size * size);
  for (let i = 0; i < size * size; i++) {
    const wave = Math.sin(phase + 1.6 * (dx * (i % size) + dy * Math.floor(i / size)));
    for (let channel = 0; channel < 3; channel++) {
      pixels[3 * i + channel] = 128 + 90 * wave + random.uniform(-20, 20);
    }
  }
  return pixels;
}
