/** Numbers for descriptions: equal text, equal number. Comparing graphs then compares integers. */
export class Interner {
  private readonly numbers = new Map<string, number>();

  number(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.numbers.size + 1;
      this.numbers.set(text, number);
    }
    return number;
  }

  get size(): number {
    return this.numbers.size;
  }
}

/** JSON that keeps NaN, infinities and −0 apart, which are all ordinary attribute values. */
export function attributeText(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (Array.isArray(value)) return `[${value.map(attributeText).join()}]`;
  if (value !== null && typeof value === "object") {
    let text = "{";
    for (const key in value) text += `${key}:${attributeText((value as Record<string, unknown>)[key])},`;
    return `${text}}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
