/**
 * Noise made once, of which each recording gets a stretch: a step would wait for that many normal numbers.
 */
import { createRandom, type Random } from "@autodidact/core";

export type NoiseColor = "white" | "pink";

/** Stretches overlap rarely where the pool is many times a recording's length. */
const leastPool = 2 ** 19;

/** Gives stretches of `length` samples, at places and with a sign by chance. */
export function noisePool(color: NoiseColor, length: number): (random: Random) => Float32Array {
  const size = Math.max(leastPool, 4 * length);
  return (random) => {
    const pool = poolOf(color, size);
    const start = random.integer(size - length + 1);
    const stretch = pool.slice(start, start + length);
    return random.chance(0.5) ? stretch.map((value) => -value) : stretch;
  };
}

const pools = new Map<string, Float32Array>();

function poolOf(color: NoiseColor, size: number): Float32Array {
  const name = `${color} ${size}`;
  const pool = pools.get(name) ?? makers[color](size);
  pools.set(name, pool);
  return pool;
}

const makers: Record<NoiseColor, (size: number) => Float32Array> = {
  white: (size) => createRandom(0).split("white noise").normals(size),
  pink: (size) => pinkened(createRandom(0).split("pink noise").normals(size)),
};

/** White noise through a filter that falls by 3 dB an octave: Paul Kellet's, https://www.firstpr.com.au/dsp/pink-noise/. */
export function pinkened(white: Float32Array): Float32Array {
  const poles = [0.99886, 0.99332, 0.969, 0.8665, 0.55, -0.7616];
  const inputs = [0.0555179, 0.0750759, 0.153852, 0.3104856, 0.5329522, -0.016898];
  const states = new Float64Array(poles.length);
  let last = 0;
  return white.map((value) => {
    let sum = last + 0.5362 * value;
    for (let k = 0; k < poles.length; k++) {
      states[k] = poles[k]! * states[k]! + inputs[k]! * value;
      sum += states[k]!;
    }
    last = 0.115926 * value;
    return sum;
  });
}
