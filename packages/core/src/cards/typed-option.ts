/**
 * Options as values: what may be typed, what a run's config.json may hold, what holds where nothing is typed, and a line of help.
 *
 * The command's options, the schema of settings, `--help`, forms and the tables of documentation all come from them. For example
 * `whole(4096, "keys that are remembered")` named `queueSize` is `--queue-size <n>`, a whole number of at least 1, and 4096 unless told.
 */
import { z } from "zod";
import { centerAndWidth, interval as parseInterval, realNumber, wholeNumber } from "./option-values.js";

export interface TypedOption<Value = unknown, Usual extends Value | undefined = Value | undefined> {
  readonly help: string;
  /** What holds where nothing is typed; undefined: that follows from something else, or nothing holds. */
  readonly usual: Usual;
  /** The same in words, where it follows from something else: "as the augmentation". */
  readonly usually?: string | undefined;
  /** What stands for the value in help; undefined: a flag, which takes none. */
  readonly unit: string | undefined;
  readonly choices?: readonly string[];
  /** The option that cannot stand beside it. */
  readonly conflicts?: string | undefined;
  readonly schema: z.ZodType<Value>;
  /** Refuses what the schema would, by a `UsageError` that says what it must be. */
  parse(text: string): Value;
}

/** Options by name in camel case: `queueSize`. */
export type Options = Readonly<Record<string, TypedOption>>;
/** Options by the heading that they stand under in `--help`. */
export type OptionGroups = Readonly<Record<string, Options>>;

/** Every option settled. */
export type ValuesOf<Own extends Options> = {
  readonly [Name in keyof Own]: Own[Name] extends TypedOption<infer Value, infer _> ? Value : never;
};
/** What the user typed; absent where nothing was. */
export type Typed<Own extends Options> = Partial<ValuesOf<Own>>;
type OpenNames<Own extends Options> = {
  [Name in keyof Own]: undefined extends Own[Name]["usual"] ? Name : never;
}[keyof Own];
/** Those for which nothing holds unless something else says what. */
export type OpenValues<Own extends Options> = Pick<ValuesOf<Own>, OpenNames<Own>>;
/** What was typed, else what usually holds; open options stay open. */
export type Filled<Own extends Options> = Omit<ValuesOf<Own>, OpenNames<Own>> & Partial<OpenValues<Own>>;

export function filled<Own extends Options>(options: Own, typed: Readonly<Record<string, unknown>>): Filled<Own> {
  const entries = Object.entries(options).map(([name, { usual }]) => [name, typed[name] ?? usual]);
  return Object.fromEntries(entries) as Filled<Own>;
}

/** The same options with other values where nothing is typed. */
export function withUsual<Own extends Options>(options: Own, usual: Readonly<Record<string, unknown>> = {}): Own {
  const entries = Object.entries(options).map(([name, option]) => [
    name,
    usual[name] === undefined ? option : { ...option, usual: usual[name], usually: undefined },
  ]);
  return Object.fromEntries(entries) as Own;
}

export function schemasOf<Own extends Options>(options: Own): { [Name in keyof Own]: Own[Name]["schema"] } {
  return Object.fromEntries(Object.entries(options).map(([name, { schema }]) => [name, schema])) as never;
}

interface More extends Pick<TypedOption, "usually" | "conflicts"> {
  readonly unit?: string;
}
interface Bounds extends More {
  readonly from?: number;
  readonly to?: number;
  /** The lower end itself is refused. */
  readonly above?: number;
  /** The upper end itself is refused. */
  readonly below?: number;
}

/** `whole(4096, "…")` has a value of its own, `whole("…")` is open; `more` says what is unusual of it. */
interface Kind<Value, Told extends More = More> {
  (usual: Value, help: string, more?: Told): TypedOption<Value, Value>;
  (help: string, more?: Told): TypedOption<Value, undefined>;
}

function kind<Value, Told extends More = More>(
  unit: string,
  make: (more: Partial<Told>) => Pick<TypedOption<Value>, "schema" | "parse" | "choices">,
): Kind<Value, Told> {
  return ((...told: [Value, string, Told?] | [string, Told?]) => {
    const [usual, help, more] = typeof told[1] === "string" ? told : [undefined, told[0], told[1]];
    const { usually, conflicts } = (more ?? {}) as More;
    return { ...make((more ?? {}) as Partial<Told>), help, usual, usually, conflicts, unit: more?.unit ?? unit };
  }) as Kind<Value, Told>;
}

/** A whole number, of at least 1 unless told. */
export const whole = kind<number, Bounds>("n", ({ from = 1, to = Number.MAX_SAFE_INTEGER }) => ({
  schema: z.int().min(from).max(to),
  parse: wholeNumber({ from, to: to === Number.MAX_SAFE_INTEGER ? undefined : to }),
}));

export const real = kind<number, Bounds>("x", (bounds) => ({ schema: within(bounds), parse: realNumber(bounds) }));

export const positive = kind<number>("x", () => ({ schema: within({ above: 0 }), parse: realNumber({ above: 0 }) }));

/** A probability, or a part of a whole: from 0 to 1, `above: 0` and `below: 1` where it can be neither nothing nor all. */
export const share = kind<number, Bounds>("share", ({ from, above, to, below }) => {
  const lower = above === undefined ? { from: from ?? 0 } : { above };
  const bounds = { ...lower, ...(below === undefined ? { to: to ?? 1 } : { below }) };
  return { schema: within(bounds), parse: realNumber(bounds) };
});

function within({ from = -Infinity, to = Infinity, above = -Infinity, below = Infinity }: Bounds) {
  return z.number().min(from).max(to).gt(above).lt(below);
}

/** Two numbers, the first no greater, from 0, which is excluded, to 1 unless told: `0.2,1`. */
export const interval = kind<readonly [number, number], Bounds>("from,to", ({ from, above, to = 1 }) => ({
  schema: z.tuple([z.number(), z.number()]),
  parse: parseInterval({ from, above: from === undefined ? (above ?? 0) : above, to }),
}));

/** A range of values, by its middle and its length: `40,400`. */
export const valueWindow = kind<{ center: number; width: number }>("center,width", () => ({
  schema: z.strictObject({ center: z.number(), width: z.number().positive() }),
  parse: centerAndWidth,
}));

export const text = kind<string>("text", () => ({ schema: z.string(), parse: (typed) => typed }));

/** One of some names. */
export const choice = <const Name extends string>(choices: readonly Name[]) =>
  kind<Name>("name", () => ({ schema: z.enum(choices), choices, parse: (typed) => typed as Name }));

/** Off unless typed; one that is usually on is turned off by `--no-…`. */
export function flag(help: string, { usual = false } = {}): TypedOption<boolean, boolean> {
  return { help, usual, unit: undefined, schema: z.boolean(), parse: (typed) => typed === "true" };
}
