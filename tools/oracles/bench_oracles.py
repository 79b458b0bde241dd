"""
What comparisons of models are to give, by SciPy and NumPy: packages/evaluate/src/oracles/bench.json.

    pip install numpy scipy
    python tools/oracles/bench_oracles.py

Holm's adjusted p-values are computed as the closed test by Bonferroni (the greatest, over all sets of hypotheses that hold it, of the set's size times its
least p-value), equalised odds as Fairlearn's definition, for neither statsmodels nor Fairlearn is needed then.
"""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy import stats

rng = np.random.default_rng(0)


def paired():
    """Right or not of two models on the same 200 examples; SciPy's percentile interval of the mean difference over 200,000 draws."""
    easy = rng.random(200)
    first, second = (easy < 0.8).astype(int), ((easy < 0.72) ^ (rng.random(200) < 0.1)).astype(int)
    difference = first - second
    found = stats.bootstrap((difference,), np.mean, n_resamples=200_000, batch=10_000, method="percentile", random_state=1)
    drawn = rng.choice(difference, (200_000, 200)).mean(1)
    p = min(1, 2 * min((drawn <= 0).mean(), (drawn >= 0).mean()))
    low, high = found.confidence_interval
    return dict(first=first.tolist(), second=second.tolist(), difference=difference.mean(), interval=[low, high], p=p)


def holm():
    cases = []
    for p in ([0.01, 0.04, 0.03, 0.005], [0.2, 0.2, 0.9], [0.5], [0.0, 1.0, 0.02, 0.02, 0.3], rng.random(7).round(3).tolist()):
        m = range(len(p))
        closed = [max(min(1, len(s) * min(p[j] for j in s)) for n in range(1, len(p) + 1) for s in combinations(m, n) if i in s) for i in m]
        cases.append(dict(p=p, adjusted=closed))
    return cases


def borda():
    scores = np.round(rng.random((4, 5)), 1)  # four tasks of five models, with ties
    points = np.array([len(row) - stats.rankdata(-row, method="average") for row in scores])
    return dict(scores=scores.tolist(), share=(points.sum(0) / (4 * 4)).tolist(), ranks=[stats.rankdata(-row).tolist() for row in scores])


def label_efficiency():
    shares = np.array([0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0])
    values = np.round(0.9 - 0.4 * np.exp(-8 * shares), 3)
    area = np.trapezoid(values, np.log10(shares)) / (np.log10(shares[-1]) - np.log10(shares[0]))
    return dict(shares=shares.tolist(), values=values.tolist(), area=area)


def odds(classes):
    truth, labels = rng.integers(0, classes, 120), rng.integers(0, classes, 120)
    groups = rng.choice(["a", "b", "c"], 120)
    labels[groups == "a"] = np.where(rng.random((groups == "a").sum()) < 0.6, truth[groups == "a"], labels[groups == "a"])
    differences = []
    for positive in [1] if classes == 2 else range(classes):
        y, z = truth == positive, labels == positive
        tpr = [z[(groups == g) & y].mean() for g in "abc"]
        fpr = [z[(groups == g) & ~y].mean() for g in "abc"]
        differences += [max(tpr) - min(tpr), max(fpr) - min(fpr)]
    return dict(classes=classes, truth=truth.tolist(), labels=labels.tolist(), groups=groups.tolist(), difference=max(differences))


def plain(x):
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(v) for v in x]
    return float(f"{x:.9g}") if isinstance(x, (float, np.floating)) else x


out = Path(__file__).parents[2] / "packages/evaluate/src/oracles/bench.json"
values = dict(paired=paired(), holm=holm(), borda=borda(), labelEfficiency=label_efficiency(), odds=[odds(2), odds(4)])
out.write_text(json.dumps(plain(values)) + "\n")
