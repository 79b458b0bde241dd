/**
 * What a run measures, in both places where it is looked for: metrics.jsonl and TensorBoard.
 */
import { join } from "node:path";
import { type MetricsLog, type MetricsLogOptions, type MetricsRecord, openMetricsLog } from "../metrics/metrics-log.js";
import { openTensorboardLog } from "../metrics/tensorboard-log.js";

/** Every number of a record is a curve in TensorBoard. `resumeFrom` removes, or hides, what is later than a step. */
export async function openRunLog(folder: string, options: MetricsLogOptions = {}): Promise<MetricsLog> {
  const lines = await openMetricsLog(join(folder, "metrics.jsonl"), options);
  const curves = await openTensorboardLog(folder, options);

  async function append(record: MetricsRecord): Promise<void> {
    const { step, ...rest } = record;
    const numbers = Object.entries(rest).filter((field): field is [string, number] => typeof field[1] === "number");
    await lines.append(record);
    await curves.append(step, Object.fromEntries(numbers));
  }

  return {
    append,
    flush: () => lines.flush(),
    async close() {
      await lines.close();
      await curves.close();
    },
  };
}
