/**
 * An encoder before labelled data, beside raw features and itself before it learned: the same of every modality.
 */
import { basename } from "node:path";
import {
  type Encoder,
  type FeatureExtractor,
  type LabelledData,
  type LabelledPart,
  labelled,
  type RunConfig,
} from "@autodidact/core";
import type { ClassProtocol, ClassTask, Contenders, ResultRecord } from "@autodidact/evaluate";
import { contenderName, describeTask, type Examination, json } from "./evaluation.js";
import type { ExaminationOptions } from "./modality.js";
import { grouped } from "./progress.js";

/** What a modality's package gives. */
export interface Examined<Example> {
  readonly modality: ResultRecord["task"]["modality"];
  /** What the record calls the data. */
  readonly name: string;
  readonly data: LabelledData<Example>;
  readonly subject: ResultRecord["subject"];
  /** Features of the encoder, and of itself before it learned. */
  extractor(contender: "encoder" | "randomInit"): FeatureExtractor<Example>;
  readonly rawFeatures: () => ClassTask;
  /** What reads the raw features, where the protocol itself cannot. */
  rawProtocol?(protocol: ClassProtocol): ClassProtocol;
}

export function examination<Example>(
  examined: Examined<Example>,
  options: Pick<ExaminationOptions, "signal" | "show">,
): Examination {
  const { modality, name, data, subject, rawProtocol } = examined;
  return {
    task: describeTask(modality, name, data),
    subject,
    contenders: () => contendersOf(examined, options),
    rawProtocol,
  };
}

/** The same examples to every contender. */
async function contendersOf<Example>(
  { modality, data, extractor, rawFeatures }: Examined<Example>,
  { signal, show }: Pick<ExaminationOptions, "signal" | "show">,
): Promise<Contenders<ClassTask>> {
  const encoded = async (contender: "encoder" | "randomInit"): Promise<ClassTask> => {
    const extract = extractor(contender);
    const of = async ({ examples, labels }: LabelledPart<Example>) => {
      const onProgress = (done: number) =>
        show(`features of ${contenderName(contender, modality)}: ${grouped(done)} of ${grouped(examples.length)}`);
      return labelled(await extract(examples, { signal, onProgress }), labels, data.classes.length);
    };
    try {
      return { train: await of(data.train), test: await of(data.test) };
    } finally {
      extract.dispose();
    }
  };
  return { encoder: await encoded("encoder"), randomInit: await encoded("randomInit"), rawFeatures: rawFeatures() };
}

/** What both `loadImageEncoder` and `loadTextEncoder` give. */
interface Loaded {
  readonly weights: string;
  readonly step: number;
  readonly seed: number;
  readonly config: RunConfig | undefined;
}

/** `described` is the encoder's own config; a folder that is no run is called by its name. */
export function describeSubject(
  { weights, step, seed, config }: Loaded,
  described: Encoder["config"],
  folder: string,
): ResultRecord["subject"] {
  const data = config?.data as { path: string } | undefined;
  return {
    method: typeof config?.method === "string" ? config.method : basename(folder),
    encoder: json(described),
    weights,
    step,
    seeds: [seed],
    pretraining: json({ ...config, ...(data && { data: { ...data, path: basename(data.path) } }) }),
  };
}
