/**
 * The way from options as values to those of a command.
 */

import { UsageError } from "@autodidact/core";
import type { OptionGroups, Options, TypedOption } from "@autodidact/core/cards";
import { type Command, InvalidArgumentError, Option } from "commander";
import { flagOf, inFlags } from "./option-words.js";

export function addOptionGroups(command: Command, groups: OptionGroups): Command {
  for (const [heading, options] of Object.entries(groups)) addOptions(command.optionsGroup(`${heading}:`), options);
  return command;
}

export function addOptions(command: Command, options: Options): Command {
  for (const [name, option] of Object.entries(options)) {
    for (const made of optionsOf(name, option)) command.addOption(made);
  }
  return command;
}

export interface StrangeOptions {
  readonly own: Options;
  /** All that the command takes, by what they are of: "images". */
  readonly all: Readonly<Record<string, Options>>;
  /** What was asked: "--protocol knn of images". */
  readonly to: string;
}

/** An option that belongs to something else would be passed over in silence. */
export function refuseStrange(command: Command, { own, all, to }: StrangeOptions): void {
  const names = Object.values(all).flatMap(Object.keys);
  const strange = names.find((name) => !Object.hasOwn(own, name) && command.getOptionValueSource(name) === "cli");
  if (strange === undefined) return;
  const owners = Object.keys(all).filter((owner) => Object.hasOwn(all[owner]!, strange) && !to.endsWith(owner));
  const belongs = owners.length === 0 ? "" : `; it belongs to ${owners.join(" and ")}`;
  throw new UsageError(`${flagOf(strange)} does not go with ${to}${belongs}. Leave it out.`);
}

function optionsOf(name: string, option: TypedOption): Option[] {
  const { unit, help, usual, usually, choices, conflicts } = option;
  if (unit === undefined && usual === true) {
    return [
      new Option(flagOf(name)).default(true).hideHelp(),
      new Option(flagOf(name).replace("--", "--no-"), inFlags(help)),
    ];
  }
  const words = usually === undefined ? [help] : [help, `(default: ${usually})`];
  const made = new Option(
    unit === undefined ? flagOf(name) : `${flagOf(name)} <${unit}>`,
    inFlags(words.filter(Boolean).join(" ")),
  );
  if (unit !== undefined) made.argParser((typed) => parsed(option, typed));
  if (choices !== undefined) made.choices(choices);
  if (conflicts !== undefined) made.conflicts(conflicts);
  return [unit === undefined || usual === undefined ? made : made.default(usual)];
}

function parsed({ parse }: TypedOption, typed: string): unknown {
  try {
    return parse(typed);
  } catch (error) {
    throw error instanceof UsageError ? new InvalidArgumentError(error.message) : error;
  }
}
