/** The bytes of a WAV file: one channel of whole numbers of 16 bits. `samples` are from −1 to 1; louder ones are cut. */
export function wavOf(samples: Float32Array, sampleRate: number): Uint8Array {
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16); // bytes that describe the samples
  bytes.writeUInt16LE(1, 20); // whole numbers
  bytes.writeUInt16LE(1, 22); // one channel
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(2 * sampleRate, 28); // bytes a second
  bytes.writeUInt16LE(2, 32); // bytes a sample
  bytes.writeUInt16LE(16, 34); // bits a sample
  bytes.write("data", 36);
  bytes.writeUInt32LE(2 * samples.length, 40);
  for (const [place, sample] of samples.entries())
    bytes.writeInt16LE(Math.round(32_767 * Math.max(-1, Math.min(1, sample))), 44 + 2 * place);
  return bytes;
}
