"""Expected values for the metrics of classes and for shares of few examples, computed with scikit-learn and SciPy.

usage: python3 tools/oracles/class_metric_oracles.py
Writes packages/evaluate/src/oracles/class-metrics.json. Needs numpy, scipy and scikit-learn.
"""
import json
import pathlib

import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import f1_score, matthews_corrcoef, precision_recall_fscore_support

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "packages/evaluate/src/oracles"


def plain(x):
    if isinstance(x, dict):
        return {key: plain(value) for key, value in x.items()}
    if isinstance(x, (list, tuple, np.ndarray)):
        return [plain(value) for value in x]
    if isinstance(x, (np.integer, int)):
        return int(x)
    return float(f"{x:.12g}") if isinstance(x, (float, np.floating)) else x


def answers(name, truth, labels, classes):
    precision, recall, f1, support = precision_recall_fscore_support(
        truth, labels, labels=list(range(classes)), zero_division=0
    )
    return dict(
        name=name,
        classes=classes,
        truth=truth,
        labels=labels,
        macroF1=f1_score(truth, labels, average="macro", labels=np.unique(truth), zero_division=0),  # of the classes that are there
        mcc=matthews_corrcoef(truth, labels),
        perClass=[dict(precision=p, recall=r, f1=f, examples=n) for p, r, f, n in zip(precision, recall, f1, support)],
    )


def cases():
    generator = np.random.default_rng(5)
    truth = generator.choice(4, 80, p=[0.6, 0.25, 0.1, 0.05])
    noisy = np.where(generator.random(80) < 0.65, truth, generator.integers(0, 4, 80))
    two = generator.integers(0, 2, 50)
    return [
        answers("four classes of unlike size", truth, noisy, 4),
        answers("two classes", two, np.where(generator.random(50) < 0.8, two, 1 - two), 2),
        answers("always the commonest", [0, 0, 0, 1], [0, 0, 0, 0], 2),
        answers("all right", [0, 1, 2, 1], [0, 1, 2, 1], 3),
        answers("all wrong", [0, 1, 0, 1], [1, 0, 1, 0], 2),
        answers("a class that is neither there nor answered", [0, 2, 2, 0], [0, 2, 0, 0], 4),
        answers("a class that is answered and never there", [0, 1, 1, 0], [0, 2, 1, 0], 3),
        answers("one class in all of the test", [1, 1, 1], [1, 1, 0], 2),
    ]


def wilson():
    found = []
    for right, examples in [(0, 1), (1, 1), (2, 2), (0, 3), (1, 3), (7, 10), (49, 50), (99, 99), (500, 500)]:
        interval = binomtest(right, examples).proportion_ci(0.95, method="wilson")
        found.append(dict(right=right, examples=examples, interval=[interval.low, interval.high]))
    return found


(FIXTURES / "class-metrics.json").write_text(json.dumps(plain(dict(answers=cases(), wilson=wilson()))) + "\n")
