/**
 * What `model.fit` prints while it trains (`verbose: 1`, its default), as tfjs-node does: a line when an epoch begins, a bar where the
 * standard error is a terminal, and at the end the time with the losses and metrics.
 */
import { CustomCallback, type Logs } from "@tensorflow/tfjs";
import { shortNumber } from "./short-number.js";

/** A bar is drawn at most so often, in milliseconds. */
const REDRAWN = 50;

export class ProgbarLogger extends CustomCallback {
  private begun = 0;
  private batches = 0;
  private drawn = 0;

  /** `out` gets the lines, `screen` the bar; who asks for a batch's losses has them computed, so that nothing asks where no bar is drawn. */
  constructor(
    private readonly out: Pick<NodeJS.WriteStream, "write"> = process.stdout,
    private readonly screen: Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns"> = process.stderr,
  ) {
    super({
      onEpochBegin: async (epoch) => {
        [this.begun, this.batches, this.drawn] = [performance.now(), 0, 0];
        this.out.write(`Epoch ${epoch + 1} / ${this.params.epochs}\n`);
      },
      onBatchEnd: screen.isTTY
        ? async (_, logs) => {
            this.batches += 1;
            this.draw(logs);
          }
        : undefined,
      onEpochEnd: async (_, logs) => this.tellEpoch(logs),
    });
  }

  private tellEpoch(logs: Logs | undefined): void {
    if (this.screen.isTTY) this.screen.write("\r\x1b[K");
    const ms = performance.now() - this.begun;
    const { samples } = this.params as { samples?: number };
    const steps = samples ?? this.stepsOfEpoch ?? (this.batches || 1);
    this.out.write(`${ms.toFixed(0)}ms ${((ms / steps) * 1e3).toFixed(0)}us/step - ${metricsOf(logs)}\n`);
  }

  /** Where it is known how many batches there are: a data set may not say. */
  private get stepsOfEpoch(): number | undefined {
    const { samples, batchSize, steps } = this.params as { samples?: number; batchSize?: number; steps?: number };
    return samples === undefined || samples === null ? (steps ?? undefined) : Math.ceil(samples / batchSize!);
  }

  private draw(logs: Logs | undefined): void {
    const now = performance.now();
    if (now - this.drawn < REDRAWN) return;
    this.drawn = now;
    const half = Math.floor((this.screen.columns ?? 80) / 2);
    const total = this.stepsOfEpoch;
    const told = metricsOf(logs).slice(0, half - 12);
    if (total === undefined) {
      this.screen.write(`\r\x1b[K${this.batches} batches ${told}`);
      return;
    }
    const filled = Math.min(half, Math.floor((half * this.batches) / total));
    const eta = (((now - this.begun) / this.batches) * (total - this.batches)) / 1e3;
    const bar = `${"=".repeat(Math.max(filled - 1, 0))}>`.padEnd(half, "-");
    this.screen.write(`\r\x1b[Keta=${eta.toFixed(1)} ${bar} ${told}`);
  }
}

/** `acc=0.91 loss=0.31 `, by name. */
function metricsOf(logs: Logs | undefined): string {
  return Object.entries(logs ?? {})
    .filter(([key]) => key !== "batch" && key !== "size")
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${shortNumber(value)} `)
    .join("");
}
