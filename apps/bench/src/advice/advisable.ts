/**
 * Which modality advice is asked for, and which of its methods.
 */
import { UsageError } from "@autodidact/core";
import { errorText } from "../error-text.js";
import type { Modality } from "../modality.js";
import { type PilotTyped, pilotTyped } from "./pilot-options.js";

export type Advisable = Modality & Required<Pick<Modality, "advice">>;

export interface AdvisedChoice {
  readonly modality: Advisable;
  /** What each method is told, by its name. */
  readonly typed: ReadonlyMap<string, PilotTyped>;
}

export interface ChoiceAsked {
  readonly data: string;
  readonly as?: string | undefined;
  readonly methods?: readonly string[] | undefined;
  /** What stands after `--`. */
  readonly words: readonly string[];
}

/** What is unclear is refused with the option that settles it. */
export async function chooseAdvised(present: readonly Modality[], asked: ChoiceAsked): Promise<AdvisedChoice> {
  const advisable = present.filter((modality): modality is Advisable => modality.advice !== undefined);
  const named = advisable.filter(({ data }) => asked.as === undefined || data === asked.as);
  const able = named.filter(({ methods }) => asked.methods?.every((name) => Object.hasOwn(methods, name)) ?? true);
  if (able.length === 0) throw unknownMethods(named, asked.methods ?? []);
  const readable: AdvisedChoice[] = [];
  const refusals: { readonly data: string; readonly error: unknown }[] = [];
  for (const modality of able) {
    try {
      const typed = typedOf(modality, asked);
      await assertSomePlan(modality, typed, asked.data);
      readable.push({ modality, typed });
    } catch (error) {
      refusals.push({ data: modality.data, error });
    }
  }
  if (readable.length === 1) return readable[0]!;
  if (readable.length === 0 && refusals.length === 1) throw refusals[0]!.error;
  if (readable.length === 0) {
    const which = able.map(({ data }) => data).join(", ");
    const list = refusals.map(({ data, error }) => `as ${data}: ${errorText((error as Error).message)}`);
    throw new UsageError([`${asked.data} cannot be learned from as any of ${which}.`, ...list].join("\n"));
  }
  const ways = readable.map(({ modality }) => `--as ${modality.data}`);
  throw new UsageError(`${asked.data} can be read in several ways: choose ${ways.join(" or ")}.`);
}

/** That some of the methods can learn from the data; where none can, the first one's reason is thrown. */
async function assertSomePlan(modality: Modality, typed: AdvisedChoice["typed"], data: string): Promise<void> {
  const reasons: unknown[] = [];
  for (const [method, { pretrain }] of typed) {
    try {
      await modality.plan(method, data, { ...pretrain, steps: 1 });
      return;
    } catch (error) {
      reasons.push(error);
    }
  }
  throw reasons[0];
}

function typedOf(modality: Advisable, { methods, words }: ChoiceAsked): Map<string, PilotTyped> {
  const names = [...new Set(methods ?? selfSupervised(modality))];
  return new Map(names.map((name) => [name, pilotTyped(modality, name, words)]));
}

/** Those that are told labels are no advice on data without: they are compared where they are named. */
function selfSupervised({ methods }: Modality): string[] {
  return Object.keys(methods).filter((name) => !methods[name]!.isSupervised);
}

function unknownMethods(modalities: readonly Modality[], methods: readonly string[]): UsageError {
  const known = modalities.map(({ data, methods: own }) => `${data}: ${Object.keys(own).join(", ")}`);
  return new UsageError(
    `--methods must be of one kind of data, got ${methods.join(", ")}. There are, for ${known.join("; for ")}.`,
  );
}
