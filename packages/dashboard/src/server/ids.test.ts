import fc from "fast-check";
import { expect, it } from "vitest";
import { idOf, isId, wholeNumber } from "./ids.js";

it("an id is the beginning of a hash, whatever the place is called", () => {
  expect(idOf("")).toBe("e3b0c44298fc1c14"); // printf "" | sha256sum
  fc.assert(fc.property(fc.string(), (place) => isId(idOf(place))));
});

it("nothing else is one", () => {
  for (const text of ["", "..", "../../etc/passwd", "e3b0c44298fc1c1", "E3B0C44298FC1C14", "e3b0c44298fc1c14\n"])
    expect(isId(text)).toBe(false);
  fc.assert(fc.property(fc.string({ maxLength: 15 }), (text) => !isId(text)));
});

it("numbers are digits, few of them", () => {
  expect([wholeNumber("12"), wholeNumber("012"), wholeNumber("0")]).toEqual([12, 12, 0]);
  for (const text of [undefined, "", "-1", "1.5", "1e3", "0x1", " 1", "1\n", "1234567890", "١"])
    expect(wholeNumber(text)).toBeUndefined();
});
