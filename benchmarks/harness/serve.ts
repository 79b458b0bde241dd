/**
 * The contender's side of the protocol: prepare once, then run timed steps on request until stdin ends.
 */
import { createInterface } from "node:readline";
import type { Stats } from "@autodidact/tfjs-backend-onnx";
import type { Ready, Reply, Request, Steps, Task } from "./protocol.js";

export interface Contender {
  readonly version: string;
  /** One step, ended only when its result is a number in JavaScript. */
  step(): Promise<number>;
  engine?(): Stats;
}

export async function serve(prepare: (task: Task) => Promise<Contender>): Promise<void> {
  try {
    const contender = await prepare(JSON.parse(process.argv[2]!) as Task);
    say({ ready: true, version: contender.version } satisfies Ready);
    for await (const line of createInterface({ input: process.stdin })) {
      say(await runSteps(contender, (JSON.parse(line) as Request).steps));
    }
  } catch (error) {
    say({ error: error instanceof Error ? error.message : String(error) });
  }
}

async function runSteps(contender: Contender, steps: number): Promise<Steps> {
  const milliseconds: number[] = [];
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const start = performance.now();
    losses.push(await contender.step());
    milliseconds.push(performance.now() - start);
  }
  const peakResidentBytes = process.resourceUsage().maxRSS * 1024;
  return { milliseconds, losses, peakResidentBytes, engine: contender.engine?.() };
}

function say(reply: Reply): void {
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
