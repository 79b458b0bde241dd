/**
 * The classes of a head, by their numbers, as Hugging Face's config.json names them.
 */
type Config = Readonly<Record<string, unknown>>;

export function labelFields(classes: readonly string[]): Pick<Config, "id2label" | "label2id"> {
  return {
    id2label: Object.fromEntries(classes.map((name, label) => [label, name])),
    label2id: Object.fromEntries(classes.map((name, label) => [name, label])),
  };
}

/** In the order of their numbers; two without names where the config does not say, as in transformers. */
export function labelNames({ id2label }: Config): string[] {
  const names = (id2label ?? { 0: "LABEL_0", 1: "LABEL_1" }) as Record<string, string>;
  return Object.keys(names)
    .sort((a, b) => Number(a) - Number(b))
    .map((label) => names[label]!);
}
