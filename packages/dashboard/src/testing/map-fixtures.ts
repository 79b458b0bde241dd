/**
 * Maps for the page's tests: clouds of points by label, with the image, the text or the sound of each.
 */
import { encodePng } from "@autodidact/core";
import type { MapView, Modality } from "../api.js";
import { bell, noise } from "./noise.js";

export type ReadyMap = Extract<MapView, { status: "ready" }>;

const LABELS = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

export function mapOf(name: string, kind: Modality, rows: number): ReadyMap {
  const labels = Array.from({ length: rows }, (_, row) => LABELS[Math.floor(noise(row) * LABELS.length)]!);
  const angle = (row: number) => (2 * Math.PI * LABELS.indexOf(labels[row]!)) / LABELS.length;
  const ending = { image: "png", text: "txt", speech: "wav" }[kind];
  const all = Array.from({ length: rows }, (_, row) => row);
  return {
    status: "ready",
    name,
    kind,
    labels,
    x: all.map((row) => 5 * Math.cos(angle(row)) + 0.9 * bell(row)),
    y: all.map((row) => 5 * Math.sin(angle(row)) + 0.9 * bell(row + rows)),
    names: all.map((row) => `${labels[row]}/${String(row).padStart(5, "0")}.${ending}`),
  };
}

/** The nearest in the plane stand for the nearest among the embeddings. */
export function neighboursOf({ x, y }: ReadyMap, row: number): { rows: number[]; cosines: number[] } {
  const far = (other: number) => Math.hypot(x[other]! - x[row]!, y[other]! - y[row]!);
  const rows = [...x.keys()]
    .filter((other) => other !== row)
    .sort((a, b) => far(a) - far(b))
    .slice(0, 8);
  return { rows, cosines: rows.map((other) => 1 / (1 + 0.3 * far(other))) };
}

export function imageOf(row: number): Uint8Array {
  const side = 32;
  const pixels = new Uint8Array(side * side * 3);
  const colour = [noise(row), noise(row + 1), noise(row + 2)];
  for (let place = 0; place < side * side; place++) {
    const [u, v] = [(place % side) / side - 0.5, Math.floor(place / side) / side - 0.5];
    const inside = Math.hypot(u, v) < 0.2 + 0.15 * noise(row + 7) ? 1 : 0.35;
    colour.forEach((own, channel) => {
      pixels[3 * place + channel] = Math.round(255 * inside * (0.3 + 0.7 * own));
    });
  }
  return encodePng({ pixels, height: side, width: side, channels: 3 });
}

/** A quarter of a second of a tone: a WAV of 16 bits, 8 kHz. */
export function soundOf(row: number): Uint8Array {
  const samples = 2000;
  const bytes = Buffer.alloc(44 + 2 * samples);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + 2 * samples, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(16_000, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(2 * samples, 40);
  for (let t = 0; t < samples; t++) {
    bytes.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * (200 + row) * t) / 8000)), 44 + 2 * t);
  }
  return bytes;
}
