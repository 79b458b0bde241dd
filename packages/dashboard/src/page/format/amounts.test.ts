import { expect, it } from "vitest";
import { describeAgo, describeBytes, describeCount, describeNumber, describeSeconds, grouped } from "./amounts.js";

it.each([
  [0, "0"],
  [7, "7"],
  [999, "999"],
  [1000, "1.00 k"],
  [11_173_962, "11.2 M"],
  [999_600, "1.00 M"],
  [556_650_496, "557 M"],
  [null, "–"],
])("counts %s as %s", (count, text) => {
  expect(describeCount(count)).toBe(text);
});

it("writes bytes and seconds", () => {
  expect(describeBytes(412_000_000)).toBe("412 MB");
  expect(describeSeconds(0.421)).toBe("0.42 s");
  expect(describeSeconds(12.34)).toBe("12.3 s");
  expect(describeSeconds(750)).toBe("12:30");
  expect(describeSeconds(11_100)).toBe("3:05:00");
  expect(describeSeconds(null)).toBe("–");
});

it("writes numbers of curves", () => {
  expect(describeNumber(0.312_412)).toBe("0.3124");
  expect(describeNumber(0.000_031)).toBe("3.1e-5");
  expect(describeNumber(3e-5)).toBe("3e-5");
  expect(describeNumber(0)).toBe("0");
  expect(describeNumber(null)).toBe("–");
});

it("groups digits", () => {
  expect(grouped(1_234_567)).toBe("1\u202f234\u202f567");
  expect(grouped(999)).toBe("999");
});

it("tells how long ago", () => {
  const now = Date.parse("2026-05-04T12:00:00Z");
  expect(describeAgo("2026-05-04T11:59:50Z", now)).toBe("just now");
  expect(describeAgo("2026-05-04T11:57:00Z", now)).toBe("3 min ago");
  expect(describeAgo("2026-05-04T09:00:00Z", now)).toBe("3 h ago");
  expect(describeAgo("2026-05-02T12:00:00Z", now)).toBe("2 d ago");
  expect(describeAgo("2026-01-02T12:00:00Z", now)).toBe("2026-01-02");
  expect(describeAgo("never", now)).toBe("–");
});
