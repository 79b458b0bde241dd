import { expect, it } from "vitest";
import { withAdvice } from "./system-errors.js";

const of = (code: string) => Object.assign(new Error(`${code}: something, open 'x'`), { code });

it("says what to do about the system's errors, also where others caught them", () => {
  expect(withAdvice(of("EMFILE"))).toMatch(/open 'x'\n.*ulimit -n 4096/);
  expect(withAdvice(new Error("x cannot be read", { cause: of("ENFILE") }))).toMatch(/cannot be read\n.*fs\.file-max/);
  expect(withAdvice(new Error("dlopen: Too many open files"))).toMatch(/ulimit -n 4096/);
  expect(withAdvice(of("ENOSPC"))).toMatch(/The disk is full/);
  expect(withAdvice(Object.assign(new Error("The disk is full: x"), { code: "ENOSPC" }))).toBe("The disk is full: x");
  expect(withAdvice(of("EACCES"))).toBe("EACCES: something, open 'x'");
});
