// A cart keeps a pole upright, after TensorFlow.js's example "cart-pole": policy gradients, weighted by discounted rewards.
import * as tf from "@tensorflow/tfjs-node";

const UNITS = 8;
const ITERATIONS = 2;
const GAMES = 2;
const STEPS = 12;

/** Barto, Sutton and Anderson 1983: a cart on rails, 10 N to either side for a fiftieth of a second. */
class CartPole {
  reset() {
    this.state = Array.from({ length: 4 }, () => Math.random() - 0.5).map((value) => 0.1 * value);
  }
  push(direction) {
    const [x, velocity, angle, turning] = this.state;
    const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
    const pushed = (10 * direction + 0.05 * turning ** 2 * sine) / 1.1;
    const turned = (9.8 * sine - cosine * pushed) / (0.5 * (4 / 3 - (0.1 * cosine ** 2) / 1.1));
    const moved = pushed - (0.05 * turned * cosine) / 1.1;
    this.state = [x + 0.02 * velocity, velocity + 0.02 * moved, angle + 0.02 * turning, turning + 0.02 * turned];
    return Math.abs(this.state[0]) > 2.4 || Math.abs(this.state[2]) > 0.2;
  }
}

const policy = tf.sequential();
policy.add(tf.layers.dense({ units: UNITS, activation: "relu", inputShape: [4] }));
policy.add(tf.layers.dense({ units: 1 }));
const optimizer = tf.train.adam(0.05);

function actionOf(state) {
  const logits = policy.predict(state);
  const left = tf.sigmoid(logits);
  return [logits, tf.multinomial(tf.log(tf.concat([left, tf.sub(1, left)], 1)), 1, null, false)];
}

/** Gradients of the logarithm of the probability of what was done. */
function gradientsOfAction(state) {
  const loss = () =>
    tf.tidy(() => {
      const [logits, action] = actionOf(state);
      currentAction = action.dataSync()[0];
      const labels = tf.sub(1, tf.tensor2d([[currentAction]]));
      return tf.losses.sigmoidCrossEntropy(labels, logits).asScalar();
    });
  return tf.variableGrads(loss).grads;
}

let currentAction = 0;
const cart = new CartPole();
const lengths = [];
for (let iteration = 0; iteration < ITERATIONS; iteration += 1) {
  await tf.nextFrame();
  const gradients = {};
  const rewards = [];
  for (let game = 0; game < GAMES; game += 1) {
    cart.reset();
    const own = [];
    for (let step = 0; step < STEPS; step += 1) {
      const grads = tf.tidy(() => gradientsOfAction(tf.tensor2d([cart.state])));
      for (const [name, value] of Object.entries(grads)) gradients[name] = [...(gradients[name] ?? []), value];
      const isOver = cart.push(currentAction === 1 ? 1 : -1);
      own.push(isOver ? 0 : 1);
      if (isOver) break;
    }
    lengths.push(own.length);
    for (let i = own.length - 2; i >= 0; i -= 1) own[i] += 0.95 * own[i + 1];
    rewards.push(...own);
  }
  const mean = rewards.reduce((a, b) => a + b) / rewards.length;
  const deviation = Math.sqrt(rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / rewards.length);
  const averaged = tf.tidy(() =>
    Object.fromEntries(
      Object.entries(gradients).map(([name, values]) => {
        const weighted = values.map((value, i) => value.mul((rewards[i] - mean) / deviation));
        return [name, tf.mean(tf.stack(weighted), 0)];
      }),
    ),
  );
  optimizer.applyGradients(averaged);
  tf.dispose([gradients, averaged]);
}

export const found = {
  lengths,
  logits: policy.predict(tf.tensor2d([[0.1, 0, -0.1, 0.2]])).arraySync(),
  weights: policy.getWeights().map((weight) => weight.arraySync()),
};
