import { expect, it } from "vitest";
import { decodingFor } from "./asked-images.js";
import { nameFor } from "./predict-places.js";

const named = (...ids: string[]) => {
  const taken = new Set<string>();
  return ids.map((id) => nameFor(id, taken));
};

it("names a mask after its image, and no two alike, whatever folders and endings they come from", () => {
  expect(named("x/a.jpg", "x/b.png", "y/a.jpg")).toEqual(["x/a.png", "x/b.png", "y/a.png"]);
  expect(named("a.jpg", "a.png")).toEqual(["a.png", "a.png.png"]);
  expect(named("a.png", "a.png", "a.png", "a.png")).toEqual(["a.png", "a.png.png", "a-2.png", "a-3.png"]);
  expect(named("A.jpg", "a.jpg")).toEqual(["A.png", "a.jpg.png"]);
});

it("decodes images as those that the model learned from: bands and windows too", () => {
  const statistics = { mean: [0, 0, 0, 0, 0, 0], std: [1, 1, 1, 1, 1, 1] };
  const window = { center: 40, width: 400 };
  expect(decodingFor({ size: 8, statistics, window })).toEqual({ size: 8, channels: 6, window });
});
