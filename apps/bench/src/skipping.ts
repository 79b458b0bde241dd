/** Names what is broken and passed over, the first ten at least. */
export function skipping(print: (text: string) => void): (error: Error) => void {
  let told = 0;
  return ({ message }) => {
    if (told++ < 10) print(`skipped: ${message}`);
  };
}
