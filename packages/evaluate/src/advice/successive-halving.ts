/**
 * Pilots under a budget: all candidates train for equally many seconds, the better half goes on from where it stands, until two are left.
 *
 * What happens is a list of events, each told as soon as it is there: whoever keeps them can stop at any moment and go on with them later. A
 * candidate that fails is an event too, and the others go on.
 */
import { type Failed, type HalvingBook, type HalvingEvent, halvingBook } from "./halving-book.js";
import { rungSizes, secondsEach, secondsToTheEnd } from "./halving-plan.js";

export interface PilotTask<Evidence> {
  readonly candidate: string;
  /** From 1. */
  readonly rung: number;
  readonly rungs: number;
  /** The candidate's place in the rung, from 1, and how many train in it. */
  readonly place: number;
  readonly of: number;
  /** Seconds to train from where it stands. */
  readonly seconds: number;
  /** Seconds that it trained in this rung before it was cut short. */
  readonly trainedBefore: number;
  /** What it showed in the rung before; undefined in the first. */
  readonly from: Evidence | undefined;
}

export interface PilotOutcome<Evidence> {
  /** Seconds that it trained now. */
  readonly trainedSeconds: number;
  /** Undefined where the signal came first. */
  readonly evidence: Evidence | undefined;
  /** Seconds that no later pilot of the candidate takes again. */
  readonly onceSeconds?: number | undefined;
}

export interface Preparation {
  readonly candidate: string;
  /** Seconds that it will have trained if it comes through all rungs, where each pilot takes `overhead` seconds beside: the length of its schedule. */
  secondsToTheEnd(overhead: number): number;
}

export interface HalvingOptions<Evidence> {
  readonly budgetSeconds: number;
  /** Makes a candidate ready to train; gives the seconds that a pilot takes beside its training. */
  prepare(preparation: Preparation): Promise<number>;
  pilot(task: PilotTask<Evidence>): Promise<PilotOutcome<Evidence>>;
  /** The candidates of a rung, the best first. */
  order(rung: ReadonlyMap<string, Evidence>): readonly string[];
  /** Seconds, from whenever. */
  clock(): number;
  readonly signal?: AbortSignal | undefined;
  /** What happened before, in earlier processes. */
  readonly before?: readonly HalvingEvent<Evidence>[] | undefined;
  /** Is told what happens, before anything else does. */
  onEvent?(event: HalvingEvent<Evidence>): Promise<void> | void;
}

export interface Rung<Evidence> {
  /** Seconds of training that each got in it. */
  readonly seconds: number;
  /** What they showed at its end. */
  readonly shown: ReadonlyMap<string, Evidence>;
}

export interface Halved<Evidence> {
  readonly rungs: readonly Rung<Evidence>[];
  readonly failures: readonly Failed[];
  readonly spentSeconds: number;
  /** How many rungs were left out, where the budget was used up before. */
  readonly rungsLeftOut: number;
}

/** The budget does not hold the first rung. */
export class BudgetTooSmallError extends RangeError {
  override readonly name = "BudgetTooSmallError";

  constructor(
    readonly budgetSeconds: number,
    /** With as much again for training as goes beside it. */
    readonly neededSeconds: number,
  ) {
    super(
      `successiveHalving: the budget must hold the pilots of all candidates, and ${budgetSeconds} s are used up by what goes beside training. ` +
        `Give ${neededSeconds} s at least, or fewer candidates.`,
    );
  }
}

/** Throws the signal's reason where it came first; `BudgetTooSmallError` where nothing can be trained. */
export async function successiveHalving<Evidence>(
  candidates: readonly string[],
  options: HalvingOptions<Evidence>,
): Promise<Halved<Evidence>> {
  const book = halvingBook(options);
  const ready = await prepareAll(candidates, book, options);
  const sizes = rungSizes(ready.length);
  const rungs: Rung<Evidence>[] = [];
  const outcome = (rungsLeftOut: number) => ({
    rungs,
    failures: book.failures(),
    spentSeconds: book.spent(),
    rungsLeftOut,
  });
  let alive = ready;
  for (const [place, size] of sizes.entries()) {
    if (alive.length === 0) break;
    const seconds = book.secondsOf(place + 1) ?? planned(alive, sizes.length - place, book, options);
    if (seconds <= 0) return outcome(sizes.length - place);
    const shown = await runRung(alive.slice(0, size), { rung: place + 1, rungs: sizes.length, seconds }, book, options);
    if (shown.size > 0) rungs.push({ seconds, shown });
    alive = options.order(shown).slice(0, sizes[place + 1] ?? 0);
  }
  return outcome(0);
}

/** Of the first rung nothing less than 0 can be made; later ones are left out. */
function planned<Evidence>(
  alive: readonly string[],
  rungs: number,
  book: HalvingBook<Evidence>,
  { budgetSeconds }: HalvingOptions<Evidence>,
): number {
  const overheads = alive.map(book.overheadOf);
  const spent = book.spent();
  const seconds = secondsEach({ left: budgetSeconds - spent, rungs, overheads });
  if (seconds > 0 || book.secondsOf(1) !== undefined) return seconds;
  const beside = overheads.reduce((sum, overhead) => sum + overhead, 0);
  throw new BudgetTooSmallError(budgetSeconds, Math.ceil(spent + 2 * rungs * beside));
}

async function prepareAll<Evidence>(
  candidates: readonly string[],
  book: HalvingBook<Evidence>,
  { budgetSeconds, prepare, signal }: HalvingOptions<Evidence>,
): Promise<string[]> {
  const sizes = rungSizes(candidates.length);
  for (const [place, candidate] of candidates.entries()) {
    if (book.isKnown(candidate)) continue;
    const began = book.spent();
    const secondsAt = (overhead: number) => {
      const others = (candidates.length - place - 1) * (book.spent() - began); // they are thought to take as long
      return secondsToTheEnd(Math.max(0, budgetSeconds - book.spent() - others), sizes, overhead);
    };
    try {
      const overheadSeconds = await prepare({ candidate, secondsToTheEnd: secondsAt });
      await book.add({ kind: "prepared", candidate, overheadSeconds });
    } catch (error) {
      signal?.throwIfAborted();
      await book.add({ kind: "failed", candidate, rung: 0, error: messageOf(error) });
    }
  }
  const impossible = new Set(book.failures().flatMap(({ candidate, rung }) => (rung === 0 ? [candidate] : [])));
  return candidates.filter((candidate) => !impossible.has(candidate));
}

interface RungTask {
  readonly rung: number;
  readonly rungs: number;
  readonly seconds: number;
}

async function runRung<Evidence>(
  alive: readonly string[],
  { rung, rungs, seconds }: RungTask,
  book: HalvingBook<Evidence>,
  { pilot, signal }: HalvingOptions<Evidence>,
): Promise<Map<string, Evidence>> {
  for (const [index, candidate] of alive.entries()) {
    if (book.shownBy(candidate, rung) !== undefined || book.hasFailed(candidate)) continue;
    signal?.throwIfAborted();
    const trainedBefore = book.trainedBefore(candidate, rung);
    const began = book.spent();
    const from = book.shownBy(candidate, rung - 1);
    const task = { candidate, rung, rungs, place: index + 1, of: alive.length, trainedBefore, from };
    try {
      const outcome = await pilot({ ...task, seconds: Math.max(0, seconds - trainedBefore) });
      const trainedSeconds = trainedBefore + outcome.trainedSeconds;
      if (outcome.evidence === undefined) {
        if (signal?.aborted) await book.add({ kind: "cut short", candidate, rung, seconds, trainedSeconds });
        signal?.throwIfAborted();
        throw new Error(`successiveHalving: the pilot of ${candidate} must show something, and gave no evidence.`);
      }
      const { evidence, onceSeconds = 0 } = outcome;
      const overheadSeconds = Math.max(0, book.spent() - began - outcome.trainedSeconds - onceSeconds);
      await book.add({ kind: "pilot", candidate, rung, seconds, trainedSeconds, overheadSeconds, evidence });
    } catch (error) {
      signal?.throwIfAborted();
      await book.add({ kind: "failed", candidate, rung, error: messageOf(error) });
    }
  }
  return book.shownIn(alive, rung);
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
