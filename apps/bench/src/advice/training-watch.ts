/**
 * How long a pilot trains: from its first step on, without what is traced and compiled for it.
 */
export interface TrainingWatch {
  /** A step is done. */
  lap(): void;
  /** Seconds of training so far; the first step is counted as long as the others. */
  seconds(): number;
}

/** Calls `onEnd` once, when another step would come nearer to more than to so many seconds. At least two steps are made. `now` tells milliseconds. */
export function trainingWatch(
  wanted: number,
  onEnd: () => void,
  now: () => number = () => performance.now(),
): TrainingWatch {
  let steps = 0;
  let began = 0;
  let last = 0;
  let isOver = false;
  const seconds = () => (steps < 2 ? 0 : (((last - began) / 1000) * steps) / (steps - 1));
  return {
    seconds,
    lap() {
      last = now();
      if (steps === 0) began = last;
      steps += 1;
      if (isOver || steps < 2 || seconds() * (1 + 1 / (2 * steps)) < wanted) return;
      isOver = true;
      onEnd();
    },
  };
}
