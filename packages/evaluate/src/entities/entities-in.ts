/**
 * The entities that a sentence's labels tell: as conlleval.pl reads B-, I-, E- and S-, and seqeval where nothing is told.
 *
 * Tjong Kim Sang & De Meulder 2003, https://aclanthology.org/W03-0419. It is lenient: `O I-PER` begins an entity as `O B-PER` does, and
 * `B-PER I-LOC` are two. So IOB1, IOB2 and IOBES are read alike.
 */
export interface Entity {
  readonly type: string;
  /** Places of its first and its last token. */
  readonly first: number;
  readonly last: number;
}

export function entitiesIn(labels: readonly string[]): Entity[] {
  const entities: Entity[] = [];
  let before = { sign: "O", type: "" };
  let first = 0;
  for (const [place, label] of [...labels, "O"].entries()) {
    const now = partsOf(label);
    if (ends(before, now)) entities.push({ type: before.type, first, last: place - 1 });
    if (begins(before, now)) first = place;
    before = now;
  }
  return entities;
}

interface LabelParts {
  /** B, I, E, S or O. */
  readonly sign: string;
  readonly type: string;
}

/** `B-PER` is B of PER; a label of one letter has the type `_`. */
function partsOf(label: string): LabelParts {
  const rest = label.slice(1);
  const dash = rest.indexOf("-");
  return { sign: label.slice(0, 1), type: (dash === -1 ? rest : rest.slice(dash + 1)) || "_" };
}

function ends(before: LabelParts, now: LabelParts): boolean {
  if (before.sign === "O") return false;
  if (before.sign === "E" || before.sign === "S") return true;
  return "BSO".includes(now.sign) || before.type !== now.type;
}

function begins(before: LabelParts, now: LabelParts): boolean {
  if (now.sign === "O") return false;
  if (now.sign === "B" || now.sign === "S") return true;
  return "ESO".includes(before.sign) || before.type !== now.type;
}
