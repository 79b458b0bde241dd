/**
 * What an encoder's maps are worth for masks: a linear probe of places, beside pixels and the encoder before it learned.
 */
import { basename } from "node:path";
import { createRandom, parameterCount, UsageError } from "@autodidact/core";
import {
  circumstancesOf,
  compare,
  contenderName,
  type DenseAnswer,
  describeDense,
  describeSubject,
  type EvaluationTask,
  modelCost,
  type Protocol,
  probeRecord,
  type SegmentationLabels,
  segmentationMetrics,
} from "@autodidact/evaluate";
import {
  type FrozenMaps,
  featureMaps,
  loadImageEncoder,
  openSegmentation,
  pixelCounts,
  probeMasks,
  standardize,
} from "@autodidact/vision";
import { readingTold } from "../reading-told.js";
import { segmentationOptions, segmentationReading } from "./dense-lessons.js";

/** What a contender is asked by: its maps, or pixels themselves. */
interface Given extends SegmentationLabels {
  probe(context: Pick<Parameters<typeof probeMasks>[3], "random" | "signal">): Promise<DenseAnswer>;
}

const denseProtocol: Protocol<Given, DenseAnswer> = {
  name: "dense-linear",
  version: 1,
  kind: "dense",
  settings: { epochs: 40, batchSize: 16, learningRate: 1e-2, stages: 2 },
  metrics: segmentationMetrics,
  run: ({ probe }, { random, signal }) => probe({ random, signal }),
};

export const denseLinear: EvaluationTask = {
  summary: "of images with masks: a 1×1 convolution on frozen maps",
  version: denseProtocol.version,
  options: segmentationOptions,
  async *run({ folder, data: path, perClass, labelsPerClass, seeds = 1, seed }, own, { line, signal, engine }) {
    if (perClass !== undefined || labelsPerClass !== undefined) {
      throw new UsageError(
        "--per-class and --labels-per-class do not go with --protocol dense-linear: a mask has many classes.",
      );
    }
    const circumstances = circumstancesOf(engine);
    const { encoder, untrained, preprocessing, decoding, ...loaded } = await loadImageEncoder(folder);
    const { onFound, onCorrupt, conclude } = readingTold("images", line);
    const data = await openSegmentation(path, { ...decoding, ...segmentationReading(own), onCorrupt, onFound, signal });
    conclude();
    const { statistics } = preprocessing;
    const learnedFrom = pixelCounts(data);
    const by = (maps: FrozenMaps): Given => ({
      learnedFrom,
      probe: (context) => probeMasks((bytes) => maps(standardize(bytes, statistics)), encoder, data, context),
    });
    const contenders = {
      encoder: by(featureMaps(encoder)),
      randomInit: by(featureMaps(untrained())),
      rawFeatures: by((images) => images),
    };
    const all = Array.from({ length: seeds }, (_, i) => i);
    const asked = { random: createRandom(seed), seeds: all, signal };
    const comparison = await compare(denseProtocol, contenders, asked, (name) =>
      line.show(`dense-linear: ${contenderName(name, "image")}`),
    );
    yield probeRecord(denseProtocol, comparison, {
      task: describeDense(basename(path), data),
      subject: describeSubject(loaded, encoder.config, folder),
      ...circumstances(modelCost({}, parameterCount(encoder))),
    });
  },
};
