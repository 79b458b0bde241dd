"""
What is told of features without labels, by NumPy in 64 bits: packages/evaluate/src/oracles/label-free.json.

    pip install numpy
    python tools/oracles/label_free_oracles.py

RankMe is its paper's eq. 1 by an SVD. α-ReQ is fitted as the authors' `stringer_get_powerlaw` with `trange=np.arange(3, 100)`: a weighted normal equation over
the eigenvalues of np.cov. Alignment and uniformity are the paper's appendix, LiDAR Σw^−½ Σb Σw^−½ by eigh, CKA the examples-by-examples form: centred Gram
matrices, and HSIC_1 of Song et al. 2012 (eq. 5) from Gram matrices without diagonals.
"""

import json
from pathlib import Path

import numpy as np

rng = np.random.default_rng(0)


def matrix(x):
    return dict(shape=list(x.shape), values=[float(v) for v in x.ravel()])


def rounded(x):
    return np.float32(np.round(x, 4)).astype(np.float64)  # as the tests read it


def rank_me(z):
    s = np.linalg.svd(z, compute_uv=False)
    p = s / s.sum() + 1e-7
    return float(np.exp(-(p * np.log(p)).sum()))


def alpha_req(z):
    eigen = np.sort(np.linalg.eigvalsh(np.cov(z, rowvar=False)))[::-1]
    eigen = eigen[eigen > 1e-12 * eigen[0]]
    ranks = np.arange(4, min(100, len(eigen)) + 1)
    if len(ranks) < 8:
        return None
    y, w = np.log(eigen[ranks - 1])[:, None], (1 / ranks)[:, None]
    x = np.stack([-np.log(ranks), np.ones(len(ranks))], 1)
    return float(np.linalg.solve(x.T @ (x * w), (w * x).T @ y)[0, 0])


def unit(z):
    return z / np.linalg.norm(z, axis=1, keepdims=True)


def uniformity(z):
    d = ((unit(z)[:, None] - unit(z)[None]) ** 2).sum(-1)
    return float(np.log(np.exp(-2 * d[np.triu_indices(len(z), 1)]).mean()))


def alignment(x, y, power):
    return float((np.linalg.norm(unit(x) - unit(y), axis=1) ** power).mean())


def lidar(e, views, delta):
    e = e.reshape(-1, views, e.shape[1])
    means = e.mean(1)
    between = means - means.mean(0)
    within = (e - means[:, None]).reshape(-1, e.shape[2])
    sigma_b, sigma_w = between.T @ between / len(between), within.T @ within / len(within) + delta * np.eye(e.shape[2])
    value, vector = np.linalg.eigh(sigma_w)
    root = vector @ np.diag(value**-0.5) @ vector.T
    eigen = np.linalg.eigvalsh(root @ sigma_b @ root).clip(0)
    keep = np.sort(eigen)[::-1][: min(len(between), e.shape[2])]
    p = keep / keep.sum() + 1e-7
    return float(np.exp(-(p * np.log(p)).sum()))


def hsic_biased(k, l):
    n = len(k)
    h = np.eye(n) - 1 / n
    return np.trace(k @ h @ l @ h)


def hsic_unbiased(k, l):
    n = len(k)
    k, l = k - np.diag(np.diag(k)), l - np.diag(np.diag(l))
    one = np.ones(n)
    return (np.trace(k @ l) + (one @ k @ one) * (one @ l @ one) / ((n - 1) * (n - 2)) - 2 / (n - 2) * (one @ k @ l @ one)) / (n * (n - 3))


def cka(x, y, hsic):
    k, l = x @ x.T, y @ y.T
    return float(hsic(k, l) / np.sqrt(hsic(k, k) * hsic(l, l)))


spectra = {
    "a spectrum that falls as 1 / i": rng.standard_normal((60, 24)) * np.arange(1, 25) ** -0.5,
    "more features than examples": rng.standard_normal((20, 40)) + 0.5,
    "few directions": (rng.integers(-3, 4, (40, 5)) @ rng.integers(-2, 3, (5, 12))).astype(float),
    "nearly collapsed": np.ones((24, 16)) + 1e-2 * rng.standard_normal((24, 16)),
}
features = []
for name, z in ((name, rounded(z)) for name, z in spectra.items()):
    features.append(dict(name=name, **matrix(z), rankMe=rank_me(z), alphaReq=alpha_req(z), uniformity=uniformity(z)))

first = rounded(rng.standard_normal((9, 4)))
second = rounded(first + 0.3 * rng.standard_normal((9, 4)))
pairs = [dict(first=matrix(first), second=matrix(second), power=p, value=alignment(first, second, p)) for p in (1, 2)]

clusters = []
for name, samples, views, size, spread in (("more samples than features", 30, 4, 6, 0.3), ("more features than samples", 5, 6, 9, 1.0), ("views that all agree", 12, 3, 5, 0.0)):
    centres = rng.standard_normal((samples, size)) * np.linspace(2, 0.1, size)
    e = rounded((centres[:, None] + spread * rng.standard_normal((samples, views, size))).reshape(-1, size))
    clusters.append(dict(name=name, **matrix(e), views=views, delta=1e-4, value=lidar(e, views, 1e-4)))

likenesses = []
base = rng.standard_normal((12, 5))
for name, x, y in (
    ("a model and a blurred copy of other width", base, base @ rng.standard_normal((5, 7)) + 0.5 * rng.standard_normal((12, 7))),
    ("two that have nothing in common, wide beside the examples", rng.standard_normal((8, 20)), rng.standard_normal((8, 30))),
):
    x, y = rounded(x), rounded(y)
    likenesses.append(dict(name=name, first=matrix(x), second=matrix(y), biased=cka(x, y, hsic_biased), unbiased=cka(x, y, hsic_unbiased)))

out = Path(__file__).parents[2] / "packages/evaluate/src/oracles/label-free.json"
out.write_text(json.dumps(dict(features=features, alignment=pairs, lidar=clusters, cka=likenesses)) + "\n")
print(out, [{k: v for k, v in f.items() if k not in ("values", "shape")} for f in features], [c["value"] for c in clusters], [(c["biased"], c["unbiased"]) for c in likenesses])
