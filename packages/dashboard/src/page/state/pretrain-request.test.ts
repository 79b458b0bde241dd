import { expect, it } from "vitest";
import type { FieldView } from "../../api.js";
import { changedOptions, suggestedName } from "./pretrain-request.js";

const field = (name: string, usual: string, unit: string | null = "count"): FieldView => ({
  name,
  usual,
  unit,
  help: "",
  usually: null,
  choices: null,
});
const fields = [
  field("steps", "1000"),
  field("width", ""),
  field("mirror", "true", null),
  field("quiet", "false", null),
];

it("sends only what differs from the card", () => {
  const typed = { steps: " 200 ", width: "", mirror: false, quiet: false, other: "x" };
  expect(changedOptions(fields, typed)).toEqual({ steps: "200", mirror: false });
  expect(changedOptions(fields, { steps: "1000", mirror: true })).toEqual({});
  expect(changedOptions(fields, {})).toEqual({});
});

it("suggests a name that a folder can have", () => {
  expect(suggestedName("simclr", "photos/2024 ünd")).toBe("simclr-photos-2024-nd");
  expect(suggestedName("byol", "..")).toBe("byol");
});
