import { appendFile, mkdir, mkdtemp, open, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type MetricsRecord, openMetricsLog } from "../metrics/metrics-log.js";
import { type FollowMetricsOptions, followMetrics, type MetricsNews } from "./follow-metrics.js";
import { readMetrics } from "./read-metrics.js";

let folder: string;
beforeEach(() => makeFolder());
afterEach(() => rm(folder, { recursive: true }));

async function makeFolder(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "follow-"));
  await writeFile(join(folder, "config.json"), "{}");
}

const path = () => join(folder, "metrics.jsonl");
const finish = () => mkdir(join(folder, "encoder"));
const line = (record: MetricsRecord) => `${JSON.stringify(record)}\n`;

/** What is told, as it comes. */
function follow(options: FollowMetricsOptions = {}) {
  const news: MetricsNews[] = [];
  const ended = (async () => {
    for await (const one of followMetrics(folder, { pollMs: 1, ...options })) news.push(one);
  })();
  /** The news without the cursors. */
  const told = () => news.map((one) => ("record" in one ? one.record : { restartedAt: one.restartedAt }));
  return { news, told, ended };
}

/** What one has who drops what is void. */
function standing(news: readonly MetricsNews[]): MetricsRecord[] {
  let records: MetricsRecord[] = [];
  for (const one of news) {
    if ("record" in one) records.push(one.record);
    else records = records.filter(({ step }) => step <= one.restartedAt);
  }
  return records;
}

test("records come as they are logged, and end when the run is done", async () => {
  const { told, ended } = follow();
  await wait(20); // there is no log yet
  expect(told()).toEqual([]);
  await appendFile(path(), `${line({ step: 1 })}{"step":2,"na`);
  await vi.waitFor(() => expect(told()).toEqual([{ step: 1 }]), { timeout: 60_000 });
  await appendFile(path(), `me":"größe"}\n`);
  await vi.waitFor(() => expect(told()).toEqual([{ step: 1 }, { step: 2, name: "größe" }]), { timeout: 60_000 });
  await appendFile(path(), `nothing\n${line({ step: 3 })}{"step":4`);
  await finish();
  await ended;
  expect(told()).toEqual([{ step: 1 }, { step: 2, name: "größe" }, { step: 3 }]);
});

test("the signal ends it, also while it waits", async () => {
  const controller = new AbortController();
  const { ended } = follow({ signal: controller.signal, pollMs: 1e6 });
  await wait(20);
  controller.abort();
  await ended;
});

test("after a resume, what is void is said and what is new is told", async () => {
  const { told, ended } = follow();
  const first = await openMetricsLog(path());
  for (let step = 1; step <= 5; step += 1) await first.append({ step, loss: step });
  await first.close();
  await vi.waitFor(() => expect(told()).toHaveLength(5), { timeout: 60_000 });
  const second = await openMetricsLog(path(), { resumeFrom: 3 });
  for (let step = 4; step <= 9; step += 1) await second.append({ step, loss: 10 * step });
  await second.close();
  await finish();
  await ended;
  expect(told().slice(5)).toEqual([
    { restartedAt: 3 },
    ...[4, 5, 6, 7, 8, 9].map((step) => ({ step, loss: 10 * step })),
  ]);
});

test("from a cursor on, only what follows; from one that is cut off, all again", async () => {
  await appendFile(path(), [1, 2, 3, 4].map((step) => line({ step, loss: 5 })).join(""));
  const whole = follow();
  await vi.waitFor(() => expect(whole.news).toHaveLength(4), { timeout: 60_000 });
  const cursors = whole.news.map(({ cursor }) => cursor);
  /** All that is told after a cursor: as much as there should be, and what comes in a while after it. */
  const rest = async (from: string, count: number) => {
    const controller = new AbortController();
    const { told, ended } = follow({ from, signal: controller.signal });
    await vi.waitFor(() => expect(told().length).toBeGreaterThanOrEqual(count), { timeout: 60_000 });
    await wait(30);
    controller.abort();
    await ended;
    return told();
  };
  expect(await rest(cursors[1]!, 2)).toEqual([
    { step: 3, loss: 5 },
    { step: 4, loss: 5 },
  ]);
  expect(await rest(cursors[3]!, 0)).toEqual([]);

  const size = line({ step: 1, loss: 5 }).length;
  await truncate(path(), 2 * size);
  await appendFile(path(), line({ step: 3, loss: 6 }) + line({ step: 4, loss: 6 })); // lines end where they did
  const all = [5, 5, 6, 6].map((loss, i) => ({ step: i + 1, loss }));
  expect(await rest(cursors[1]!, 2)).toEqual(all.slice(2));
  for (const from of [cursors[3]!, "17-0", "1000-ff", "of somebody else"]) {
    expect(await rest(from, 5)).toEqual([{ restartedAt: -1 }, ...all]);
  }
  await finish();
  await whole.ended;
  expect(standing(whole.news)).toEqual(all);
});

test("what has been told is not read again", async () => {
  const log = Array.from({ length: 20_000 }, (_, i) => line({ step: i + 1, loss: 0.5 })).join("");
  await appendFile(path(), log);
  const file = await open(path(), "r");
  const reads = vi.spyOn(Object.getPrototypeOf(file) as { read(...args: unknown[]): unknown }, "read");
  await file.close();
  try {
    const { told, ended } = follow();
    await vi.waitFor(() => expect(told()).toHaveLength(20_000), { timeout: 60_000 });
    reads.mockClear();
    await appendFile(path(), line({ step: 20_001 }));
    await finish();
    await ended;
    expect(told()).toHaveLength(20_001);
    const positions = reads.mock.calls.map((args) => args[3] as number);
    expect(positions.length).toBeGreaterThan(0);
    expect(Math.min(...positions)).toBeGreaterThan(log.length - 100); // the last line, which tells of cuts
  } finally {
    reads.mockRestore();
  }
});

/** Written until a resume: some records, in writes that end anywhere. */
const stretch = fc.record({
  resumeAt: fc.double({ min: 0, max: 1, noNaN: true }),
  steps: fc.integer({ min: 0, max: 6 }),
  text: fc.string({ unit: "grapheme", maxLength: 6 }),
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
  pauses: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 5, maxLength: 5 }),
  /** A run that is killed leaves half a line. */
  isTorn: fc.boolean(),
});

test("however writes are cut and whenever the run is resumed, all that stands has been told once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(stretch, { minLength: 1, maxLength: 5 }), async (stretches) => {
      await rm(folder, { recursive: true });
      await makeFolder();
      const { news, ended } = follow();
      let expected: MetricsRecord[] = [];
      let written = 0;
      for (const { resumeAt, steps, text, cuts, pauses, isTorn } of stretches) {
        const resumeFrom = Math.floor(resumeAt * ((expected.at(-1)?.step ?? 0) + 1));
        await (await openMetricsLog(path(), { resumeFrom })).close();
        expected = expected.filter(({ step }) => step <= resumeFrom);
        // Each record is like no other, as times and losses make them.
        const records = Array.from({ length: steps }, (_, i) => ({
          step: resumeFrom + 1 + i,
          text,
          written: written++,
        }));
        expected.push(...records);
        const bytes = Buffer.from(records.map(line).join("") + (isTorn ? '{"step":7' : ""));
        const places = [0, ...cuts.map((cut) => Math.round(cut * bytes.length)).sort((a, b) => a - b), bytes.length];
        for (let i = 1; i < places.length; i += 1) {
          await appendFile(path(), bytes.subarray(places[i - 1], places[i]));
          if (pauses[i - 1]! > 0) await wait(pauses[i - 1]);
        }
      }
      await finish();
      await ended;
      expect(standing(news)).toEqual(expected);
      expect(await readMetrics(folder)).toEqual(expected);
      const numbers = news.flatMap((one) => ("record" in one ? [one.record.written] : []));
      expect(new Set(numbers).size).toBe(numbers.length);
    }),
    { numRuns: 60 },
  );
});
