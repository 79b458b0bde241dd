// A process of its own: the engine in the main thread and in two workers at once. Prints what each computed, and how the workers ended.
const { Worker, isMainThread, parentPort } = require("node:worker_threads");
const { train, values } = require("./live-tensors.cjs");

if (isMainThread) {
  const workers = [0, 1].map(() => new Worker(__filename));
  const next = (worker, event) => new Promise((resolve, reject) => worker.once(event, resolve).once("error", reject));
  Promise.all(workers.map((worker) => next(worker, "message"))).then(async (computed) => {
    const own = train(200); // while the workers train on
    const codes = await Promise.all(workers.map((worker) => worker.terminate()));
    console.log(JSON.stringify({ computed: [values, ...computed], codes, wentOn: own.every(Number.isFinite) }));
  });
} else {
  parentPort.postMessage(values);
  const trainOn = () => {
    train(20);
    setImmediate(trainOn);
  };
  trainOn();
}
