/**
 * A batch of recordings, changed by chance: a room, noise, loudness, polarity.
 *
 * Chance is drawn on the host, recording by recording; what follows from it is tensor operations inside the step. Each change is off unless
 * asked for. The order is that of sound on its way: the room first, then the noise at the microphone, then its amplifier.
 */
import type { Random, Tensors } from "@autodidact/core";
import {
  add,
  concat,
  gather,
  mul,
  slice,
  sub,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { addNoise } from "./add-noise.js";
import { type NoiseColor, noisePool } from "./noise-pool.js";
import { drawRooms, reverberate } from "./room.js";

type Range = readonly [number, number];

/** Like vision's `Augment`: waves [N, T] to waves [N, T], by what was drawn for them before. */
export interface WaveAugment {
  /** Tensor operations only: it runs inside the step. */
  (waves: Tensor2D, drawn: Tensors): Tensor2D;
  /** The chances of n recordings. */
  draw(n: number, random: Random): Tensors;
}

export interface WaveAugmentOptions {
  /** T: samples of each recording. */
  samples: number;
  /** Hz. */
  sampleRate: number;
  noise?: {
    /** Share of recordings that get noise. */
    probability: number;
    /** Signal to noise in dB, from and to. */
    snr: Range;
    /** One of these for each recording; "batch" is another recording of the batch. White and pink unless told. */
    kinds?: readonly (NoiseColor | "batch")[];
  };
  room?: {
    /** Share of recordings in a room; of N, round(N · share) are, so that the others cost nothing. */
    share: number;
    /** Seconds in which an echo falls by 60 dB: 0.05 to 0.2 unless told. */
    reverberationSeconds?: Range;
    /** How much louder the direct sound is than all echoes together (dB): 0 to 15 unless told. */
    directDb?: Range;
  };
  gain?: {
    probability: number;
    /** dB, from and to. */
    db: Range;
  };
  polarity?: {
    /** Share of recordings that are turned upside down. */
    probability: number;
  };
}

/** What was drawn; each is absent where the change is off. */
type Drawn = {
  readonly room?: { readonly impulses: Tensor2D; readonly order: Tensor1D; readonly back: Tensor1D };
  readonly noise?: {
    /** [N, T] of white or pink noise, 0 where the noise is another recording. */
    readonly colored: Tensor2D;
    /** int32 [N]: which other recording, and 1 or 0 [N, 1]: whether it is one. */
    readonly other?: { readonly row: Tensor1D; readonly isOne: Tensor2D };
    /** dB, [N, 1]. */
    readonly snr: Tensor2D;
    /** 1 where there is noise, [N, 1]. */
    readonly isNoisy: Tensor2D;
  };
  /** Factor, [N, 1]. */
  readonly gain?: Tensor2D;
};

export function waveAugment(options: WaveAugmentOptions): WaveAugment {
  assertPossible(options);
  const { samples, sampleRate, noise, room, gain, polarity } = options;
  const kinds = noise?.kinds ?? ["white", "pink"];
  const pools = { white: noisePool("white", samples), pink: noisePool("pink", samples) };

  function drawNoise(n: number, random: Random, { probability, snr }: NonNullable<typeof noise>): Tensors {
    const colored = new Float32Array(n * samples); // [N, T]
    const shift = n > 1 ? 1 + random.integer(n - 1) : 0; // never a recording's own
    const isOne = Array.from({ length: n }, (_, row) => {
      const kind = kinds[random.integer(kinds.length)]!;
      if (kind !== "batch") colored.set(pools[kind](random), row * samples);
      return Number(kind === "batch");
    });
    const row = tensor1d(
      isOne.map((_, i) => (i + shift) % n),
      "int32",
    );
    return {
      colored: tensor2d(colored, [n, samples]),
      ...(kinds.includes("batch") && { other: { row, isOne: column(isOne) } }),
      snr: column(random.uniforms(n, ...snr)),
      isNoisy: column(Array.from({ length: n }, () => Number(random.chance(probability)))),
    };
  }

  function drawRoom(
    n: number,
    random: Random,
    { share, reverberationSeconds = [0.05, 0.2], directDb = [0, 15] }: NonNullable<typeof room>,
  ) {
    const count = Math.round(share * n);
    if (count === 0) return undefined;
    const order = random.permutation(n); // the first `count` of these are in a room
    const back = new Int32Array(n);
    for (const [place, row] of order.entries()) back[row] = place;
    const impulses = drawRooms(count, random, { reverberationSeconds, directDb, sampleRate });
    return { impulses, order: tensor1d(Int32Array.from(order), "int32"), back: tensor1d(back, "int32") };
  }

  function drawGain(n: number, random: Random): Tensor2D {
    const factors = Array.from({ length: n }, () => {
      const db = gain && random.chance(gain.probability) ? random.uniform(...gain.db) : 0;
      const sign = polarity && random.chance(polarity.probability) ? -1 : 1;
      return sign * 10 ** (db / 20);
    });
    return column(factors);
  }

  const draw = (n: number, random: Random): Tensors => {
    const inRoom = room && drawRoom(n, random, room);
    return {
      ...(inRoom && { room: inRoom }),
      ...(noise && { noise: drawNoise(n, random, noise) }),
      ...((gain || polarity) && { gain: drawGain(n, random) }),
    };
  };

  return Object.assign(apply, { draw });
}

function apply(waves: Tensor2D, drawn: Tensors): Tensor2D {
  const { room, noise, gain } = drawn as Drawn;
  const placed = room ? inRooms(waves, room) : waves;
  const noisy = noise ? withNoise(placed, noise) : placed;
  return gain ? mul(noisy, gain) : noisy;
}

function inRooms(waves: Tensor2D, { impulses, order, back }: NonNullable<Drawn["room"]>): Tensor2D {
  const [[n, length], [count]] = [waves.shape, impulses.shape];
  const ordered = gather(waves, order);
  const wet = reverberate(slice(ordered, [0, 0], [count, length]), impulses);
  return count === n ? gather(wet, back) : gather(concat([wet, slice(ordered, [count, 0], [n - count, length])]), back);
}

function withNoise(waves: Tensor2D, { colored, other, snr, isNoisy }: NonNullable<Drawn["noise"]>): Tensor2D {
  const noise = other ? add<Tensor2D>(colored, mul(gather(waves, other.row), other.isOne)) : colored;
  const added = sub<Tensor2D>(addNoise(waves, noise, snr), waves);
  return add(waves, mul(added, isNoisy));
}

function column(values: ArrayLike<number>): Tensor2D {
  return tensor2d(Float32Array.from(values), [values.length, 1]);
}

function assertPossible({ samples, sampleRate, noise, room, gain, polarity }: WaveAugmentOptions): void {
  const chances = {
    noise: noise?.probability,
    room: room?.share,
    gain: gain?.probability,
    polarity: polarity?.probability,
  };
  const isRange = (range: Range | undefined, least = Number.NEGATIVE_INFINITY) =>
    range === undefined || (range[0] >= least && range[0] <= range[1] && Number.isFinite(range[1] - range[0]));
  const demands: [met: boolean, demand: string][] = [
    [Number.isInteger(samples) && samples > 0, `samples must be a whole number above 0, got ${samples}`],
    [sampleRate > 0, `sampleRate must be above 0 Hz, got ${sampleRate}`],
    [isRange(noise?.snr), `noise.snr must be two ascending numbers (dB), got ${noise?.snr}`],
    [noise?.kinds === undefined || noise.kinds.length > 0, "noise.kinds must name a kind, got none"],
    [isRange(gain?.db), `gain.db must be two ascending numbers (dB), got ${gain?.db}`],
    [isRange(room?.directDb), `room.directDb must be two ascending numbers (dB), got ${room?.directDb}`],
    [
      isRange(room?.reverberationSeconds, 1e-3),
      `room.reverberationSeconds must be two ascending numbers from 0.001, got ${room?.reverberationSeconds}`,
    ],
  ];
  for (const [name, chance] of Object.entries(chances)) {
    const met = chance === undefined || (chance >= 0 && chance <= 1);
    demands.push([met, `the share of ${name} must be in [0, 1], got ${chance}`]);
  }
  for (const [met, demand] of demands) if (!met) throw new RangeError(`waveAugment: ${demand}.`);
}
