/**
 * Reads event files by their specifications alone (TFRecord; protobuf's wire format; event.proto, summary.proto, tensor.proto): no code of
 * what writes them.
 */
import { crc32c } from "./crc32c-bitwise.js";

export interface ReadEvent {
  fileVersion?: string;
  step?: number;
  tag?: string;
  value?: number;
  plugin?: string;
  description?: string;
  shape?: number[];
  content?: number[];
}

type Field = bigint | Uint8Array;

/** Throws at a wrong checksum. */
export function eventsOf(file: Uint8Array): ReadEvent[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const events: ReadEvent[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    assertChecksum(file.subarray(at, at + 8), view.getUint32(at + 8, true));
    const payload = file.subarray(at + 12, at + 12 + length);
    assertChecksum(payload, view.getUint32(at + 12 + length, true));
    events.push(eventOf(fieldsOf(payload)));
    at += 16 + length;
  }
  return events;
}

function assertChecksum(bytes: Uint8Array, stored: number): void {
  const crc = crc32c(bytes);
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  if (masked !== stored) throw new Error(`the checksum of ${bytes.length} bytes must be ${masked}, got ${stored}`);
}

function eventOf(event: Map<number, Field[]>): ReadEvent {
  const version = event.get(3)?.[0];
  if (version) return { fileVersion: textOf(version) };
  const value = within(within(event, 5), 1);
  const read: ReadEvent = { step: Number(event.get(2)?.[0] ?? 0n), tag: textOf(value.get(1)![0]!) };
  const simple = value.get(2)?.[0];
  if (simple) return { ...read, value: floatsOf(simple)[0] };
  const [tensor, metadata] = [within(value, 8), within(value, 9)];
  const dimensions = within(tensor, 2).get(2) ?? [];
  return {
    ...read,
    plugin: textOf(within(metadata, 1).get(1)![0]!),
    description: textOf(metadata.get(3)?.[0] ?? new Uint8Array()),
    shape: dimensions.map((size) => Number(fieldsOf(size as Uint8Array).get(1)![0])),
    content: floatsOf(tensor.get(4)![0]!),
  };
}

const within = (message: Map<number, Field[]>, field: number) => fieldsOf(message.get(field)![0] as Uint8Array);
const textOf = (field: Field) => Buffer.from(field as Uint8Array).toString();
const floatsOf = (field: Field) => [...new Float32Array(Uint8Array.from(field as Uint8Array).buffer)];

/** Values by field number; of numbers of fixed size their bytes. */
function fieldsOf(message: Uint8Array): Map<number, Field[]> {
  const fields = new Map<number, Field[]>();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const bytes = (length: number) => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = Number(varint());
    const kind = key & 7;
    const value = kind === 0 ? varint() : bytes(kind === 1 ? 8 : kind === 5 ? 4 : Number(varint()));
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}
