import { expect, test } from "vitest";
import { crc32c, maskedCrc32c } from "./crc32c.js";

const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);
const readCommand = Buffer.from(
  "01c000000000000000000000000000001400000000000400000000140000001828000000000000000200000000000000",
  "hex",
);

// RFC 3720, appendix B.4; the last is the check value of the CRC catalogue.
test.each([
  ["32 zeros", new Uint8Array(32), 0x8a9136aa],
  ["32 ones", new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ["ascending", ascending, 0x46dd794e],
  ["descending", ascending.toReversed(), 0x113fdb5c],
  ["an iSCSI read command", readCommand, 0xd9963a56],
  ["123456789", Buffer.from("123456789"), 0xe3069283],
])("%s", (_, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});

test("masked as TensorFlow masks: rotated right by 15 and moved", () => {
  const crc = 0xe3069283;
  const rotated = ((crc >>> 15) | (crc << 17)) >>> 0; // 0x2507C60D
  expect(rotated).toBe(0x2507c60d);
  expect(maskedCrc32c(Buffer.from("123456789"))).toBe((0x2507c60d + 0xa282ead8) % 2 ** 32);
});
