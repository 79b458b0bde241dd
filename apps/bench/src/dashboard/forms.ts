/**
 * Forms of the dashboard from the methods' cards, and what is typed there as arguments of `autodidact pretrain`.
 */

import type { Options, TypedOption } from "@autodidact/core/cards";
import type { FieldView, MethodsView } from "@autodidact/dashboard";
import { z } from "zod";
import { suiteModality } from "../modalities.js";
import type { Modality } from "../modality.js";
import { flagOf, inFlags } from "../option-words.js";

export function formsOf(present: readonly Modality[]): MethodsView["methods"] {
  return present.flatMap((modality) =>
    Object.values(modality.methods).map(({ name, summary }) => ({
      name,
      modality: suiteModality(modality.data),
      summary,
      groups: Object.entries(modality.options(name)).flatMap(([heading, options]) => {
        const fields = Object.entries(options).flatMap(([own, option]) =>
          isFree(option) ? [] : [fieldOf(own, option)],
        );
        return fields.length === 0 ? [] : [{ heading, fields }];
      }),
    })),
  );
}

/** Free text may be a path, which no page hands to a server: such options are the command's alone. */
const isFree = ({ schema, choices }: TypedOption): boolean => choices === undefined && schema instanceof z.ZodString;

function fieldOf(name: string, { help, usual, usually, unit, choices }: TypedOption): FieldView {
  return {
    name,
    help: inFlags(help),
    usual: typedText(usual),
    usually: usually === undefined ? null : inFlags(usually),
    unit: unit ?? null,
    choices: choices ?? null,
  };
}

/** A value as it is typed: `0.2,1`. */
function typedText(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "object" && value !== null ? Object.values(value).join(",") : String(value);
}

/** Every option of a method. */
export function optionsOf(present: readonly Modality[], method: string): Options {
  const modality = present.find(({ methods }) => Object.hasOwn(methods, method));
  return Object.assign({}, ...Object.values(modality?.options(method) ?? {}));
}

/** Why the command would refuse the value; undefined where it takes it. */
export function faultOf(options: Options, name: string, value: string | boolean): string | undefined {
  const option = options[name];
  if (option === undefined) return "The method has no such option.";
  if (typeof value === "boolean") return undefined;
  try {
    option.parse(value);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Each value behind its own option, whatever it begins with; what holds anyway is left out. */
export function argumentsOf(options: Options, given: Readonly<Record<string, string | boolean>>): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const { unit, usual } = options[name]!;
    if (unit !== undefined) return [`${flagOf(name)}=${value}`];
    if (value === usual) return [];
    return [usual === true ? flagOf(name).replace("--", "--no-") : flagOf(name)];
  });
}
