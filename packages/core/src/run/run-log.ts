/**
 * What a run measures and shows, in the places where it is looked for: metrics.jsonl, pictures/ and TensorBoard.
 */
import { join } from "node:path";
import { type MetricsLog, type MetricsLogOptions, type MetricsRecord, openMetricsLog } from "../metrics/metrics-log.js";
import { openTensorboardLog } from "../metrics/tensorboard-log.js";
import { encodePng, type Picture } from "../pictures/picture.js";
import { openPictures } from "../pictures/picture-folder.js";

export interface RunLog extends MetricsLog {
  /** Writes `pictures/step-N.png`, and with a name, for a step of several pictures, `pictures/step-N-NAME.png`. */
  picture(step: number, picture: Picture, name?: string): Promise<void>;
}

/** Every number of a record is a curve in TensorBoard. `resumeFrom` removes, or hides, what is later than a step. */
export async function openRunLog(folder: string, options: MetricsLogOptions = {}): Promise<RunLog> {
  const pictures = await openPictures(join(folder, "pictures"), options);
  const lines = await openMetricsLog(join(folder, "metrics.jsonl"), options);
  const curves = await openTensorboardLog(folder, options);

  async function append(record: MetricsRecord): Promise<void> {
    const { step, ...rest } = record;
    const numbers = Object.entries(rest).filter((field): field is [string, number] => typeof field[1] === "number");
    await lines.append(record);
    await curves.append(step, Object.fromEntries(numbers));
  }

  async function picture(step: number, picture: Picture, name?: string): Promise<void> {
    const png = encodePng(picture);
    const { height, width, channels } = picture;
    await pictures.save(step, png, name);
    await curves.picture(step, name ?? "picture", { height, width, channels, png });
  }

  return {
    append,
    picture,
    flush: () => lines.flush(),
    async close() {
      await lines.close();
      await curves.close();
    },
  };
}
