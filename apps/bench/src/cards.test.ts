/** What holds for every method's card. */
import { readFile } from "node:fs/promises";
import type { OptionGroups, Options } from "@autodidact/core/cards";
import {
  parseSpeechSettings,
  type SpeechOptions,
  speechMethods,
  speechOptionGroups,
  speechSettingsFrom,
} from "@autodidact/speech/cards";
import {
  type PreparedFacts,
  parseTextSettings,
  type TextOptions,
  textMethods,
  textOptionGroups,
  textSettingsFrom,
} from "@autodidact/text/cards";
import {
  type ImageOptions,
  imageMethods,
  imageOptionGroups,
  imageSettingsFrom,
  parseImageSettings,
} from "@autodidact/vision/cards";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addOptionGroups } from "./command-options.js";
import { flagOf } from "./option-words.js";
import { program } from "./program.js";

const images = { path: "/photos", split: null, perClass: null, size: 32, channels: 3, length: 1000 } as const;
const tokenizer = { vocabularySize: 1000, special: { pad: 0 } } as unknown as PreparedFacts["tokenizer"];
const prepared = { path: "/notes", tokenizerFrom: "trained on the data", tokenizer, trainTokens: 1000 };

const imageCases = Object.values(imageMethods).map((card) => ({
  card: card as { name: string; summary: string; options: Options },
  groups: imageOptionGroups(card),
  settings: (typed: ImageOptions) => imageSettingsFrom(card, typed, images),
  parse: parseImageSettings as (value: unknown, from: string) => object,
}));
const textCases = Object.values(textMethods).map((card) => ({
  card: card as { name: string; summary: string; options: Options },
  groups: textOptionGroups(card),
  settings: (typed: TextOptions) => textSettingsFrom(card, typed, { ...prepared, initConfig: undefined }),
  parse: parseTextSettings as (value: unknown, from: string) => object,
}));
const recordings = { path: "/voices", split: null, sampleRate: 8000, length: 1000, speakers: 6, medianSeconds: 3 };
const speechCases = Object.values(speechMethods).map((card) => ({
  card: card as { name: string; summary: string; options: Options },
  groups: speechOptionGroups(card),
  settings: (typed: SpeechOptions) => speechSettingsFrom(card, typed, recordings).settings,
  parse: parseSpeechSettings as (value: unknown, from: string) => object,
}));
const cases = [...imageCases, ...textCases, ...speechCases];
const named = cases.map((each) => [each.card.name, each] as const);

const helpOf = (groups: OptionGroups) => addOptionGroups(new Command(), groups).helpInformation();
const namesIn = (help: string) => new Set([...help.matchAll(/^ +(--[a-z-]+)/gm)].map(([, name]) => name));

describe.each(named)("the card of %s", (name, { card, groups, settings, parse }) => {
  it("has its options in --help, and those of no other method", () => {
    const flags = namesIn(helpOf(groups));
    for (const [heading, options] of Object.entries(groups)) {
      for (const [option, { usual, unit }] of Object.entries(options)) {
        const shown = unit === undefined && usual === true ? `--no-${flagOf(option).slice(2)}` : flagOf(option);
        expect(flags, heading).toContain(shown);
      }
    }
    expect(groups[`Method (${name})`]).toEqual(card.options);
    const ofAll = cases.flatMap(({ card: { options } }) => Object.keys(options));
    for (const option of ofAll.filter((option) => !Object.hasOwn(card.options, option))) {
      expect(flags).not.toContain(flagOf(option));
    }
  });

  it("makes settings that its config.json gives back, each own option among them", () => {
    const made = settings({});
    expect(Object.keys(made)).toEqual(expect.arrayContaining(["method", ...Object.keys(card.options)]));
    expect(Object.values(made)).not.toContain(undefined);
    const text = JSON.stringify(made);
    expect(JSON.stringify(parse(JSON.parse(text), "config.json"))).toBe(text);
    expect(() => parse({ ...made, strange: 1 }, "config.json")).toThrow("strange");
  });
});

describe.each(named)("the page of %s", (name, { card, groups }) => {
  const read = () => readFile(new URL(`../methods/${name}.md`, import.meta.url), "utf8");
  const shown = (usual: unknown) => (Array.isArray(usual) ? usual.join(",") : String(usual));

  it("tells its idea, when to take it, its alarm and its figures, in ten lines or so, and how to begin", async () => {
    const page = await read();
    for (const part of ["Take it", "Not", "Usual", "Alarm", "Judge", "Figures"]) expect(page).toContain(`**${part}**`);
    expect(page).toContain(`# ${name}\n`);
    expect(page).toContain(`    autodidact pretrain ${name} --data`);
    expect(page.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(14);
  });

  it("names the values that hold where nothing is typed, as the card has them", async () => {
    const line = /^- \*\*Usual\*\*.*$/m.exec(await read())![0];
    const told = new Map([...line.matchAll(/`(--[a-z-]+) ([^`]+)`/g)].map(([, flag, value]) => [flag!, value!]));
    const options = Object.entries(Object.assign({}, ...Object.values(groups)) as Options);
    for (const [flag, value] of told) {
      const [, option] = options.find(([known]) => flagOf(known) === flag) ?? [];
      expect(option, flag).toBeDefined();
      expect(value, flag).toBe(shown(option!.usual));
    }
    for (const [own, { usual, unit }] of Object.entries(card.options)) {
      if (usual !== undefined && unit !== undefined) expect([...told.keys()], own).toContain(flagOf(own));
    }
  });
});

it("no two cards share a name", () => {
  const names = cases.map(({ card }) => card.name);
  expect(new Set(names).size).toBe(names.length);
});

it("pretrain --help tells each method, what it does and its own options", async () => {
  const root = await program();
  const pretrain = root.commands.find((command) => command.name() === "pretrain")!;
  const help = pretrain.configureHelp({ helpWidth: 300 }).helpInformation();
  for (const { card } of cases) {
    const line = help.split("\n").find((text) => text.startsWith(`  ${card.name} `));
    for (const told of [card.summary, ...Object.keys(card.options).map(flagOf)]) expect(line).toContain(told);
  }
});
