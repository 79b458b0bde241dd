export type Samples = Int16Array | Int32Array | Float32Array | Float64Array;

/** The mean of channels [T · C] that take turns, each number times `scale`. */
export function mixChannels(samples: Samples, channels: number, scale: number): Float32Array {
  const frames = Math.floor(samples.length / channels);
  const mixed = new Float32Array(frames);
  if (channels === 1) {
    for (let t = 0; t < frames; t++) mixed[t] = samples[t]! * scale;
    return mixed;
  }
  for (let t = 0, at = 0; t < frames; t++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += samples[at++]!;
    mixed[t] = (sum / channels) * scale;
  }
  return mixed;
}
