/**
 * How fast a run goes: over its last steps, without what the caller did between them.
 */
export interface Pace {
  readonly samplesPerSecond: number;
  readonly secondsPerStep: number;
  /** How much of the time was spent waiting for data (0 to 1). */
  readonly waitedForDataFraction: number;
}

export interface Stopwatch {
  /** The caller has handed control back. */
  resume(): void;
  /** Times a wait for data. */
  waiting<T>(data: Promise<T>): Promise<T>;
  /** A step of so many samples is done. */
  lap(samples: number): Pace;
}

interface Lap {
  readonly seconds: number;
  readonly waited: number;
  readonly samples: number;
}

/** `now` tells milliseconds. */
export function stopwatch(window = 20, now: () => number = () => performance.now()): Stopwatch {
  const laps: Lap[] = [];
  let count = 0;
  let began = now();
  let waited = 0;

  async function waiting<T>(data: Promise<T>): Promise<T> {
    const start = now();
    try {
      return await data;
    } finally {
      waited += (now() - start) / 1000;
    }
  }

  function lap(samples: number): Pace {
    count += 1;
    if (count === 2 || laps.length === window) laps.shift(); // the first step traced and compiled as well
    laps.push({ seconds: (now() - began) / 1000, waited, samples });
    began = now();
    waited = 0;
    const total = (part: keyof Lap) => laps.reduce((sum, lap) => sum + lap[part], 0);
    return {
      samplesPerSecond: total("samples") / total("seconds"),
      secondsPerStep: total("seconds") / laps.length,
      waitedForDataFraction: total("waited") / total("seconds"),
    };
  }

  return {
    resume: () => {
      began = now();
    },
    waiting,
    lap,
  };
}
