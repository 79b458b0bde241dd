/**
 * The child process that runs the step of a method for speech as @autodidact/speech and @autodidact/core train it, compiled, from waves on; or its
 * spectrograms alone. What is hidden is given, as it is to the peers.
 */
import { chooseEngine, compileStep, createRandom, namedVariables, type Tensors } from "@autodidact/core";
import {
  bestRq,
  ecapaTdnn,
  encoderFrontEnd,
  type FrameMasks,
  frameTransformer,
  type LogMelPreset,
  logMel,
  maskedFrames,
  type NoisedFrames,
  speakerContrastive,
} from "@autodidact/speech";
import type { OnnxBackend } from "@autodidact/tfjs-backend-onnx";
import {
  engine,
  expandDims,
  mean,
  mul,
  square,
  type Tensor2D,
  type Tensor3D,
  tensor,
  tensor1d,
  tensor2d,
  tensor3d,
  tidy,
} from "@tensorflow/tfjs-core";
import { serve } from "../harness/serve.js";
import { deterministic } from "../programs/deterministic.js";
import {
  BANDS,
  CODE_SIZE,
  type FramesSize,
  frameCount,
  type LogMelSize,
  NOISED_SPAN,
  noisedStarts,
  SAMPLE_RATE,
  SPAN,
  type SpeakersSize,
  spanStarts,
} from "../programs/speech.js";
import { byAdamW, lossesOf, trainingStep } from "./training-step.js";

const random = createRandom(0);

const STEPS: { readonly [work: string]: (size: never) => () => Promise<number> } = {
  "masked-frames": (size: FramesSize) => {
    const method = maskedFrames(framesEncoder(size), random, { cropSeconds: size.seconds });
    const batch = { waves: noiseWaves("waves", size), masks: frameMasks(size) };
    return trainingStep({ ...byAdamW, method: method as never, batch });
  },
  "best-rq": (size: FramesSize) => {
    const { seconds, entries } = size;
    const method = bestRq(framesEncoder(size), random, { cropSeconds: seconds, entries, codeSize: CODE_SIZE });
    const begin = () => {
      for (const [name, buffer] of Object.entries(namedVariables(method.carried!, "buffers")))
        tidy(() => buffer.assign(tensor(deterministic(name, buffer.size, 1), buffer.shape)));
    };
    const batch = { waves: noiseWaves("waves", size), ...noisedFrames(size) };
    return trainingStep({ ...byAdamW, method: method as never, batch, begin });
  },
  ecapa: (size: SpeakersSize) => {
    const frontEnd = logMel({ sampleRate: SAMPLE_RATE, bands: BANDS, normalize: "mean" });
    const method = speakerContrastive(ecapaTdnn({ frontEnd, channels: size.channels, random }), random, {
      cropSeconds: size.seconds,
    });
    const crops = (name: string) => ({ waves: voices(name, size) });
    const batch = { first: crops("first"), second: crops("second") };
    const learningRate = 1e-6; // from 1e-5 the few crops are told apart within three steps, and losses of 0 tell nothing
    return trainingStep({ ...byAdamW, learningRate, method: method as never, batch });
  },
  "log-mel-torchaudio": (size: LogMelSize) => spectrograms("torchaudio", size),
  "log-mel-kaldi": (size: LogMelSize) => spectrograms("kaldi", size),
};

await serve(async ({ work, threads, provider, size }) => {
  const chosen = await chooseEngine({ engine: "onnx", threads, provider: provider as "cpu" | "webgpu" | undefined });
  const counters = () => (engine().backend as OnnxBackend).stats();
  return { version: chosen.version, step: STEPS[work]!(size as never), engine: counters };
});

function framesEncoder({ width, layers, heads }: FramesSize) {
  return frameTransformer({ width, layers, heads, frontEnd: encoderFrontEnd({ sampleRate: SAMPLE_RATE }), random });
}

/** Forward alone; the mean of squares is read. */
function spectrograms(preset: LogMelPreset, size: LogMelSize): () => Promise<number> {
  const frontEnd = logMel({ sampleRate: SAMPLE_RATE, preset });
  const step = compileStep(({ waves }: { waves: Tensor2D }) => ({ loss: mean(square(frontEnd(waves))) }));
  return lossesOf(step, { waves: noiseWaves("waves", size) });
}

function noiseWaves(name: string, { recordings, seconds }: LogMelSize): Tensor2D {
  const samples = seconds * SAMPLE_RATE;
  return tensor2d(deterministic(name, recordings * samples, 0.3), [recordings, samples]);
}

/** Noise of which each number is held for some samples, from one to eight by recording: recordings then sound different. */
function voices(name: string, { recordings, seconds }: LogMelSize): Tensor2D {
  const samples = seconds * SAMPLE_RATE;
  const noise = deterministic(name, recordings * samples, 0.3);
  const held = Float32Array.from({ length: recordings * samples }, (_, i) => {
    const recording = Math.floor(i / samples);
    return noise[recording * samples + Math.floor((i % samples) / (1 + (recording % 8)))]!;
  });
  return tensor2d(held, [recordings, samples]);
}

/** Of ten recordings' chosen frames eight are zeroed, one replaced, one left. */
function frameMasks({ recordings, seconds }: FramesSize): FrameMasks {
  const frames = frameCount(seconds);
  const chosen = new Float32Array(recordings * frames);
  const source = Int32Array.from({ length: recordings * frames }, (_, i) => i % frames);
  const kept = new Float32Array(recordings * frames).fill(1);
  const band = new Float32Array(recordings * BANDS);
  for (let n = 0; n < recordings; n += 1) {
    for (const start of spanStarts(n, frames)) {
      const place = n * frames + start;
      chosen.fill(1, place, place + SPAN);
      if (n % 10 < 8) kept.fill(0, place, place + SPAN);
      if (n % 10 === 8) for (let i = 0; i < SPAN; i += 1) source[place + i] = frames - SPAN + i;
    }
    const lowest = n * BANDS + ((5 * n) % 64);
    band.fill(1, lowest, lowest + (n % 17)); // as in TERA a fifth of the bands at most
  }
  return {
    chosen: tensor2d(chosen, [recordings, frames]),
    source: tensor2d(source, [recordings, frames], "int32"),
    kept: tensor2d(kept, [recordings, frames]),
    band: tensor2d(band, [recordings, BANDS]),
  };
}

function noisedFrames({ recordings, seconds }: FramesSize): Omit<NoisedFrames, "waves"> & Tensors {
  const frames = frameCount(seconds);
  const mask = new Float32Array(recordings * frames);
  const hiding: number[] = [];
  for (let n = 0; n < recordings; n += 1) {
    const hidden = noisedStarts(n, frames).flatMap((start) => Array.from({ length: NOISED_SPAN }, (_, i) => start + i));
    hiding.push(...hidden.map((frame) => n * frames + frame));
  }
  for (const row of hiding) mask[row] = 1;
  const step = Math.ceil((recordings * frames) / 16); // bestRq makes room for a whole number of these
  const rows = new Int32Array(step * Math.ceil(hiding.length / step)).fill(hiding[0]!);
  rows.set(hiding);
  const isHidden = tensor2d(mask, [recordings, frames]);
  const values = deterministic("noise", recordings * frames * BANDS, 0.1 * Math.sqrt(3));
  return {
    mask: isHidden,
    rows: tensor1d(rows, "int32"),
    counted: tensor1d(new Float32Array(rows.length).fill(1, 0, hiding.length)),
    noise: tidy(() => mul(tensor3d(values, [recordings, frames, BANDS]), expandDims(isHidden, 2)) as Tensor3D),
  };
}
