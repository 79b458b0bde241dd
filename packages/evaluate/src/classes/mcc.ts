/**
 * Matthews' correlation of answers and classes: 1 all right, 0 no better than chance, whatever the sizes of the classes.
 *
 * Gorodkin 2004, https://doi.org/10.1016/j.compbiolchem.2004.09.006, for any number of classes; as scikit-learn's matthews_corrcoef.
 */
import type { Metric } from "../metric.js";
import { type ClassAnswer, type ClassLabels, isRight } from "./accuracy.js";
import { classesIn, type Tally, tally } from "./tally.js";

export const mcc: Metric<ClassAnswer, ClassLabels> = {
  name: "mcc",
  better: "higher",
  unit: "correlation",
  perExample: isRight,
  overall: (answer) => correlation(tally(answer, classesIn(answer))),
  resampled(answer) {
    const classes = classesIn(answer);
    return (counts) => {
      const drawn = tally(answer, classes, counts);
      return hasOneClass(drawn) ? Number.NaN : correlation(drawn); // a draw of one class alone leaves it open
    };
  },
  chance: () => 0,
};

const hasOneClass = ({ there }: Tally) => there.filter((count) => count > 0).length < 2;

/** (c s − Σ p t) / √((s² − Σ p²) (s² − Σ t²)): c of s right, class by class p answered and t there. 0 where all are of one class. */
function correlation({ there, answered, right }: Tally): number {
  let [c, s, both, answeredSquares, thereSquares] = [0, 0, 0, 0, 0];
  for (let label = 0; label < there.length; label++) {
    const [p, t] = [answered[label]!, there[label]!];
    c += right[label]!;
    s += t;
    both += p * t;
    answeredSquares += p * p;
    thereSquares += t * t;
  }
  const spread = (s * s - answeredSquares) * (s * s - thereSquares);
  return spread === 0 ? 0 : (c * s - both) / Math.sqrt(spread);
}
