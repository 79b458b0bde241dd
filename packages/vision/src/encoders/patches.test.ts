import { useTestBackend } from "@autodidact/core/testing";
import { type Tensor3D, tensor4d } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { patchify, unpatchify } from "./patches.js";

beforeAll(useTestBackend);
afterAll(useTestBackend);

describe("patchify", () => {
  it("cuts row by row; a patch lies as an image does", () => {
    const image = tensor4d(
      Array.from({ length: 16 }, (_, i) => i),
      [1, 4, 4, 1],
    );
    const patches = patchify(image, 2);
    expect(patches.shape).toEqual([1, 4, 4]);
    expect([...patches.dataSync()]).toEqual([0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]);
  });

  it("is undone by unpatchify", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(1, 3),
        (patch, rows, channels) => {
          const side = patch * rows;
          const values = Float32Array.from({ length: 2 * side * side * channels }, (_, i) => i);
          const images = tensor4d(values, [2, side, side, channels]);
          const back = unpatchify(patchify(images, patch) as Tensor3D, patch, channels);
          expect(back.shape).toEqual(images.shape);
          expect(back.dataSync()).toEqual(values);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("refuses a patch that does not divide the image", () => {
    expect(() => patchify(tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]), 2)).toThrow("got 2 for 3×3");
  });
});
