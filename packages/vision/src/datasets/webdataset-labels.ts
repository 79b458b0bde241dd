/**
 * Labels beside images, as webdataset has them (https://github.com/webdataset/webdataset): `000123.cls` or `000123.json` beside `000123.jpg`.
 */

const LABEL_FILE = /\.(cls|class|json)$/i;
const FIELDS = ["label", "cls", "class", "category", "label_name", "class_name"];

export const holdsLabel = (name: string) => LABEL_FILE.test(name);

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
