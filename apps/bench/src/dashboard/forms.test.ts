import { choice, flag, interval, text, valueWindow, whole } from "@autodidact/core/cards";
import { describe, expect, it } from "vitest";
import { loadModalities } from "../modalities.js";
import { argumentsOf, faultOf, formsOf, optionsOf } from "./forms.js";
import { parsedMap } from "./map-sources.js";

const { present } = await loadModalities();

describe("forms", () => {
  it("hold every option of every card but those of free text, which may be paths", () => {
    for (const { name, groups } of formsOf(present)) {
      const fields = groups.flatMap((group) => group.fields);
      const all = Object.keys(optionsOf(present, name));
      const left = all.filter((own) => !fields.some((field) => field.name === own));
      expect(fields.length).toBeGreaterThan(5);
      for (const { unit } of fields) expect(["path", "folder", "file", "text"]).not.toContain(unit);
      for (const own of ["init", "tokenizer", "cache"]) expect(left.includes(own)).toBe(all.includes(own));
    }
  });

  it("say what holds, in words or as it is typed", () => {
    const simclr = formsOf(present).find(({ name }) => name === "simclr")!;
    expect(simclr.modality).toBe("image");
    const fields = new Map(simclr.groups.flatMap((group) => group.fields.map((field) => [field.name, field] as const)));
    expect(fields.get("temperature")).toMatchObject({
      usual: "",
      usually: "as the augmentation, 0.1 or 0.5",
      unit: "t",
    });
    expect(fields.get("encoder")).toMatchObject({ usual: "resnet18", choices: expect.arrayContaining(["resnet50"]) });
    expect(fields.get("seed")).toMatchObject({ usual: "0", choices: null });
    for (const { help } of fields.values()) expect(help).not.toMatch(/`[a-z]+`/);
  });
});

describe("arguments", () => {
  const options = {
    queueSize: whole(4096, "keys"),
    pack: flag("", { usual: true }),
    wholeWords: flag(""),
    cropArea: interval([0.2, 1], ""),
    window: valueWindow(""),
    encoder: choice(["resnet18", "vit"])("resnet18", ""),
    init: text(""),
  };

  it("hold each value behind its option, whatever it begins with", () => {
    expect(argumentsOf(options, { queueSize: "8", pack: false, wholeWords: true, encoder: "--help" })).toEqual([
      "--queue-size=8",
      "--no-pack",
      "--whole-words",
      "--encoder=--help",
    ]);
    expect(argumentsOf(options, { pack: true, wholeWords: false })).toEqual([]);
  });

  it("are what the command takes", () => {
    expect(faultOf(options, "queueSize", "8")).toBeUndefined();
    expect(faultOf(options, "queueSize", "0")).toMatch("whole number of at least 1");
    expect(faultOf(options, "cropArea", "1,0.5")).toMatch("must not be greater");
    expect(faultOf(options, "nothing", "1")).toMatch("no such option");
  });
});

it("--map names a file, and may name its data", () => {
  expect(parsedMap("a/photos.parquet")).toEqual({ file: "a/photos.parquet", data: undefined });
  expect(parsedMap("photos.parquet=my=photos")).toEqual({ file: "photos.parquet", data: "my=photos" });
  expect(parsedMap("a=b.npy=x.npy")).toEqual({ file: "a=b.npy", data: "x.npy" });
  for (const text of ["photos", "photos.png", "photos.parquet=", ""])
    expect(() => parsedMap(text)).toThrow("--map must name");
});
