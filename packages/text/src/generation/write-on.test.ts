import { expect, it } from "vitest";
import { unfolding } from "./write-on.js";

/** A tokenizer whose ids are bytes. */
const bytes = { decode: (ids: ArrayLike<number>) => new TextDecoder().decode(Uint8Array.from(ids)) };

it("holds a character back until its last byte, and loses nothing however long the text", () => {
  const text = "Größe, 数, 🙂; ".repeat(20);
  const shown: string[] = [];
  const unfolded = unfolding(bytes, new TextEncoder().encode("prompt "));
  for (const byte of new TextEncoder().encode(text)) shown.push(unfolded.next(byte));
  expect(shown.join("") + unfolded.rest()).toBe(text);
  expect(shown.slice(0, 5)).toEqual(["G", "r", "", "ö", ""]);
});

it("gives what is left of a character that never ends", () => {
  const unfolded = unfolding(bytes);
  expect(unfolded.next(0x41)).toBe("A");
  expect(unfolded.next(0xf0)).toBe("");
  expect(unfolded.rest()).toBe("\ufffd");
});
