/**
 * TensorBoard's events, encoded by hand: the few fields of event.proto and summary.proto that scalars need, in TFRecord frames.
 */
import { maskedCrc32c } from "./crc32c.js";

/** A message of event.proto. */
export interface TensorboardEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step?: number;
  /** First in each file: `brain.Event:2`. */
  readonly fileVersion?: string;
  readonly scalars?: Readonly<Record<string, number>>;
  /** Readers drop what earlier files hold from this step on. */
  readonly isRestart?: boolean;
}

/** Length, its checksum, the event, its checksum. */
export function eventRecord(event: TensorboardEvent): Uint8Array {
  const payload = encodeEvent(event);
  const record = Buffer.alloc(8 + 4 + payload.length + 4);
  record.writeBigUInt64LE(BigInt(payload.length), 0);
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
  record.set(payload, 12);
  record.writeUInt32LE(maskedCrc32c(payload), 12 + payload.length);
  return record;
}

function encodeEvent({ wallTime, step = 0, fileVersion, scalars, isRestart = false }: TensorboardEvent): Buffer {
  const fields = [fixed64(1, wallTime)];
  if (step !== 0) fields.push(varintField(2, step));
  if (fileVersion !== undefined) fields.push(bytesField(3, Buffer.from(fileVersion)));
  if (scalars !== undefined) {
    const values = Object.entries(scalars).map(
      ([tag, value]) => bytesField(1, Buffer.concat([bytesField(1, Buffer.from(tag)), fixed32(2, value)])), // Summary.Value: tag, simple_value
    );
    fields.push(bytesField(5, Buffer.concat(values)));
  }
  if (isRestart) fields.push(bytesField(7, varintField(1, 1))); // SessionLog: status START
  return Buffer.concat(fields);
}

// Protocol buffers' wire format, https://protobuf.dev/programming-guides/encoding: a field is its number and kind, then its value.

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

const key = (field: number, kind: number) => varint((field << 3) | kind);

function varintField(field: number, value: number): Buffer {
  return Buffer.concat([key(field, 0), varint(value)]);
}

function fixed64(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([key(field, 1), bytes]);
}

function fixed32(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(field, 5), bytes]);
}

function bytesField(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([key(field, 2), varint(bytes.length), bytes]);
}
