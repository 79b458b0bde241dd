/**
 * What is given as values is refused as what is typed is: JavaScript has no parser of options before a plan, and perhaps no types.
 */
import { UsageError } from "../usage-error.js";
import type { OptionGroups, Options, TypedOption } from "./typed-option.js";

/** Refuses, as `who`, names that are no options, values that the command would not take, and options that cannot stand together. */
export function assertGiven(who: string, groups: OptionGroups, given: Readonly<Record<string, unknown>>): void {
  const options: Options = Object.assign({}, ...Object.values(groups));
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) {
      const known = Object.keys(options).map((one) => `\`${one}\``);
      throw new UsageError(`${who}: \`${name}\` is not among the options: ${known.join(", ")}.`);
    }
    const fault = faultOf(option, value);
    if (fault !== undefined) throw new UsageError(`${who}: \`${name}\` ${fault}, got ${shown(value)}.`);
    const rival = option.conflicts;
    if (rival !== undefined && given[rival] !== undefined)
      throw new UsageError(`${who}: \`${name}\` and \`${rival}\` do not go together. Leave one out.`);
  }
}

const shown = (value: unknown) => (typeof value === "number" ? String(value) : JSON.stringify(value));

/** What the value must be; undefined where it is so. */
function faultOf(option: TypedOption, value: unknown): string | undefined {
  const { success, error } = option.schema.safeParse(value);
  const typed = typeof value === "number" ? String(value) : Array.isArray(value) ? value.join(",") : undefined;
  const range = typed === undefined ? undefined : refusalOf(option, typed); // an interval's ends are looked at where it is parsed
  if (success && range === undefined) return undefined;
  if (option.choices !== undefined) return `must be one of ${option.choices.join(", ")}`;
  return range ?? `is of another kind (${error!.issues[0]!.message})`;
}

function refusalOf({ parse }: TypedOption, typed: string): string | undefined {
  try {
    parse(typed);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^It /, "").replace(/^The/, "is refused: the").replace(/\.$/, "");
  }
}
