/**
 * Where a share lies, of which few examples tell: Wilson's score interval.
 *
 * Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953; Brown, Cai & DasGupta 2001 recommend it for n up to 40. The percentile
 * bootstrap of two right answers out of two is the point 100 %; this one says 34 to 100.
 */
import type { Interval } from "./bootstrap.js";

/** Below so many examples, or groups of them, the percentile bootstrap is too narrow to be shown. */
export const FEW_EXAMPLES = 100;
/** The 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054;

/**
 * 95 %, around the mean of `examples` values from 0 to 1. It is made for right or wrong; any other values within 0 and 1 have no greater
 * variance, so that it is wide enough for them too.
 */
export function wilsonInterval(share: number, examples: number): Interval {
  const square = Z * Z;
  const centre = (share + square / (2 * examples)) / (1 + square / examples);
  const half =
    (Z * Math.sqrt((share * (1 - share)) / examples + square / (4 * examples * examples))) / (1 + square / examples);
  return [Math.max(0, Math.min(share, centre - half)), Math.min(1, Math.max(share, centre + half))];
}
