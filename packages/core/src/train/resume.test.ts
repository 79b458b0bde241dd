import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import { openCheckpoints } from "../checkpoint/checkpoint-store.js";
import { loader } from "../data/loader.js";
import { adamW } from "../optimizers/adamw.js";
import { createRandom } from "../random.js";
import { encodeSafetensors } from "../safetensors/file.js";
import { cosineSchedule } from "../schedules/cosine-schedule.js";
import { useTestBackend } from "../testing/backend.js";
import { toyDataset, toyMethod } from "../testing/toy-method.js";
import { type Training, train } from "./train.js";

let folder: string;
beforeAll(async () => {
  await useTestBackend();
  folder = await mkdtemp(join(tmpdir(), "resume-"));
});
afterAll(() => rm(folder, { recursive: true }));

const steps = 6;
const accumulate = 2; // 12 micro-batches of 3, 3 an epoch (9 whole samples of 10): every kind of place to stop

interface Settings {
  weightSeed?: number;
  seed?: number;
  /** The rate of dropout. */
  rate?: number;
  prefetch?: number;
  concurrency?: number;
  signal?: AbortSignal;
  onDraw?(): void;
}

function build({ weightSeed = 1, seed = 2, rate, prefetch = 0, concurrency = 3, signal, onDraw }: Settings): Training {
  const method = toyMethod(createRandom(weightSeed), { rate });
  const random = createRandom(seed);
  const drawing = {
    ...method,
    draw: (...[samples, random]: Parameters<typeof method.draw>) => {
      onDraw?.();
      return method.draw(samples, random);
    },
  };
  return train({
    method: drawing,
    loader: loader(toyDataset, { batchSize: 3, random: random.split("data"), concurrency, maxCorrupt: 0.1 }),
    optimizer: adamW(method.encoder.parameters, { weightDecay: 0.1 }),
    learningRate: cosineSchedule({ learningRate: 0.05, steps }),
    steps,
    random,
    clipNorm: 0.5,
    accumulate,
    prefetch,
    signal,
    identity: { config: "abc" },
  });
}

/** Weights, teacher, statistics, slots, gathered gradients, position, stream: everything, as one hash. */
function hashOf({ step, state, tensors }: Checkpoint): string {
  const hash = createHash("sha256").update(JSON.stringify([step, state]));
  for (const [group, named] of Object.entries(tensors)) {
    hash.update(group);
    for (const piece of encodeSafetensors(named)) hash.update(piece);
  }
  return hash.digest("hex");
}

async function finish(training: Training): Promise<{ hash: string; losses: [step: number, loss: number][] }> {
  const losses: [number, number][] = [];
  for await (const { step, loss } of training) losses.push([step, loss]);
  return { hash: hashOf(await training.checkpoint()), losses };
}

interface Stop {
  /** Batches drawn before the signal. */
  draws: number;
  prefetch: number;
  rate?: number;
}

/** Stops a run, saves it, resumes it elsewhere: it must end as the unbroken one. Gives where it stopped, step + micro-batches. */
async function expectUnbroken({ draws, prefetch, rate }: Stop, unbroken: Awaited<ReturnType<typeof finish>>) {
  const controller = new AbortController();
  let count = 0;
  const onDraw = () => {
    count += 1;
    if (count === draws) controller.abort();
  };
  const stopped = build({ rate, prefetch, signal: controller.signal, onDraw });
  const before = await finish(stopped);
  const place = join(folder, `${draws}-${prefetch}-${rate}`);
  await (await openCheckpoints(place)).save(await stopped.checkpoint());
  const { checkpoint } = await (await openCheckpoints(place)).latest();

  const resumed = build({ weightSeed: 99, rate, prefetch: 2 - prefetch, concurrency: 1 });
  resumed.restore(checkpoint!);
  const after = await finish(resumed);
  expect(after.hash).toBe(unbroken.hash);
  expect([...before.losses, ...after.losses]).toEqual(unbroken.losses);
  return `${checkpoint!.step}+${(checkpoint!.state.gathered as { batches: number }).batches}`;
}

test("stopped at any micro-batch and resumed in another process's stead: the same bits as unbroken", async () => {
  const unbroken = await finish(build({}));
  expect(unbroken.losses).toHaveLength(steps);
  expect(hashOf(await build({}).checkpoint())).not.toBe(unbroken.hash);
  const stops = new Set<string>();

  for (let draws = 1; draws <= steps * accumulate; draws += 1) {
    for (const prefetch of [0, 2]) {
      stops.add(await expectUnbroken({ draws, prefetch }, unbroken));
    }
  }
  expect(stops).toContain("0+0"); // before anything
  expect(stops).toContain("1+1"); // in the middle of an epoch and between two micro-batches
  expect(stops).toContain("3+0"); // at the end of an epoch
}, 240_000);

test("with dropout too, whose masks are drawn by the batch's number", async () => {
  const rate = 0.1;
  const unbroken = await finish(build({ rate }));
  expect(unbroken.hash).not.toBe((await finish(build({}))).hash);
  const stops = [];
  for (const draws of [2, 3, 8]) stops.push(await expectUnbroken({ draws, prefetch: draws % 3, rate }, unbroken));
  expect(stops.some((place) => place.endsWith("+0"))).toBe(true);
  expect(stops.some((place) => place.endsWith("+1"))).toBe(true);
}, 60_000);

test("a run that ended is over when resumed", async () => {
  const training = build({});
  const { hash } = await finish(training);
  const again = build({ weightSeed: 5 });
  again.restore(await training.checkpoint());
  expect(await finish(again)).toEqual({ hash, losses: [] });
});

test("a checkpoint tells which encoder it is of; one that does not is restored all the same", async () => {
  const training = build({});
  const { hash } = await finish(training);
  const checkpoint = await training.checkpoint();
  expect(checkpoint.state.encoder).toEqual({ model_type: "toy" });
  const { encoder: _, ...state } = checkpoint.state;
  const again = build({ weightSeed: 5 });
  again.restore({ ...checkpoint, state });
  expect(await finish(again)).toEqual({ hash, losses: [] });
});

test("a checkpoint of another run is refused, naming what differs, unless forced", async () => {
  const training = build({});
  await training.next();
  const checkpoint = await training.checkpoint();
  await training.return();

  const reseeded = build({ seed: 3 });
  expect(() => reseeded.restore(checkpoint)).toThrow(/must be of the same run, and it is not:\n {2}random: saved with/);
  const other = {
    ...checkpoint,
    state: { ...checkpoint.state, identity: { ...(checkpoint.state.identity as object), config: "xyz", steps: 7 } },
  };
  expect(() => build({}).restore(other)).toThrow(/steps: saved with 7, now 6\n {2}config: saved with "xyz", now "abc"/);
  expect(() => training.restore(checkpoint)).toThrow("restore must come before the first report");

  reseeded.restore(checkpoint, { force: true });
  expect((await reseeded.next()).value).toMatchObject({ step: 2 });
  await reseeded.return();
});
