import { createRandom } from "@autodidact/core";
import { expect, it } from "vitest";
import { voices } from "../testing/voices.js";
import { speechIn } from "./speech-in.js";

const sampleRate = 8000;
const noise = (deviation: number) => createRandom(1).normals(sampleRate, 0, deviation);

it("tells speech from noise, and both from silence", async () => {
  const [voice] = voices(1, 1, { seconds: 0.6 });
  expect(await speechIn(voice!)).toBe("speech");
  expect(await speechIn({ id: "hiss", samples: noise(0.001), sampleRate })).toBe("no speech");
  expect(await speechIn({ id: "faint", samples: noise(1e-5), sampleRate })).toBe("silence");
  expect(await speechIn({ id: "zeros", samples: new Float32Array(sampleRate), sampleRate })).toBe("silence");
});
