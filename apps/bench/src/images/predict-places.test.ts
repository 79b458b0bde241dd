import { expect, it } from "vitest";
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
