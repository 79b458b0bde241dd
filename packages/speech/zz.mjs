import { adamW, chooseEngine, createRandom, loader, namedVariables, train, warmupCosineSchedule } from "@autodidact/core";
import { linearProbe, measure } from "../evaluate/dist/index.js";
import * as S from "./dist/index.js";
const [,, held, methodName="masked-frames", stepsText="600", lr="1e-3", stackText="2", crop="0.4"] = process.argv;
await chooseEngine({ engine: "onnx" });
const sampleRate=8000, steps=+stepsText, stack=+stackText;
const data = await S.openLabelledSounds("/tmp/fsdd/recordings", { pattern: "{digit}_{speaker}_{index}.wav", labelFrom:"digit", sampleRate, heldOutSpeakers: held.split(",") });
const random = createRandom(0);
const frontEnd = S.encoderFrontEnd({ sampleRate });
const encoder = S.frameTransformerTiny({ frontEnd, stack, random: random.split("encoder") });
async function probe(label) {
  for (const layer of [0, 2, 3, 5, "all"]) {
    const f = S.soundFeatures(encoder, { layer });
    const [a,b] = [await f(data.train.examples), await f(data.test.examples)];
    const out = await measure(linearProbe(), { train: { ...a, labels: data.train.labels, classes: 10 }, test: { ...b, labels: data.test.labels, classes: 10 } }, { random: createRandom(1) }).catch(e=>[{metric:{name:e.message},value:0}]);
    console.log(label, layer, out.map(o=>`${o.metric.name} ${o.value.toFixed(3)}`).join(" "));
  }
}
await probe("random");
const method = methodName==="masked-frames" ? S.maskedFrames(encoder, random.split("m"), { cropSeconds:+crop }) : S.bestRq(encoder, random.split("m"), { cropSeconds:+crop, spanSeconds: 0.06 });
const ex = data.train.examples;
const training = train({ method, loader: loader({ length: ex.length, get: async i=>ex[i] }, { batchSize: 64, random: random.split("d") }), optimizer: adamW(namedVariables(method.learned,"parameters"), { weightDecay: 0.01 }), learningRate: warmupCosineSchedule({ learningRate:+lr, warmupSteps: steps/10, steps }), steps, random: random.split("c") });
let t=Date.now();
for await (const { step, loss } of training) if (step % 100 === 0) console.log(step, loss.toFixed(4), ((Date.now()-t)/1000).toFixed(0)+"s");
await probe("trained");
