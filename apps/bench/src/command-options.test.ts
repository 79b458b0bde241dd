import {
  choice,
  filled,
  flag,
  interval,
  positive,
  real,
  schemasOf,
  share,
  text,
  whole,
  withUsual,
} from "@autodidact/core/cards";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addOptions } from "./command-options.js";

const options = {
  queueSize: whole(4096, "keys that are remembered", { to: 100_000 }),
  momentum: share(0.999, "of the teacher"),
  temperature: positive("of the loss", { usually: "as the augmentation" }),
  strength: real("of the jitter", { from: 0, to: 2 }),
  area: interval("of a crop"),
  predictor: choice(["linear", "mlp"])("mlp", "on top"),
  name: text("of it"),
  symmetric: flag("both ways"),
  shuffle: flag("keep the order", { usual: true }),
};

function parsed(...typed: string[]) {
  const command = addOptions(new Command().exitOverride().configureOutput({ writeErr: () => {} }), options);
  return command.parse(typed, { from: "user" }).opts();
}

describe("options as values", () => {
  it("are what the command takes, and what holds where nothing is typed", () => {
    expect(parsed()).toEqual({ queueSize: 4096, momentum: 0.999, predictor: "mlp", shuffle: true });
    expect(filled(options, {})).toMatchObject({ queueSize: 4096, symmetric: false, temperature: undefined });
    const typed = ["--queue-size", "8", "--area", "0.2,1", "--predictor", "linear", "--symmetric", "--no-shuffle"];
    const chosen = { queueSize: 8, area: [0.2, 1], predictor: "linear", symmetric: true, shuffle: false };
    expect(parsed(...typed)).toMatchObject(chosen);
    expect(filled(options, parsed(...typed))).toMatchObject({ ...chosen, momentum: 0.999 });
  });

  it.each([
    ["--queue-size", "0", "a whole number from 1 to 100000"],
    ["--momentum", "1.1", "from 0 to 1"],
    ["--temperature", "0", "above 0"],
    ["--strength", "3", "from 0 to 2"],
    ["--predictor", "none", "Allowed choices are linear, mlp"],
  ])("%s %s is refused, typed or in a config.json", (flagged, typed, message) => {
    expect(() => parsed(flagged, typed)).toThrow(message);
    const name = flagged.slice(2).replaceAll(/-./g, ([, letter]) => letter!.toUpperCase()) as keyof typeof options;
    const value = Number.isNaN(Number(typed)) ? typed : Number(typed);
    expect(schemasOf(options)[name].safeParse(value).success).toBe(false);
  });

  it("tell in --help what usually holds", () => {
    const help = addOptions(new Command(), options).configureHelp({ helpWidth: 200 }).helpInformation();
    expect(help).toMatch(/--queue-size <n> +keys that are remembered \(default: 4096\)/);
    expect(help).toMatch(/--temperature <x> +of the loss \(default: as the augmentation\)/);
    expect(help).toMatch(/--no-shuffle +keep the order/);
    const others = withUsual(options, { temperature: 0.2, queueSize: 8, unknown: 1 });
    const otherHelp = addOptions(new Command(), others).configureHelp({ helpWidth: 200 }).helpInformation();
    expect(otherHelp).toMatch(/--temperature <x> +of the loss \(default: 0.2\)/);
    expect(filled(others, {})).toMatchObject({ temperature: 0.2, queueSize: 8, momentum: 0.999 });
  });
});
