import { expect, test } from "vitest";
import { ProtobufWriter } from "./protobuf.js";

const hex = (writer: ProtobufWriter) => Buffer.from(writer.finish()).toString("hex");

// The worked examples of https://protobuf.dev/programming-guides/encoding.
test("a whole number is a varint", () => {
  expect(hex(new ProtobufWriter().integer(1, 150))).toBe("089601");
});

test("a string is its length and its bytes", () => {
  expect(hex(new ProtobufWriter().chunk(2, "testing"))).toBe("120774657374696e67");
});

test("a message is a chunk", () => {
  expect(hex(new ProtobufWriter().chunk(3, new ProtobufWriter().integer(1, 150)))).toBe("1a03089601");
});

test("a negative number takes ten bytes", () => {
  expect(hex(new ProtobufWriter().integer(1, -2))).toBe("08feffffffffffffffff01");
});

test("a float is four bytes, little end first", () => {
  expect(hex(new ProtobufWriter().float(2, 1))).toBe("150000803f");
});

test("the writer grows", () => {
  const bytes = new Uint8Array(5000).fill(7);
  const written = new ProtobufWriter()
    .chunk(1, bytes)
    .integer(2, 2 ** 40)
    .finish();
  expect(written.length).toBe(3 + 5000 + 1 + 6);
});
