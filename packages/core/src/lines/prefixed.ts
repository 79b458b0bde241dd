/** A large number in three digits: `3.63 G`, `58.7 M`, `960`. */
export function prefixed(value: number): string {
  const prefixes = ["", "k", "M", "G", "T", "P"];
  const steps =
    value < 1000 ? 0 : Math.min(prefixes.length - 1, Math.floor(Math.log10(Number(value.toPrecision(3))) / 3));
  const digits = Number((value / 1000 ** steps).toPrecision(3));
  return steps === 0 ? String(digits) : `${digits} ${prefixes[steps]}`;
}
