/**
 * Another sampling rate: a band-limited, windowed sinc, evaluated at the places of the new samples.
 *
 * The definition is that of `torchaudio.functional.resample`, parameter by parameter, after https://ccrma.stanford.edu/~jos/resample/.
 * Rates are a ratio of whole numbers, so that weights repeat after `to / gcd` samples (polyphase): each set is computed once.
 */
export interface ResampleOptions {
  /** Zero crossings of the sinc on each side: the more, the steeper the filter. */
  lowpassFilterWidth?: number;
  /** Where the filter cuts off, as a share of the lower of both Nyquist frequencies. */
  rolloff?: number;
  window?: "hann" | "kaiser";
  /** β of Kaiser's window: the higher, the less passes that should not, and the less steep the filter. */
  beta?: number;
}

/**
 * `samples` at `to` Hz instead of `from` Hz; ceil(T · to / from) of them.
 *
 * Unless told otherwise, what torchaudio's documentation calls "kaiser_fast" (librosa's, once): up to 70 % of the lower Nyquist frequency passes
 * within 0.1 dB, and what lies more than 5 % above that frequency comes through at −75 dB or less.
 */
export function resample(samples: Float32Array, from: number, to: number, options: ResampleOptions = {}): Float32Array {
  const { lowpassFilterWidth = 16, rolloff = 0.85, window = "kaiser", beta = kaiserFast } = options;
  assertRates(from, to);
  if (!(lowpassFilterWidth > 0) || !(rolloff > 0 && rolloff <= 1) || !(beta >= 0)) {
    throw new RangeError(
      `resample: lowpassFilterWidth must be above 0, rolloff in (0, 1], beta 0 or more, got ${lowpassFilterWidth}, ${rolloff}, ${beta}.`,
    );
  }
  if (from === to) return samples;
  const divisor = greatestCommonDivisor(from, to);
  const ratio = { from: from / divisor, to: to / divisor };
  const phases = phasesOf({ ...ratio, lowpassFilterWidth, rolloff, window, beta });
  return applied(samples, ratio, phases);
}

const kaiserFast = 8.555504641634386;

interface Filter extends Required<ResampleOptions> {
  /** The rates, without a common divisor. */
  readonly from: number;
  readonly to: number;
}

/** The weights of new sample j, j below `to`: they belong to the samples from `first` on. */
interface Phase {
  readonly first: number;
  readonly weights: Float32Array;
}

type Phases = (j: number) => Phase;

function applied(samples: Float32Array, { from, to }: Pick<Filter, "from" | "to">, phases: Phases): Float32Array {
  const { length } = samples;
  const resampled = new Float32Array(Math.ceil((length * to) / from));
  for (let j = 0, phase = 0, start = 0; j < resampled.length; j++) {
    const { first, weights } = phases(phase);
    const begin = start + first;
    const low = Math.max(0, -begin); // silence lies before and after
    const high = Math.min(weights.length, length - begin);
    let sum = 0;
    for (let k = low; k < high; k++) sum += weights[k]! * samples[begin + k]!;
    resampled[j] = sum;
    phase += 1;
    if (phase === to) {
      phase = 0;
      start += from;
    }
  }
  return resampled;
}

/** The last few ratios' weights are kept: data sets have few rates. */
const kept = new Map<string, Phases>();
const mostKept = 8;
/** Weights of ratios without a period worth the name are computed anew each time. */
const mostKeptWeights = 2 ** 21;

function phasesOf(filter: Filter): Phases {
  const name = JSON.stringify(filter);
  const known = kept.get(name);
  if (known !== undefined) return known;
  const computed: Phase[] = [];
  const phases = (j: number) => {
    computed[j] ??= phaseOf(j, filter);
    return computed[j];
  };
  const span = (2 * filter.lowpassFilterWidth * Math.max(filter.from, filter.to)) / filter.rolloff;
  if (span > mostKeptWeights) return (j) => phaseOf(j, filter);
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
  kept.set(name, phases);
  return phases;
}

/** Row j of torchaudio's kernel, without the zeros at its ends: sinc(π t) · window(t), t = (i / from − j / to) · base. */
function phaseOf(j: number, { from, to, lowpassFilterWidth, rolloff, window, beta }: Filter): Phase {
  const base = Math.min(from, to) * rolloff;
  const reach = (lowpassFilterWidth * from) / base;
  const centre = (j * from) / to;
  const first = Math.ceil(centre - reach);
  const weights = new Float32Array(Math.floor(centre + reach) - first + 1);
  for (let k = 0; k < weights.length; k++) {
    const t = ((first + k) / from - j / to) * base;
    const share = Math.min(1, Math.abs(t / lowpassFilterWidth));
    const weight =
      window === "hann"
        ? Math.cos((Math.PI * share) / 2) ** 2
        : besselI0(beta * Math.sqrt(1 - share ** 2)) / besselI0(beta);
    const sinc = t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
    weights[k] = sinc * weight * (base / from);
  }
  return { first, weights };
}

/** The modified Bessel function of the first kind, order 0: Σ ((x/2)ⁿ / n!)². */
function besselI0(x: number): number {
  let [sum, term] = [1, 1];
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= (x / (2 * n)) ** 2;
    sum += term;
  }
  return sum;
}

function assertRates(from: number, to: number): void {
  for (const [name, rate] of Object.entries({ from, to })) {
    if (Number.isSafeInteger(rate) && rate > 0) continue;
    throw new RangeError(`resample: ${name} must be a whole number of Hz above 0, got ${rate}.`);
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
