/** `tf.node.tensorBoard`: the losses and metrics of `model.fit`, for TensorBoard. */
import { join } from "node:path";
import { CustomCallback, type LayersModel, type Logs } from "@tensorflow/tfjs";
import { type SummaryFileWriter, summaryFileWriter } from "./summary-file-writer.js";

export interface TensorBoardCallbackArgs {
  /** "epoch" (default) writes at the end of each epoch, "batch" after each batch too. */
  updateFreq?: "batch" | "epoch";
  /** Every so many epochs the weights' histograms are written; 0 (default) is never. */
  histogramFreq?: number;
}

/** What `model.fit` logs beside losses and metrics. */
const COUNTS = new Set(["batch", "size", "num_steps"]);
const VALIDATION = "val_";

export class TensorBoardCallback extends CustomCallback {
  private model: LayersModel | undefined;
  private batchesSeen = 0;
  private readonly written = new Set<SummaryFileWriter>();

  constructor(
    readonly logdir = "./logs",
    args: TensorBoardCallbackArgs = {},
  ) {
    const updateFreq = args?.updateFreq ?? "epoch";
    const histogramFreq = args?.histogramFreq ?? 0;
    if (updateFreq !== "batch" && updateFreq !== "epoch")
      throw new Error(`Expected updateFreq to be 'batch' or 'epoch', but got ${updateFreq}`);
    if (!Number.isInteger(histogramFreq) || histogramFreq < 0)
      throw new Error(`Expected histogramFreq to be a positive integer, but got ${histogramFreq}`);
    super({
      onBatchEnd:
        updateFreq === "batch"
          ? async (_, logs) => {
              this.batchesSeen += 1;
              this.logMetrics("batch_", logs, this.batchesSeen);
            }
          : undefined, // who asks for a batch's values has them computed
      onEpochEnd: async (epoch, logs) => {
        this.logMetrics("epoch_", logs, epoch + 1);
        if (histogramFreq > 0 && epoch % histogramFreq === 0) this.logWeights(epoch);
      },
      onTrainEnd: async () => {
        for (const writer of this.written) writer.flush();
      },
    });
  }

  override setModel(model: Parameters<CustomCallback["setModel"]>[0]): void {
    this.model = model as LayersModel;
  }

  private logMetrics(prefix: string, logs: Logs | undefined, step: number): void {
    for (const [key, value] of Object.entries(logs ?? {})) {
      if (COUNTS.has(key)) continue;
      const isValidation = key.startsWith(VALIDATION);
      const name = isValidation ? key.slice(VALIDATION.length) : key;
      this.writer(isValidation ? "val" : "train").scalar(prefix + name, value, step);
    }
  }

  private logWeights(step: number): void {
    for (const weight of this.model?.weights ?? []) this.writer("train").histogram(weight.name, weight.read(), step);
  }

  private writer(part: "train" | "val"): SummaryFileWriter {
    const writer = summaryFileWriter(join(this.logdir, part));
    this.written.add(writer);
    return writer;
  }
}

/** The callback of `model.fit` that writes to `logdir/train` and, of validation, to `logdir/val`. */
export function tensorBoard(logdir = "./logs", args?: TensorBoardCallbackArgs): TensorBoardCallback {
  return new TensorBoardCallback(logdir, args);
}
