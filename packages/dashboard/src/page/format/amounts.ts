/**
 * Amounts for people: three significant digits and a word for the size.
 */
const PREFIXES = ["", "k", "M", "G", "T", "P"] as const;

/** 11 173 962 → `11.2 M`. Below a thousand as it is. */
export function describeCount(count: number | null, unit = ""): string {
  if (count === null) return "–";
  let value = count;
  let power = 0;
  while (Math.abs(value) >= 999.5 && power < PREFIXES.length - 1) {
    value /= 1000;
    power += 1;
  }
  const size = `${PREFIXES[power]}${unit}`;
  const digits = power === 0 && Number.isInteger(value) ? String(value) : threeDigits(value);
  return size === "" ? digits : `${digits} ${size}`;
}

export const describeBytes = (bytes: number | null): string => describeCount(bytes, "B");

/** `0.42 s`, then as the command line tells durations: `12:30`, `3:05:00`. */
export function describeSeconds(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return "–";
  return seconds < 59.5 ? `${threeDigits(seconds)} s` : duration(seconds);
}

/** 0:07, 12:30, 3:05:00 */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Four significant digits: 0.3124, 3.1e-5 */
export function describeNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(1).replace(".0e", "e");
  return Math.abs(value) >= 1e5 ? describeCount(value) : String(Number(value.toPrecision(4)));
}

/** 12345 → `12 345`, with narrow spaces, so that it is read in one look. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `3 min ago`; a day once it is longer than a week. */
export function describeAgo(time: string, nowMs: number): string {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) return "–";
  const seconds = Math.max(0, (nowMs - ms) / 1000);
  if (seconds < 45) return "just now";
  if (seconds < 45 * MINUTE) return `${Math.max(1, Math.round(seconds / MINUTE))} min ago`;
  if (seconds < 22 * HOUR) return `${Math.max(1, Math.round(seconds / HOUR))} h ago`;
  if (seconds < 7 * DAY) return `${Math.max(1, Math.round(seconds / DAY))} d ago`;
  return new Date(ms).toISOString().slice(0, 10);
}

function threeDigits(value: number): string {
  if (value === 0) return "0";
  const digits = Number(value.toPrecision(3));
  return Math.abs(digits) >= 100 ? digits.toFixed(0) : Math.abs(digits) >= 10 ? digits.toFixed(1) : digits.toFixed(2);
}
