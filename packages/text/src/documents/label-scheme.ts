/**
 * What labels of tokens mean together: entities of several tokens, or something of each token for itself.
 */
import { UsageError } from "@autodidact/core";

export type Judged = "entities" | "tokens";

export interface LabelScheme {
  readonly judged: Judged;
  /** "labels B-PER, I-PER, O: entities, F1 of whole entities" */
  readonly said: string;
}

const OF_ENTITY = /^[BIES]-./;
/** The last word and the only one, as other schemes write them. */
const OF_OTHERS = /^[LU]-./;
const SHOWN = 12;

/** `O` and labels that begin with B-, I-, E- or S- are entities (IOB1, IOB2, IOBES); labels of which none does are one a token. */
export function labelScheme(path: string, labels: readonly string[], told?: Judged): LabelScheme {
  const named = `labels ${labels.slice(0, SHOWN).join(", ")}${labels.length > SHOWN ? ", …" : ""}`;
  const ofEntities = labels.filter((label) => OF_ENTITY.test(label));
  const others = labels.filter((label) => label !== "O" && !OF_ENTITY.test(label));
  if (told === "tokens" || (told === undefined && ofEntities.length === 0))
    return { judged: "tokens", said: `${named}: one a token, accuracy and macro F1` };
  if (ofEntities.length > 0 && others.length === 0)
    return { judged: "entities", said: `${named}: entities, F1 of whole entities` };
  const isBilou = others.length > 0 && others.every((label) => OF_OTHERS.test(label));
  const advice = isBilou
    ? "Write L- as E- and U- as S-"
    : told === "entities"
      ? "Leave that out"
      : "Name another column of labels, { labelColumn: … }";
  const got = ofEntities.length === 0 ? "none of them does" : `${others.slice(0, 5).join(", ")} do not`;
  throw new UsageError(
    `${path} must have entities' labels alone, O and such that begin with B-, I-, E- or S-, and ${got}. ` +
      `${advice}, or judge each token for itself: { judged: "tokens" }.`,
  );
}
