/**
 * Scalars and pictures for TensorBoard: `tensorboard --logdir runs` shows them while the run goes on.
 */
import { randomUUID } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { namingPath } from "../checkpoint/naming-path.js";
import { type EventImage, eventRecord } from "./event-record.js";

export interface TensorboardLog {
  /** Values that are no finite number are shown as gaps, as TensorBoard does. */
  append(step: number, scalars: Readonly<Record<string, number>>): Promise<void>;
  /** One picture of a step under a name. */
  picture(step: number, tag: string, image: EventImage): Promise<void>;
  close(): Promise<void>;
}

export interface TensorboardLogOptions {
  /** The step a run resumes from: TensorBoard drops what older files hold after it. */
  resumeFrom?: number;
}

/** Begins a new event file in `folder`. */
export async function openTensorboardLog(folder: string, options: TensorboardLogOptions = {}): Promise<TensorboardLog> {
  const { resumeFrom } = options;
  await mkdir(folder, { recursive: true });
  const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, "0"); // names sort by time
  const path = join(folder, `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${randomUUID()}`);
  const file = await open(path, "ax");
  const add = (event: Uint8Array) => namingPath(path, () => file.appendFile(event));
  const wallTime = () => Date.now() / 1000;

  await add(eventRecord({ wallTime: wallTime(), fileVersion: "brain.Event:2" }));
  if (resumeFrom !== undefined) {
    await add(eventRecord({ wallTime: wallTime(), step: resumeFrom + 1, isRestart: true }));
  }
  return {
    append: (step, scalars) => add(eventRecord({ wallTime: wallTime(), step, scalars })),
    picture: (step, tag, image) => add(eventRecord({ wallTime: wallTime(), step, images: { [tag]: image } })),
    close: () => file.close(),
  };
}
