import { expect, test } from "vitest";
import { assertFinite } from "./assert-finite.js";

test("names what is not finite, and where", () => {
  assertFinite("w", Float32Array.of(0, -3e38, 1e-45));
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(() => assertFinite("h.0.bias of x.safetensors", Float32Array.of(1, value))).toThrow(
      `h.0.bias of x.safetensors must hold finite numbers, and holds ${value} at place 1 of 2`,
    );
});
