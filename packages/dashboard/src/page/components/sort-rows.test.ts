import { expect, it } from "vitest";
import { matches, sortRows } from "./sort-rows.js";
import { placeAfter } from "./tabs.js";

const rows = [
  { name: "vit-10", flops: 3 },
  { name: "vit-9", flops: null },
  { name: "resnet", flops: 1 },
  { name: "Bert", flops: 3 },
];
const names = (sorted: typeof rows) => sorted.map(({ name }) => name);

it("sorts numbers, those without one last either way", () => {
  expect(names(sortRows(rows, ({ flops }) => flops, "ascending"))).toEqual(["resnet", "vit-10", "Bert", "vit-9"]);
  expect(names(sortRows(rows, ({ flops }) => flops, "descending"))).toEqual(["vit-10", "Bert", "resnet", "vit-9"]);
});

it("sorts names as people do", () => {
  expect(names(sortRows(rows, ({ name }) => name, "ascending"))).toEqual(["Bert", "resnet", "vit-9", "vit-10"]);
});

it("finds by words in any order", () => {
  expect(matches("SimCLR resnet18", "res simclr")).toBe(true);
  expect(matches("SimCLR resnet18", "vit")).toBe(false);
  expect(matches("anything", "  ")).toBe(true);
});

it("moves through tabs by keys", () => {
  expect(placeAfter("ArrowRight", 2, 3)).toBe(0);
  expect(placeAfter("ArrowLeft", 0, 3)).toBe(2);
  expect(placeAfter("Home", 2, 3)).toBe(0);
  expect(placeAfter("End", 0, 3)).toBe(2);
  expect(placeAfter("a", 0, 3)).toBeNull();
});
