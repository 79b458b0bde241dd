/**
 * A method as a user meets it: its card, of which the options of a command, the schema of settings, forms and tables are made.
 */
import { z } from "zod";
import { UsageError } from "../usage-error.js";
import { type OpenValues, type Options, schemasOf, type ValuesOf } from "./typed-option.js";

/** What the cards of every modality say. */
export interface MethodCard<Name extends string = string, Own extends Options = Options, Facts = never> {
  readonly name: Name;
  /** What it does, in a line. */
  readonly summary: string;
  /** It learns from labels: a ceiling for the others. */
  readonly isSupervised?: boolean;
  /** Those that no other method need have. */
  readonly options: Own;
  /** What holds of the open ones where nothing is typed: it follows from the data, or from options that all methods have. */
  defaults?(facts: Facts): OpenValues<Own>;
  /** Says why its options cannot stand with the facts or with one another, by the options' names; undefined where they can. */
  refuse?(own: ValuesOf<Own>, facts: Facts): string | undefined;
  /** Says what can stand and is known to do harm. */
  warn?(own: ValuesOf<Own>, facts: Facts): string | undefined;
}

/** Open options must be settled by `defaults`. */
export type Settled<Own extends Options, Facts> = keyof OpenValues<Own> extends never
  ? { readonly defaults?: never }
  : { defaults(facts: Facts): OpenValues<Own> };

/** A run's config.json of one of the cards, or of another: what all runs of the modality hold, and the method's own. */
export type SettingsOf<Card, Shared> = Card extends { name: infer Name; options: infer Own extends Options }
  ? Shared & { readonly method: Name } & ValuesOf<Own>
  : never;

/** The method's own settings: what was typed, what the option itself says, what follows from the facts. */
export function ownSettings<Facts>(
  { options, defaults }: MethodCard<string, Options, Facts>,
  typed: Readonly<Record<string, unknown>>,
  facts: Facts,
): Record<string, unknown> {
  const following: Readonly<Record<string, unknown>> = defaults?.(facts) ?? {};
  return Object.fromEntries(
    Object.entries(options).map(([name, { usual }]) => [name, typed[name] ?? usual ?? following[name]]),
  );
}

/** A schema for each card, told apart by `method`. `fieldsWith` puts the method's own fields among those of all. */
export function settingsSchema(cards: readonly MethodCard[], fieldsWith: (own: z.core.$ZodShape) => z.core.$ZodShape) {
  const [first, ...others] = cards.map(({ name, options }) =>
    z.strictObject({ method: z.literal(name), ...fieldsWith(schemasOf(options)) }),
  );
  return z.discriminatedUnion("method", [first!, ...others]);
}

/** Throws where the value is no run's settings, naming `from`. */
export function parseSettings(schema: z.ZodType, value: unknown, from: string): unknown {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  throw new UsageError(`${from}: not the settings of a pretraining run.\n${z.prettifyError(outcome.error)}`);
}

type ByName<Card extends { readonly name: string }> = {
  readonly [Name in Card["name"]]: Extract<Card, { name: Name }>;
};

/** The cards of a folder, which exports each under some name, by the names of their methods. Throws where two have one name. */
export function byName<Card extends MethodCard>(exported: Readonly<Record<string, Card>>): ByName<Card> {
  const names = Object.values(exported).map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new Error(`byName: names must differ, and two cards are named ${twice}.`);
  return Object.fromEntries(Object.values(exported).map((card) => [card.name, card])) as ByName<Card>;
}
