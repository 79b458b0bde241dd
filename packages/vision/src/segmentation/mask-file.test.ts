import { decodeIndexPng } from "@autodidact/core";
import { expect, it } from "vitest";
import { maskFile } from "./mask-file.js";

it("has the image's size and the masks' numbers", () => {
  const file = maskFile(Uint8Array.of(0, 1, 1, 0), { original: { height: 2, width: 4 } }, { values: [0, 7] });
  expect(decodeIndexPng(file)).toEqual({ values: Uint8Array.of(0, 0, 7, 7, 7, 7, 0, 0), height: 2, width: 4 });
});
