import { expect, it } from "vitest";
import { compareSettings } from "./settings-that-differ.js";

it("puts settings side by side, and knows which differ", () => {
  const first = [
    ["method", "simclr"],
    ["steps", "100"],
    ["temperature", "0.1"],
  ] as const;
  const second = [
    ["steps", "200"],
    ["method", "simclr"],
    ["momentum", "0.99"],
  ] as const;
  expect(compareSettings(first, second)).toEqual([
    { name: "method", first: "simclr", second: "simclr", isSame: true },
    { name: "steps", first: "100", second: "200", isSame: false },
    { name: "temperature", first: "0.1", second: undefined, isSame: false },
    { name: "momentum", first: undefined, second: "0.99", isSame: false },
  ]);
});
