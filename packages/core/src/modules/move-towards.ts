/**
 * A teacher that follows its student: the moving average of mean teacher, MoCo, BYOL and DINO.
 *
 * Tarvainen and Valpola 2017, https://arxiv.org/abs/1703.01780; He et al. 2019, https://arxiv.org/abs/1911.05722, eq. 2.
 */
import { add, mul, type Scalar, sub, tidy } from "@tensorflow/tfjs-core";
import { type Module, pairedVariables } from "./module.js";

/**
 * target ← m · target + (1 − m) · online, for every parameter; names and shapes must be the same. Buffers stay: a teacher that runs in
 * training mode keeps the running statistics of its own batch norms, as in the code of MoCo, BYOL and lightly.
 */
export function moveTowards(
  target: Module<never, unknown>,
  online: Module<never, unknown>,
  /** m, from 0 (a copy) to 1 (no move); a scalar where it has a schedule. */
  momentum: number | Scalar,
): void {
  if (typeof momentum === "number" && !(momentum >= 0 && momentum <= 1)) {
    throw new RangeError(`moveTowards: momentum must be between 0 and 1, got ${momentum}.`);
  }
  const pairs = pairedVariables("moveTowards", "parameters", target, online);
  tidy(() => {
    const rest = typeof momentum === "number" ? 1 - momentum : sub(1, momentum);
    for (const [to, from] of pairs) to.assign(add(mul(to, momentum), mul(from, rest)));
  });
}
