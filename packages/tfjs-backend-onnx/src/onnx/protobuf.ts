/**
 * The few protobuf wire types that an ONNX model needs (https://protobuf.dev/programming-guides/encoding).
 */
export class ProtobufWriter {
  private bytes = new Uint8Array(64);
  private length = 0;

  /** Field of wire type 0. */
  integer(field: number, value: number | bigint): this {
    this.varint(field << 3);
    this.varint(value);
    return this;
  }

  /** Field of wire type 5. */
  float(field: number, value: number): this {
    this.varint((field << 3) | 5);
    const bits = new Uint8Array(new Float32Array([value]).buffer);
    return this.raw(bits);
  }

  /** Field of wire type 2: a string, bytes or a message. */
  chunk(field: number, value: string | Uint8Array | ProtobufWriter): this {
    const bytes =
      typeof value === "string" ? Buffer.from(value) : value instanceof ProtobufWriter ? value.finish() : value;
    this.varint((field << 3) | 2);
    this.varint(bytes.length);
    return this.raw(bytes);
  }

  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private varint(value: number | bigint): void {
    this.reserve(10);
    if (typeof value === "number" && value >= 0 && value < 2 ** 31) {
      let rest = value;
      for (; rest > 127; rest >>>= 7) this.bytes[this.length++] = (rest & 127) | 128;
      this.bytes[this.length++] = rest;
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) this.bytes[this.length++] = Number(rest & 127n) | 128;
    this.bytes[this.length++] = Number(rest);
  }

  private raw(bytes: Uint8Array): this {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.length + more));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}
