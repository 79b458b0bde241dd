/**
 * One work, all its contenders: each is started and warmed up, then they take turns, A B C C B A …, so that a machine
 * that speeds up or slows down does so for all of them.
 */
import type { Stats } from "@autodidact/tfjs-backend-onnx";
import { type ContenderProcess, startContender } from "./process.js";
import type { Steps, Task } from "./protocol.js";
import { median } from "./statistics.js";

export interface Entrant {
  readonly contender: string;
  readonly command: readonly string[];
  readonly task: Task;
  /** Floating-point operations a step. */
  readonly flops: number;
  /** True where the size differs from the others': its losses are its own. */
  readonly isScaled?: boolean;
}

export interface Outcome {
  readonly entrant: Entrant;
  readonly version: string;
  /** The losses of the warm-up, from the common starting point. */
  readonly firstLosses: readonly number[];
  /** Milliseconds by round. */
  readonly rounds: readonly (readonly number[])[];
  readonly firstStepMs: number;
  readonly peakResidentBytes: number;
  /** Only backend onnx tells it. */
  readonly engine?: EngineCost;
}

/** What backend onnx costs beside computing. */
export interface EngineCost {
  /** Share of the steps' time after the warm-up that ONNX Runtime did not run: tracing, hashing, JavaScript. */
  readonly outsideRun: number;
  /** Milliseconds to lower and compile a graph, the mean. */
  readonly compileMs: number;
  /** What was counted since the start. */
  readonly counters: Stats;
}

export interface Dropout {
  readonly entrant: Entrant;
  readonly reason: string;
}

/** Graphs are compiled in the first two, the third shows the pace. */
export const WARM_UP_STEPS = 3;
/** A turn lasts about this long, one step at least. */
const TURN_MS = 1500;

interface Competitor {
  readonly entrant: Entrant;
  readonly process: ContenderProcess;
  readonly warmUp: Steps;
  readonly turns: Turn[];
}

interface Turn {
  readonly steps: Steps;
  /** Steps at its beginning that do not count. */
  readonly unmeasured: number;
}

/** How often each contender takes a turn. */
export interface Turns {
  /** Of one sitting. */
  readonly rounds: number;
  /**
   * Times that all contenders are started anew, the last first, 1 unless told. A process keeps what it began with, above all where its memory
   * lies: equal programs differ by some percent for as long as they live, and no number of rounds evens that out.
   */
  readonly sittings?: number;
}

export async function alternate(
  entrants: readonly Entrant[],
  { rounds, sittings = 1 }: Turns,
  progress: (text: string) => void,
): Promise<{ outcomes: Outcome[]; dropouts: Dropout[] }> {
  const heats = new Map<Entrant, Competitor[]>();
  const dropouts = new Map<Entrant, string>();
  for (let sitting = 1; sitting <= sittings; sitting++) {
    const remaining = entrants.filter((entrant) => !dropouts.has(entrant));
    const order = sitting % 2 === 1 ? remaining : remaining.toReversed();
    const prefix = sittings === 1 ? "" : `sitting ${sitting} of ${sittings}: `;
    const { competitors, left } = await sit(order, rounds, (text) => progress(`${prefix}${text}`));
    for (const competitor of competitors) {
      heats.set(competitor.entrant, [...(heats.get(competitor.entrant) ?? []), competitor]);
    }
    for (const { entrant, reason } of left) dropouts.set(entrant, reason);
  }
  const finished = entrants.filter((entrant) => heats.has(entrant) && !dropouts.has(entrant));
  return {
    outcomes: finished.map((entrant) => describe(heats.get(entrant)!)),
    dropouts: Array.from(dropouts, ([entrant, reason]) => ({ entrant, reason })),
  };
}

/** All processes live side by side from the first warm-up to the last round. */
async function sit(
  entrants: readonly Entrant[],
  rounds: number,
  progress: (text: string) => void,
): Promise<{ competitors: Competitor[]; left: Dropout[] }> {
  const competitors: Competitor[] = [];
  const left: Dropout[] = [];
  for (const entrant of entrants) {
    progress(`${entrant.contender}: warm-up`);
    try {
      competitors.push(await enter(entrant));
    } catch (error) {
      left.push({ entrant, reason: (error as Error).message });
    }
  }
  try {
    for (let round = 1; round <= rounds; round++) {
      const order = round % 2 === 1 ? competitors : competitors.toReversed(); // none profits from its place
      for (const competitor of order) {
        progress(`${competitor.entrant.contender}: round ${round} of ${rounds}`);
        competitor.turns.push(await takeTurn(competitor));
      }
    }
  } finally {
    for (const { process } of competitors) process.end();
  }
  return { competitors, left };
}

async function enter(entrant: Entrant): Promise<Competitor> {
  const process = await startContender(entrant.command, entrant.task);
  return { entrant, process, warmUp: await process.run(WARM_UP_STEPS), turns: [] };
}

/** Steps below a second are preceded by one that is not counted: caches are cold after the others' turns. */
async function takeTurn({ process, warmUp }: Competitor): Promise<Turn> {
  const pace = warmUp.milliseconds.at(-1)!;
  const unmeasured = pace < 1000 ? 1 : 0;
  const measured = Math.max(1, Math.min(100, Math.round(TURN_MS / pace)));
  return { steps: await process.run(unmeasured + measured), unmeasured };
}

/** Of one entrant in all sittings. */
function describe(sittings: readonly Competitor[]): Outcome {
  const { entrant, process, warmUp } = sittings[0]!;
  const turns = sittings.flatMap((sitting) => sitting.turns);
  return {
    entrant,
    version: process.version,
    firstLosses: warmUp.losses,
    rounds: turns.map(({ steps, unmeasured }) => steps.milliseconds.slice(unmeasured)),
    firstStepMs: median(sittings.map((sitting) => sitting.warmUp.milliseconds[0]!)),
    peakResidentBytes: Math.max(...turns.map(({ steps }) => steps.peakResidentBytes)),
    engine: engineCost(sittings),
  };
}

function engineCost(sittings: readonly Competitor[]): EngineCost | undefined {
  const costs = sittings.map(costOf);
  if (costs.some((cost) => cost === undefined)) return undefined;
  const known = costs as EngineCost[];
  return {
    outsideRun: median(known.map(({ outsideRun }) => outsideRun)),
    compileMs: median(known.map(({ compileMs }) => compileMs)),
    counters: known[0]!.counters,
  };
}

function costOf({ warmUp, turns }: Competitor): EngineCost | undefined {
  const [before, counters] = [warmUp.engine, turns.at(-1)!.steps.engine];
  if (!before || !counters) return undefined;
  const total = turns.flatMap(({ steps }) => steps.milliseconds).reduce((sum, step) => sum + step, 0);
  const { lower, compile, run } = counters.milliseconds;
  return {
    outsideRun: 1 - (run - before.milliseconds.run) / total,
    compileMs: (lower + compile) / counters.graphs,
    counters,
  };
}
