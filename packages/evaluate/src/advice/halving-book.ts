/**
 * What has happened to pilots so far, and what follows from it: all that a halving knows is in its events.
 */
interface Happened {
  readonly candidate: string;
  /** Seconds of the budget that are spent by now, by earlier processes too. */
  readonly spentSeconds: number;
}
export interface Prepared extends Happened {
  readonly kind: "prepared";
  /** What a pilot is expected to take beside its training. */
  readonly overheadSeconds: number;
}
export interface Piloted<Evidence> extends Happened {
  readonly kind: "pilot";
  /** From 1. */
  readonly rung: number;
  /** Seconds of training that were asked for. */
  readonly seconds: number;
  readonly trainedSeconds: number;
  readonly overheadSeconds: number;
  readonly evidence: Evidence;
}
export interface Failed extends Happened {
  readonly kind: "failed";
  /** 0: it could not be prepared. */
  readonly rung: number;
  readonly error: string;
}
/** A pilot that the signal ended; it goes on with what it has trained. */
export interface CutShort extends Happened {
  readonly kind: "cut short";
  readonly rung: number;
  readonly seconds: number;
  readonly trainedSeconds: number;
}
export type HalvingEvent<Evidence> = Prepared | Piloted<Evidence> | Failed | CutShort;

type Untimed<Event> = Event extends unknown ? Omit<Event, "spentSeconds"> : never;

export interface BookOptions<Evidence> {
  /** Seconds, from whenever. */
  clock(): number;
  readonly before?: readonly HalvingEvent<Evidence>[] | undefined;
  onEvent?(event: HalvingEvent<Evidence>): Promise<void> | void;
}

export interface HalvingBook<Evidence> {
  /** Seconds of the budget. */
  spent(): number;
  add(event: Untimed<HalvingEvent<Evidence>>): Promise<void>;
  failures(): Failed[];
  /** Prepared, or found to be impossible. */
  isKnown(candidate: string): boolean;
  hasFailed(candidate: string): boolean;
  /** What a candidate showed at a rung's end. */
  shownBy(candidate: string, rung: number): Evidence | undefined;
  /** Of those alone who have shown something. */
  shownIn(candidates: readonly string[], rung: number): Map<string, Evidence>;
  /** What a rung that has begun gives each; undefined of one that has not. */
  secondsOf(rung: number): number | undefined;
  /** Seconds that a pilot trained before it was cut short. */
  trainedBefore(candidate: string, rung: number): number;
  /** What the candidate's last pilot took beside its training, or is expected to take. */
  overheadOf(candidate: string): number;
}

export function halvingBook<Evidence>(options: BookOptions<Evidence>): HalvingBook<Evidence> {
  const { clock, before = [], onEvent } = options;
  const events = [...before];
  const spentBefore = before.at(-1)?.spentSeconds ?? 0;
  const began = clock();
  const spent = () => spentBefore + (clock() - began);
  const pilots = () => events.filter((event) => event.kind === "pilot");
  const cuts = () => events.filter((event) => event.kind === "cut short");
  const failures = () => events.filter((event) => event.kind === "failed");
  const isOf = (candidate: string) => (event: Happened) => event.candidate === candidate;
  const pilotOf = (candidate: string, rung: number) =>
    pilots().find((event) => event.candidate === candidate && event.rung === rung);

  return {
    spent,
    async add(event) {
      const whole = { ...event, spentSeconds: spent() } as HalvingEvent<Evidence>;
      events.push(whole);
      await onEvent?.(whole);
    },
    failures,
    isKnown: (candidate) => events.some(isOf(candidate)),
    hasFailed: (candidate) => failures().some(isOf(candidate)),
    shownBy: (candidate, rung) => pilotOf(candidate, rung)?.evidence,
    shownIn(candidates, rung) {
      const shown = candidates.map((candidate) => pilotOf(candidate, rung)).filter((pilot) => pilot !== undefined);
      return new Map(shown.map(({ candidate, evidence }) => [candidate, evidence]));
    },
    secondsOf: (rung) => [...pilots(), ...cuts()].find((event) => event.rung === rung)?.seconds,
    trainedBefore: (candidate, rung) =>
      cuts().findLast((event) => event.candidate === candidate && event.rung === rung)?.trainedSeconds ?? 0,
    overheadOf(candidate) {
      const told = events.filter((event) => event.kind === "pilot" || event.kind === "prepared");
      return told.findLast(isOf(candidate))?.overheadSeconds ?? 0;
    },
  };
}
