/**
 * Triangular filters, evenly spaced on a mel scale, in the three conventions that libraries have.
 *
 * HTK: torchaudio.functional.melscale_fbanks. Slaney: librosa.filters.mel (Auditory Toolbox). Kaldi: torchaudio.compliance.kaldi.get_mel_banks,
 * HTK's scale with triangles that are straight in mel, not in Hz.
 */
export type MelScale = "htk" | "slaney" | "kaldi";

export interface MelFilterbankOptions {
  readonly scale: MelScale;
  readonly bands: number;
  /** Where the first triangle begins and the last one ends (Hz). */
  readonly lowestHz: number;
  readonly highestHz: number;
  /** `area`: each triangle's is 1 (Slaney's norm); otherwise its height is 1. */
  readonly norm: "area" | "height";
  /** Of the spectrum's bins, ascending (Hz). */
  readonly frequencies: readonly number[];
}

/** Weights of each band over the bins, [bands][bins]; a band narrower than the bins' distance may have none. */
export function melFilterbank(options: MelFilterbankOptions): Float64Array[] {
  const { scale, bands, lowestHz, highestHz, norm, frequencies } = options;
  const [toMel, toHz] = scale === "slaney" ? [slaneyMel, slaneyHz] : [htkMel, htkHz];
  const [lowest, highest] = [toMel(lowestHz), toMel(highestHz)];
  const corners = Array.from({ length: bands + 2 }, (_, i) => lowest + ((highest - lowest) * i) / (bands + 1)); // mel
  const isStraightInMel = scale === "kaldi";
  const axis = isStraightInMel ? corners : corners.map(toHz);
  const places = isStraightInMel ? frequencies.map(toMel) : frequencies;
  return Array.from({ length: bands }, (_, band) => {
    const [left, centre, right] = [axis[band]!, axis[band + 1]!, axis[band + 2]!];
    const height = norm === "area" ? 2 / (right - left) : 1;
    const weight = (at: number) =>
      Math.max(0, Math.min((at - left) / (centre - left), (right - at) / (right - centre)));
    return Float64Array.from(places, (at) => height * weight(at));
  });
}

/** m = 2595 log₁₀(1 + f / 700) = 1127 ln(1 + f / 700), but for rounding. */
const htkMel = (hz: number): number => 2595 * Math.log10(1 + hz / 700);
const htkHz = (mel: number): number => 700 * (10 ** (mel / 2595) - 1);

/** Straight below 1,000 Hz, 3 mel for each 200 Hz; logarithmic above, 27 mel for a factor of 6.4. */
const slaneyMel = (hz: number): number =>
  hz < 1000 ? (3 * hz) / 200 : 15 + (27 * Math.log(hz / 1000)) / Math.log(6.4);
const slaneyHz = (mel: number): number => (mel < 15 ? (200 * mel) / 3 : 1000 * 6.4 ** ((mel - 15) / 27));
