/**
 * The packages name their options, the command its own: what is refused says what to type.
 */

/** `{ layout: "parts" }`, as a package's message has it, as the command takes it: `--layout parts`. */
export function inFlags(message: string): string {
  return message.replaceAll(/\{ (\w+): "?([\w.-]+)"? \}/g, (_, name: string, value: string) => {
    const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return `--${flag} ${value}`;
  });
}

/** The same failure, told with the command's options. */
export async function toldInFlags<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error) error.message = inFlags(error.message);
    throw error;
  }
}
