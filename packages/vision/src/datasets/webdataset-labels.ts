/**
 * Labels beside images, as webdataset has them (https://github.com/webdataset/webdataset): `000123.cls` or `000123.json` beside `000123.jpg`.
 */

const LABEL_FILE = /\.(cls|class|json)$/i;
const FIELDS = ["label", "cls", "class", "category", "label_name", "class_name"];

/** What files of one sample have in common: the path up to the first dot of its last part. Undefined of a file that holds no label. */
export function labelKey(name: string, { isImage = false } = {}): string | undefined {
  if (!isImage && !LABEL_FILE.test(name)) return undefined;
  const slash = name.lastIndexOf("/") + 1;
  const dot = name.indexOf(".", slash);
  return dot < 0 ? name : name.slice(0, dot);
}

/** A number or a name; undefined where the file says none. */
export function labelIn(name: string, text: string): string | undefined {
  if (!/\.json$/i.test(name)) return plain(text);
  try {
    const fields = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    const field = FIELDS.find((key) => fields !== null && typeof fields === "object" && isLabel(fields[key]));
    return field && plain(String(fields![field]));
  } catch {
    return undefined;
  }
}

const isLabel = (value: unknown) => (typeof value === "string" && value !== "") || Number.isInteger(value);

function plain(text: string): string | undefined {
  const label = text.trim();
  return label === "" || label.includes("\n") ? undefined : label;
}
