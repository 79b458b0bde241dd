/**
 * Names of tensors in other libraries' files, as our encoders have them: torchvision's and Hugging Face's.
 *
 * torchvision's ResNet, and timm's, which has the same names: conv1, bn1, layer1.0.conv1, …. Hugging Face's ResNet (microsoft/resnet-*):
 * embedder.embedder.convolution, encoder.stages.0.layers.0.layer.0.convolution, …. Hugging Face's ViT: ours, under `vit.` where there are heads.
 */
const PREFIXES = ["encoder.", "resnet.", "vit.", "module.", "backbone."];

/** Renamed where the name is a known one; others stay, and are told as not taken. */
export function encoderNames(stored: Iterable<string>): Map<string, string> {
  const names = [...stored];
  const has = (part: string) => names.some((name) => name.startsWith(part));
  const prefix = PREFIXES.find((each) =>
    ["conv1.", "embedder.", "embeddings.", "layer1."].some((first) => has(`${each}${first}`)),
  );
  const bare = (name: string) => (prefix !== undefined && name.startsWith(prefix) ? name.slice(prefix.length) : name);
  return new Map(names.map((name) => [name, torchvisionName(bare(name))]));
}

/** `encoder.stages.1.layers.0.layer.1.normalization.weight` is `layer2.0.bn2.weight`. */
function torchvisionName(name: string): string {
  const stem = /^embedder\.embedder\.(convolution|normalization)\.(.+)$/.exec(name);
  if (stem) return `${stem[1] === "convolution" ? "conv1" : "bn1"}.${stem[2]}`;
  const inside =
    /^encoder\.stages\.(\d+)\.layers\.(\d+)\.(?:layer\.(\d+)|shortcut)\.(convolution|normalization)\.(.+)$/.exec(name);
  if (!inside) return name;
  const [, stage, block, layer, kind, tensor] = inside;
  const isConvolution = kind === "convolution";
  const own =
    layer === undefined
      ? `downsample.${isConvolution ? 0 : 1}`
      : `${isConvolution ? "conv" : "bn"}${Number(layer) + 1}`;
  return `layer${Number(stage) + 1}.${block}.${own}.${tensor}`;
}
