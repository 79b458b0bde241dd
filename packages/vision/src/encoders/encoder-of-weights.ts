/**
 * Which of our encoders a file's weights are of, by the shapes of its tensors and the config.json beside it.
 */
import { UsageError } from "@autodidact/core";
import type { InitialWeights } from "./initial-weights.js";
import type { EncoderChoice } from "./named-encoders.js";

type Described = Pick<InitialWeights, "path" | "shapes" | "config">;

/** Everything that makes the encoder, as far as weights tell; refused where they are of none of ours, or compute something else. */
export function encoderOfWeights(weights: Described): EncoderChoice {
  const { path, shapes } = weights;
  assertComputedHere(weights);
  const [stem, patches] = [shapes.get("conv1.weight"), shapes.get("embeddings.patch_embeddings.projection.weight")];
  if (stem?.length === 4) return residual(path, shapes, stem);
  if (patches?.length === 4) return transformer(weights, patches);
  const [first = "nothing"] = shapes.keys();
  throw new UsageError(
    `\`init\` ${path} must hold a ResNet 18, 34 or 50 in torchvision's or Hugging Face's names, or a ViT in Hugging Face's (ViTModel, ViTMAEForPreTraining), and begins with ${first}.`,
  );
}

function residual(path: string, shapes: Described["shapes"], stem: readonly number[]): EncoderChoice {
  const blocks = [1, 2, 3, 4].map((stage) => countOf(shapes, new RegExp(`^layer${stage}\\.(\\d+)\\.`)));
  const isDeep = shapes.has("layer1.0.conv3.weight");
  const encoder = isDeep
    ? { "3,4,6,3": "resnet50" }[`${blocks}`]
    : { "2,2,2,2": "resnet18", "3,4,6,3": "resnet34" }[`${blocks}`];
  if (encoder === undefined)
    throw new UsageError(
      `\`init\` ${path} must be a ResNet 18, 34 or 50, and has stages of ${blocks.join(", ")} ${isDeep ? "bottlenecks" : "blocks"}. Take another.`,
    );
  return { encoder: encoder as EncoderChoice["encoder"], width: stem[0]!, stem: stem[2] === 3 ? "cifar" : "imagenet" };
}

const vitNames = { 192: "vit-tiny", 384: "vit-small" } as const;

function transformer({ shapes, config }: Described, [width, , patchSize]: readonly number[]): EncoderChoice {
  const heads = config?.num_attention_heads;
  return {
    encoder: vitNames[width as 192] ?? "vit-base",
    width: width!,
    patchSize: patchSize!,
    layers: countOf(shapes, /^encoder\.layer\.(\d+)\./),
    ...(typeof heads === "number" && { heads }),
  };
}

/** How many numbers stand where the pattern has them. */
function countOf(shapes: Described["shapes"], pattern: RegExp): number {
  return new Set([...shapes.keys()].flatMap((name) => pattern.exec(name)?.[1] ?? [])).size;
}

/** What Hugging Face's configs can ask for that would take the same tensors to other features. */
function assertComputedHere({ path, config = {} }: Described): void {
  const activation = config.hidden_act ?? (config.model_type === "resnet" ? "relu" : "gelu");
  const wanted = config.model_type === "resnet" ? "relu" : "gelu";
  const strange = [
    config.model_type !== undefined && activation !== wanted && `hidden_act ${JSON.stringify(activation)}`,
    config.qkv_bias === false && "qkv_bias false",
    config.downsample_in_first_stage === true && "downsample_in_first_stage",
    config.downsample_in_bottleneck === true && "downsample_in_bottleneck",
  ].find((each) => each !== false);
  if (strange === undefined) return;
  throw new UsageError(`\`init\` ${path}: config.json has ${strange}, which is not computed here. Take another model.`);
}
