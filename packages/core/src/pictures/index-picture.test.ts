import { expect, it } from "vitest";
import { decodeIndexPng } from "./index-picture.js";
import { encodePng } from "./picture.js";

/** Written by Pillow 11 from [[0, 1, 2], [3, 2, 0]]: a palette of 2 bits (optimize), and gray of 1 bit from [[0, 1, 1], [1, 0, 0]]. */
const PALETTE_FILE =
  "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACAgMAAADgGo6JAAAADFBMVEUAAACAAAAAgACAgAA47ASAAAAADElEQVR4nGOQYHgAAAEsAPkJVCN1AAAAAElFTkSuQmCC";
const BIT_FILE = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACAQAAAAC1D1u3AAAADElEQVR4nGNIYFIAAAFIAIMySF1YAAAAAElFTkSuQmCC";
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, "base64"));

it("gives a palette's places and gray values, of fewer bits than 8 too", () => {
  expect(decodeIndexPng(bytesOf(PALETTE_FILE))).toEqual({
    values: Uint8Array.of(0, 1, 2, 3, 2, 0),
    height: 2,
    width: 3,
  });
  expect(decodeIndexPng(bytesOf(BIT_FILE)).values).toEqual(Uint8Array.of(0, 1, 1, 1, 0, 0));
  const gray = encodePng({ pixels: Uint8Array.of(0, 7, 255, 1), height: 2, width: 2, channels: 1 });
  expect(decodeIndexPng(gray).values).toEqual(Uint8Array.of(0, 7, 255, 1));
});

it("refuses colours, what is no PNG, damage, and more pixels than allowed", () => {
  const colours = encodePng({ pixels: new Uint8Array(12), height: 2, width: 2, channels: 3 });
  expect(() => decodeIndexPng(colours)).toThrow("a PNG of colours");
  expect(() => decodeIndexPng(new Uint8Array(100))).toThrow("no PNG");
  expect(() => decodeIndexPng(bytesOf(PALETTE_FILE).slice(0, 60))).toThrow("a damaged or truncated PNG");
  expect(() => decodeIndexPng(bytesOf(PALETTE_FILE), { maxPixels: 5 })).toThrow("3 × 2 pixels, more than 5");
});
