import { expect, test } from "vitest";
import { eventRecord } from "./event-record.js";

// Expected bytes: tools/oracles/tensorboard_events.py encode (the Python package tensorboard 2.21).
test.each([
  [
    "the file's version",
    { wallTime: 1700000000.25, fileVersion: "brain.Event:2" },
    "1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9",
  ],
  [
    "scalars at a step above 2^31",
    { wallTime: 1700000001.5, step: 3_000_000_000, scalars: { loss: 0.5, "learning rate/größe": 1e-3 } },
    "3c00000000000000c8b7a3520900006040fc54d9411080bcc1960b2a2b0a0b0a046c6f7373150000003f0a1c0a156c6561726e696e6720726174652f6772c3b6c39f65156f12833acd241daa",
  ],
  [
    "a restart",
    { wallTime: 1700000002, step: 300, isRestart: true },
    "100000000000000095fbfe180900008040fc54d94110ac023a020801a4523644",
  ],
  [
    "a picture",
    {
      wallTime: 1700000003,
      step: 7,
      images: { picture: { height: 300, width: 2, channels: 3 as const, png: Buffer.from("89504e470d0a1a0a", "hex") } },
    },
    "2b00000000000000861bc34b090000c040fc54d94110072a1e0a1c0a0770696374757265221108ac0210021803220889504e470d0a1a0a88b4eae4",
  ],
  [
    "a histogram of two buckets, described",
    {
      wallTime: 1700000004,
      step: 9,
      histograms: { weights: { buckets: Float32Array.of(0, 2, 5, 2, 4, 3), description: "of **all**" } },
    },
    "5c00000000000000c9cdf98f0900000041fc54d94110092a4f0a4d0a07776569676874734226080112081202080212020803221800000000000000400000a0400000004000008040000040404a1a0a0c0a0a686973746f6772616d731a0a6f66202a2a616c6c2a2afd2963c7",
  ],
])("%s", (_, event, expected) => {
  expect(Buffer.from(eventRecord(event)).toString("hex")).toBe(expected);
});
