/**
 * The packages name their options, the command its own: what is refused says what to type.
 */

/** `{ encoding: "latin1" }`, as a package's message has it, as the command takes it: `--encoding latin1`. */
export function inFlags(message: string): string {
  return message.replaceAll(/\{ (\w+): ("(?:[^"\\]|\\.)*"|[\w.]+|…) \}/g, (_, name: string, value: string) => {
    const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return `--${flag} ${typedAs(value)}`;
  });
}

function typedAs(value: string): string {
  if (value === "true") return "yes";
  if (value === "false") return "no";
  if (!value.startsWith('"')) return value;
  const text = JSON.parse(value) as string;
  return /^[\w.-]+$/.test(text) ? text : value;
}

/** The same failure, told with the command's options. */
export function failureInFlags(error: unknown): unknown {
  if (error instanceof Error) error.message = inFlags(error.message);
  return error;
}

export async function toldInFlags<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw failureInFlags(error);
  }
}
