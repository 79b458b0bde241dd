/**
 * TensorBoard's events, encoded by hand: the few fields of event.proto and summary.proto that scalars, pictures and histograms need, in TFRecord frames.
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
  readonly images?: Readonly<Record<string, EventImage>>;
  readonly histograms?: Readonly<Record<string, EventHistogram>>;
  /** Readers drop what earlier files hold from this step on. */
  readonly isRestart?: boolean;
}

/** Summary.Image of summary.proto. */
export interface EventImage {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** The bytes of a PNG file. */
  readonly png: Uint8Array;
}

/** What TensorBoard's plugin "histograms" reads: a tensor of summary.proto with the plugin's name beside it. */
export interface EventHistogram {
  /** [k, 3]: of each bucket its left edge, its right edge, and how many values lie between. */
  readonly buckets: Float32Array;
  /** Shown under the picture; Markdown. */
  readonly description?: string;
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

function encodeEvent(event: TensorboardEvent): Buffer {
  const { wallTime, step = 0, fileVersion, scalars, images, histograms, isRestart = false } = event;
  const fields = [fixed64(1, wallTime)];
  if (step !== 0) fields.push(varintField(2, step));
  if (fileVersion !== undefined) fields.push(bytesField(3, Buffer.from(fileVersion)));
  if (scalars ?? images ?? histograms) {
    const numbers = Object.entries(scalars ?? {}).map(([tag, value]) => summaryValue(tag, fixed32(2, value))); // simple_value
    const shown = Object.entries(images ?? {}).map(([tag, image]) =>
      summaryValue(tag, bytesField(4, encodeImage(image))),
    );
    const spread = Object.entries(histograms ?? {}).map(([tag, histogram]) =>
      summaryValue(tag, encodeHistogram(histogram)),
    );
    fields.push(bytesField(5, Buffer.concat([...numbers, ...shown, ...spread])));
  }
  if (isRestart) fields.push(bytesField(7, varintField(1, 1))); // SessionLog: status START
  return Buffer.concat(fields);
}

/** Summary.Value: the tag, and one of the kinds of values. */
function summaryValue(tag: string, value: Buffer): Buffer {
  return bytesField(1, Buffer.concat([bytesField(1, Buffer.from(tag)), value]));
}

function encodeImage({ height, width, channels, png }: EventImage): Buffer {
  return Buffer.concat([
    varintField(1, height),
    varintField(2, width),
    varintField(3, channels), // colorspace: 1 is gray, 3 is RGB
    bytesField(4, png),
  ]);
}

/** Fields 8 and 9 of Summary.Value: a TensorProto of floats, and the SummaryMetadata that names the plugin. */
function encodeHistogram({ buckets, description }: EventHistogram): Buffer {
  const content = Buffer.alloc(4 * buckets.length);
  for (const [i, value] of buckets.entries()) content.writeFloatLE(value, 4 * i);
  const shape = [buckets.length / 3, 3].map((size) => bytesField(2, varintField(1, size)));
  const tensor = [varintField(1, 1), bytesField(2, Buffer.concat(shape)), bytesField(4, content)]; // type DT_FLOAT
  const metadata = [bytesField(1, bytesField(1, Buffer.from("histograms")))];
  if (description !== undefined) metadata.push(bytesField(3, Buffer.from(description)));
  return Buffer.concat([bytesField(8, Buffer.concat(tensor)), bytesField(9, Buffer.concat(metadata))]);
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

function bytesField(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([key(field, 2), varint(bytes.length), bytes]);
}
