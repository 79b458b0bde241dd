import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HalvingEvent } from "./halving-book.js";
import { rungSizes } from "./halving-plan.js";
import { type HalvingOptions, type PilotTask, successiveHalving } from "./successive-halving.js";

/** A pilot shows how good its candidate is, and how long it has trained. */
interface Shown {
  readonly quality: number;
  readonly trained: number;
}

interface Planted {
  readonly budgetSeconds?: number;
  /** Seconds beside training. */
  readonly overhead?: (candidate: string) => number;
  /** What is thought of it before. */
  readonly expected?: (candidate: string) => number;
  readonly fails?: Readonly<Record<string, number>>;
  readonly signal?: AbortSignal;
  readonly before?: readonly HalvingEvent<Shown>[];
  readonly onEvent?: (event: HalvingEvent<Shown>) => void;
  /** Of a pilot that the signal ends in the middle of its training. */
  readonly stopsIn?: { readonly candidate: string; readonly rung: number; readonly stop: () => void };
}

/** Candidates on a clock that only their work moves on. */
async function halved(qualities: Readonly<Record<string, number>>, planted: Planted = {}) {
  const { budgetSeconds = 240, overhead = () => 1, expected = overhead, fails = {}, stopsIn, ...others } = planted;
  let time = 1000;
  const tasks: PilotTask<Shown>[] = [];
  const options: HalvingOptions<Shown> = {
    budgetSeconds,
    clock: () => time,
    order: (shown) => [...shown.keys()].sort((a, b) => shown.get(b)!.quality - shown.get(a)!.quality),
    async prepare({ candidate }) {
      time += 0.5;
      if (fails[candidate] === 0) throw new Error(`${candidate} cannot be planned`);
      return expected(candidate);
    },
    async pilot(task) {
      tasks.push(task);
      const { candidate, rung, seconds, from, trainedBefore } = task;
      if (fails[candidate] === rung) throw new Error(`${candidate} diverged`);
      const isStopped = stopsIn?.candidate === candidate && stopsIn.rung === rung;
      const trainedSeconds = isStopped ? seconds / 3 : seconds;
      time += trainedSeconds;
      if (isStopped) {
        stopsIn.stop();
        return { trainedSeconds, evidence: undefined };
      }
      time += overhead(candidate);
      const trained = (from?.trained ?? 0) + trainedBefore + trainedSeconds;
      return { trainedSeconds, evidence: { quality: qualities[candidate]!, trained } };
    },
    ...others,
  };
  return { ...(await successiveHalving(Object.keys(qualities), options)), tasks };
}

const ten = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`m${i}`, (i * 7) % 10])); // m7 is the best, 9

describe("successiveHalving", () => {
  it("leaves the better half to go on from where it stands, for equally many seconds", async () => {
    const { rungs, tasks, spentSeconds, failures } = await halved(ten);
    expect(rungs.map(({ shown }) => shown.size)).toEqual([10, 5, 3, 2]);
    expect([...rungs[3]!.shown.keys()]).toEqual(["m7", "m4"]); // 9 and 8
    expect(failures).toEqual([]);
    for (const [rung, { seconds, shown }] of rungs.entries()) {
      const own = tasks.filter((task) => task.rung === rung + 1);
      expect(own.map((task) => task.seconds)).toEqual(own.map(() => seconds));
      for (const task of own) expect(task.from).toEqual(rungs[rung - 1]?.shown.get(task.candidate));
      const sum = rungs.slice(0, rung + 1).reduce((all, one) => all + one.seconds, 0);
      for (const { trained } of shown.values()) expect(trained).toBeCloseTo(sum);
    }
    expect(spentSeconds).toBeCloseTo(240);
    expect(tasks[0]).toMatchObject({ candidate: "m0", rung: 1, rungs: 4, place: 1, of: 10, trainedBefore: 0 });
  });

  it("keeps who fails as a failure, and goes on with the others", async () => {
    const { rungs, failures } = await halved(ten, { fails: { m7: 2, m4: 1, m0: 0 } });
    expect(failures.map(({ candidate, rung, error }) => [candidate, rung, error])).toEqual([
      ["m0", 0, "m0 cannot be planned"],
      ["m4", 1, "m4 diverged"],
      ["m7", 2, "m7 diverged"],
    ]);
    expect([...rungs.at(-1)!.shown.keys()]).toEqual(["m1", "m8"]); // 7 and 6
  });

  it("tells that all have failed", async () => {
    const { rungs, failures } = await halved({ a: 1, b: 2 }, { fails: { a: 1, b: 0 } });
    expect([rungs, failures.length]).toEqual([[], 2]);
  });

  it("refuses a budget that holds no training, and leaves out rungs that it does not reach", async () => {
    await expect(halved({ a: 1, b: 2 }, { budgetSeconds: 4 })).rejects.toMatchObject({
      name: "BudgetTooSmallError",
      budgetSeconds: 4,
      neededSeconds: 9, // 1 for preparing, 2 rungs of 2 pilots with an overhead of 1, and as much for training
    });
    const slow = await halved({ a: 1, b: 2, c: 3 }, { budgetSeconds: 20, overhead: () => 9, expected: () => 1 });
    expect([slow.rungs.length, slow.rungsLeftOut]).toEqual([1, 1]);
  });

  it("goes on after it was stopped as if it had not been", async () => {
    const whole = await halved(ten);
    const events: HalvingEvent<Shown>[] = [];
    const onEvent = (event: HalvingEvent<Shown>) => void events.push(event);
    const stop = new AbortController();
    const stopsIn = { candidate: "m7", rung: 2, stop: () => stop.abort(new Error("Ctrl-C")) };
    await expect(halved(ten, { signal: stop.signal, stopsIn, onEvent })).rejects.toThrow("Ctrl-C");
    expect(events.at(-1)).toMatchObject({ kind: "cut short", candidate: "m7", rung: 2 });
    const kept = JSON.parse(JSON.stringify(events)) as typeof events;
    const again = await halved(ten, { before: kept, onEvent });
    expect(again.tasks[0]).toMatchObject({ candidate: "m7", rung: 2 });
    expect(again.tasks[0]!.trainedBefore).toBeCloseTo(again.tasks[0]!.seconds / 2); // a third was done
    expect(again.rungs.map(({ shown }) => [...shown.keys()])).toEqual(
      whole.rungs.map(({ shown }) => [...shown.keys()]),
    );
    for (const [rung, { seconds }] of again.rungs.entries()) expect(seconds).toBeCloseTo(whole.rungs[rung]!.seconds);
    const { tasks, spentSeconds } = await halved(ten, { before: events }); // all of it is known
    expect([tasks.length, spentSeconds]).toEqual([0, events.at(-1)!.spentSeconds]);
  });
});

it("keeps within the budget, whatever goes beside training and is thought of it", async () => {
  const candidate = fc.record({
    quality: fc.double({ min: 0, max: 1, noNaN: true }),
    overhead: fc.double({ min: 0, max: 3, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(candidate, { minLength: 1, maxLength: 12 }),
      fc.double({ min: 0, max: 2, noNaN: true }),
      async (all, wrong) => {
        const overhead = (name: string) => all[Number(name)]!.overhead;
        const qualities = Object.fromEntries(all.map(({ quality }, i) => [String(i), quality]));
        const expected = (name: string) => wrong * overhead(name);
        const { rungs, spentSeconds, tasks } = await halved(qualities, { budgetSeconds: 400, overhead, expected });
        expect(spentSeconds).toBeCloseTo(400, 6); // the last rung knows what its pilots took before
        expect(rungs.map(({ shown }) => shown.size)).toEqual(rungSizes(all.length));
        expect(tasks.every(({ seconds }) => seconds > 0)).toBe(true);
        const best = Math.max(...all.map(({ quality }) => quality));
        expect(Math.max(...Array.from(rungs.at(-1)!.shown.values(), ({ quality }) => quality))).toBe(best);
      },
    ),
    { numRuns: 60 },
  );
});
