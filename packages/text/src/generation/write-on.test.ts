import { expect, it } from "vitest";
import { stopping, unfolding } from "./write-on.js";

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

it("by hand: stops at a string that ends in what is new, wherever it began", () => {
  const isStop = stopping(["end.", "\n\n"], "the");
  expect(["the", " en", "d. And"].map(isStop)).toEqual([false, false, true]);
  expect(stopping(["ab"], "ab")("c")).toBe(false); // it was there before
  expect(stopping(["ab"], "a")("b")).toBe(true);
  expect(stopping(["aa"], "a")("")).toBe(false);
  expect(["\n", "\n"].map(stopping(["\n\n"], "x\n"))).toEqual([true, true]);
  expect(() => stopping([""], "")).toThrow("a stop string must have a character");
});

it("gives what is left of a character that never ends", () => {
  const unfolded = unfolding(bytes);
  expect(unfolded.next(0x41)).toBe("A");
  expect(unfolded.next(0xf0)).toBe("");
  expect(unfolded.rest()).toBe("\ufffd");
});
