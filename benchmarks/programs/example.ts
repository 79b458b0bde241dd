/** An example's source, made larger: its import gives way to a global, and constants of its own get other values. */
const IMPORT = 'import * as tf from "@tensorflow/tfjs-node";';

/** `const UNITS = 8;` becomes `const UNITS = 64;`. Throws where the program has no such constant: it would run at its own size. */
export function resized(source: string, size: Readonly<Record<string, number>>): string {
  if (!source.includes(IMPORT)) throw new Error(`resized: the program must have the line ${IMPORT}`);
  let text = source.replace(IMPORT, "const tf = globalThis.tensorflow;");
  for (const [name, value] of Object.entries(size)) {
    const line = new RegExp(`^const ${name} = \\d+;$`, "m");
    if (!line.test(text)) throw new Error(`resized: the program must have a line "const ${name} = NUMBER;".`);
    text = text.replace(line, `const ${name} = ${value};`);
  }
  return text;
}
