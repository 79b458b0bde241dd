/**
 * `tf.node.summaryFileWriter`: numbers and histograms for TensorBoard, written while the caller waits, as tfjs-node does.
 */
import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { eventRecord, type TensorboardEvent } from "@autodidact/core/event-record";
import type { Scalar, Tensor } from "@tensorflow/tfjs";
import { bucketsOf } from "./buckets.js";

interface Waiting {
  /** Events that wait to be written. */
  readonly most: number;
  /** For so long, in milliseconds. */
  readonly longest: number;
}

export class SummaryFileWriter {
  private readonly path: string;
  private waiting: Uint8Array[] = [];
  private flushed = performance.now();

  /** Begins an event file in the folder, which is made where it is not. */
  constructor(
    folder: string,
    suffix: string,
    private readonly bounds: Waiting,
  ) {
    const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, "0"); // names sort by time
    const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${randomUUID()}${suffix}`;
    this.path = join(folder, name);
    mkdirSync(folder, { recursive: true });
    const first = eventRecord({ wallTime: Date.now() / 1000, fileVersion: "brain.Event:2" });
    writeFileSync(this.path, first, { flag: "wx" });
  }

  /** A number under a name: a JavaScript number, or a tensor of rank 0, which is read. */
  scalar(name: string, value: Scalar | number, step: number, description?: string): void {
    if (description != null) throw new Error("scalar() does not support description yet");
    if (typeof value !== "number" && value.rank !== 0)
      throw new Error(`scalar: the value of ${name} must be a number or a tensor of rank 0, got rank ${value.rank}.`);
    this.add(step, { scalars: { [name]: typeof value === "number" ? value : value.dataSync()[0]! } });
  }

  /** How a tensor's elements are spread, whatever its shape; `buckets` is 30 unless told. */
  histogram(name: string, data: Tensor, step: number, buckets?: number, description?: string): void {
    const histogram = { buckets: bucketsOf(data.dataSync(), buckets), description };
    this.add(step, { histograms: { [name]: histogram } });
  }

  /** Writes what waits. */
  flush(): void {
    this.flushed = performance.now();
    if (this.waiting.length === 0) return;
    appendFileSync(this.path, Buffer.concat(this.waiting));
    this.waiting = [];
  }

  private add(step: number, event: Omit<TensorboardEvent, "wallTime" | "step">): void {
    if (!Number.isInteger(step)) throw new Error(`step is expected to be an integer, but is instead ${step}`);
    this.waiting.push(eventRecord({ wallTime: Date.now() / 1000, step, ...event }));
    if (this.waiting.length > this.bounds.most || performance.now() - this.flushed > this.bounds.longest) this.flush();
  }
}

/** Two writers of one folder would disturb each other: each folder has one. */
const writers = new Map<string, SummaryFileWriter>();

/**
 * The writer of a folder's events: the same one each time it is asked for. Events wait until there are more than `maxQueue`, or one comes
 * `flushMillis` milliseconds after the last writing; the rest is written when the process exits.
 */
export function summaryFileWriter(
  logdir: string,
  maxQueue = 10,
  flushMillis = 120_000,
  filenameSuffix = ".v2",
): SummaryFileWriter {
  if (typeof logdir !== "string" || logdir === "")
    throw new Error(`Invalid logdir: ${logdir}. Expected a non-empty string for logdir.`);
  let writer = writers.get(logdir);
  if (writer === undefined) {
    if (writers.size === 0) process.once("exit", () => flushAll());
    writer = new SummaryFileWriter(logdir, filenameSuffix, { most: maxQueue, longest: flushMillis });
    writers.set(logdir, writer);
  }
  return writer;
}

/** Who has taken a folder away wants nothing in it. */
function flushAll(): void {
  for (const [folder, writer] of writers) if (existsSync(folder)) writer.flush();
}
