import { expect, it } from "vitest";
import { storeFloats } from "./stored-tensor.js";
import { storedUnder } from "./stored-under.js";

it("takes what begins so, by the rest of the name", () => {
  const tensor = storeFloats(Float32Array.of(1), [1]);
  const stored = new Map([
    ["encoder.conv1.weight", tensor],
    ["encoder2.conv1.weight", tensor],
    ["projector.encoder.bias", tensor],
  ]);
  expect([...storedUnder("encoder.", stored)]).toEqual([["conv1.weight", tensor]]);
});
