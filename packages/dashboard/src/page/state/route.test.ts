import { expect, it } from "vitest";
import { hrefOf, parseRoute } from "./route.js";

it("starts at the overview", () => {
  for (const hash of ["", "#", "#/"]) expect(parseRoute(hash)).toEqual({ page: "overview", parts: [] });
});

it("finds page and parts", () => {
  expect(parseRoute("#/leaderboard/image")).toEqual({ page: "leaderboard", parts: ["image"] });
  expect(parseRoute("#/compare/a/b")).toEqual({ page: "compare", parts: ["a", "b"] });
});

it("knows what is no page", () => {
  expect(parseRoute("#/nowhere").page).toBeUndefined();
  expect(parseRoute("#/toString").page).toBeUndefined();
});

it("brings every name back as it was", () => {
  const names = ["a/b", "../../etc/passwd", "<script>alert(1)</script>", "50 %", "ü#?"];
  expect(parseRoute(hrefOf("run", ...names))).toEqual({ page: "run", parts: names });
});

it("takes an address that is badly encoded as it stands", () => {
  expect(parseRoute("#/run/50%")).toEqual({ page: "run", parts: ["50%"] });
});
