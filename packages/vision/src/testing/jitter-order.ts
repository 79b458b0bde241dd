/**
 * Jitter as the oracles write it: names and amounts in order.
 */
import { brightness, contrast, hue, type Slot, saturation } from "../augment/color-jitter.js";

export type Order = readonly (readonly [name: "brightness" | "contrast" | "saturation" | "hue", amount: number])[];

/** Filled up to `length` with slots that change nothing. */
export function slotsOf(order: Order, channels: number, length = order.length): Slot[] {
  const make = { brightness, contrast, saturation, hue };
  const idle = Array.from({ length: length - order.length }, () => brightness(1, channels));
  return [...order.map(([name, amount]) => make[name](amount, channels)), ...idle];
}
