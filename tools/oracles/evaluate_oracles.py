"""Expected values for packages/evaluate, computed with PyTorch, NumPy, scikit-learn and jiwer.

usage: python3 tools/oracles/evaluate_oracles.py
Writes packages/evaluate/src/oracles/*.json. Needs torch, numpy, scipy, scikit-learn and jiwer.
"""
import json
import pathlib

import jiwer
import numpy as np
import torch
import torch.nn.functional as F
from scipy.interpolate import interp1d
from scipy.optimize import brentq, minimize
from sklearn.metrics import jaccard_score, roc_auc_score, roc_curve

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "packages/evaluate/src/oracles"
FIXTURES.mkdir(parents=True, exist_ok=True)


def write(name, value):
    def plain(x):
        if isinstance(x, torch.Tensor):
            return plain(x.tolist())
        if isinstance(x, (list, tuple)):
            return [plain(v) for v in x]
        if isinstance(x, dict):
            return {k: plain(v) for k, v in x.items()}
        return float(f"{x:.9g}") if isinstance(x, float) else x

    (FIXTURES / f"{name}.json").write_text(json.dumps(plain(value)) + "\n")


def clusters(count, size, classes, generator, spread):
    """Noisy class centres, rounded so that JSON holds exactly what PyTorch saw."""
    centres = torch.randn(classes, size, generator=generator)
    labels = torch.arange(count) % classes
    features = centres[labels] + spread * torch.randn(count, size, generator=generator)
    return (features * 1000).round() / 1000, labels


def knn():
    """The weighted vote of simclr-style evaluation scripts: cosine, top k, exp(similarity / temperature)."""
    generator = torch.Generator().manual_seed(0)
    features, labels = clusters(90, 6, 3, generator, 1.6)
    train, test = features[:60], features[60:]
    a, b = F.normalize(train.double(), dim=1), F.normalize(test.double(), dim=1)
    cases = []
    for k, temperature in [(1, 0.1), (5, 0.1), (20, 0.5), (20, 0.07)]:
        value, index = (b @ a.t()).topk(k, 1)
        votes = torch.zeros(len(b), 3, dtype=torch.float64).scatter_add_(1, labels[index], (value / temperature).exp())
        best = votes.topk(2, 1).values
        assert ((best[:, 0] - best[:, 1]) / best[:, 0]).min() > 1e-5, "a tie: the answer would hang on rounding"
        cases.append(dict(k=k, temperature=temperature, answers=votes.argmax(1)))
    write("knn", dict(size=6, classes=3, train=train.flatten(), trainLabels=labels[:60], test=test.flatten(), cases=cases))


def softmax_regression():
    """Loss, gradient at a point, and the minimum, of cross-entropy + l2 ||W||^2 in double precision."""
    generator = torch.Generator().manual_seed(1)
    features, labels = clusters(80, 5, 4, generator, 1.5)
    x, y = features.double(), labels

    def loss(weight, bias, l2):
        return F.cross_entropy(x @ weight + bias, y) + l2 * weight.pow(2).sum()

    point = (torch.randn(5 * 4 + 4, generator=generator).double() * 1000).round() / 1000
    cases = []
    for l2 in (0.1, 1e-3):
        p = point.clone().requires_grad_()
        value = loss(p[:20].view(5, 4), p[20:], l2)
        (gradient,) = torch.autograd.grad(value, p)
        weight = torch.zeros(5, 4, dtype=torch.float64, requires_grad=True)
        bias = torch.zeros(4, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.LBFGS(
            [weight, bias], max_iter=2000, tolerance_grad=1e-12, tolerance_change=1e-16, line_search_fn="strong_wolfe"
        )

        def closure():
            optimizer.zero_grad()
            at = loss(weight, bias, l2)
            at.backward()
            return at

        optimizer.step(closure)
        minimum = loss(weight, bias, l2).item()
        cases.append(dict(l2=l2, value=value.item(), gradient=gradient, minimum=minimum, weight=weight.detach().flatten()))
    write("softmax-regression", dict(size=5, classes=4, features=features.flatten(), labels=labels, point=point, cases=cases))


def lbfgs():
    """How many evaluations PyTorch's L-BFGS takes to the minimum of the Rosenbrock function in 2 and 10 dimensions."""
    cases = []
    for start in ([-1.2, 1.0], [-1.2, 1.0] * 5):
        x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        evaluations = 0
        optimizer = torch.optim.LBFGS(
            [x], max_iter=500, max_eval=5000, history_size=10, tolerance_grad=1e-8, tolerance_change=1e-16, line_search_fn="strong_wolfe"
        )

        def closure():
            nonlocal evaluations
            evaluations += 1
            optimizer.zero_grad()
            value = (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()
            value.backward()
            return value

        optimizer.step(closure)
        at_start = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        value = (100 * (at_start[1:] - at_start[:-1] ** 2) ** 2 + (1 - at_start[:-1]) ** 2).sum()
        value.backward()
        cases.append(dict(start=start, value=value.item(), gradient=at_start.grad, minimum=x.detach(), evaluations=evaluations))
    write("rosenbrock", dict(cases=cases))


def linear_probe():
    """The recipe of the reference script on standardised features, one fixed penalty, answers on test rows."""
    generator = torch.Generator().manual_seed(2)
    features, labels = clusters(160, 7, 3, generator, 1.8)
    features = features * torch.tensor([1, 10, 0.1, 1, 1, 1, 1]) + torch.tensor([0, 100, 0, 0, 0, 0, 0])
    features = (features * 1000).round() / 1000
    train, test = features[:100].double(), features[100:].double()
    mean, std = train.mean(0), train.std(0) + 1e-6
    p, q = (train - mean) / std, (test - mean) / std
    linear = torch.nn.Linear(7, 3).double()
    torch.nn.init.zeros_(linear.weight), torch.nn.init.zeros_(linear.bias)
    optimizer = torch.optim.LBFGS(
        linear.parameters(), max_iter=1000, tolerance_grad=1e-12, tolerance_change=1e-16, line_search_fn="strong_wolfe"
    )

    def closure():
        optimizer.zero_grad()
        loss = F.cross_entropy(linear(p), labels[:100]) + 1e-3 * linear.weight.pow(2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    logits = linear(q).detach()
    top = logits.topk(2, 1).values
    assert (top[:, 0] - top[:, 1]).min() > 2e-3, "a tie: the answer would hang on rounding"
    write(
        "linear-probe",
        dict(
            size=7, classes=3, train=features[:100].flatten(), trainLabels=labels[:100], test=features[100:].flatten(),
            testLabels=labels[100:], l2=1e-3, answers=logits.argmax(1), accuracy=(logits.argmax(1) == labels[100:]).double().mean().item(),
        ),
    )


def linear_probe_batch_norm():
    """MAE's head, BatchNorm1d(affine=False, eps=1e-6) and a linear layer, on the rows of linear-probe.json and one feature that nearly stands still."""
    generator = torch.Generator().manual_seed(3)
    features, labels = clusters(160, 7, 3, generator, 1.8)
    features = features * torch.tensor([1, 10, 0.001, 1, 1, 1, 1]) + torch.tensor([0, 100, 0, 0, 0, 0, 0])
    features = (features * 100000).round() / 100000
    train, test = features[:100].double(), features[100:].double()
    norm = torch.nn.BatchNorm1d(7, affine=False, eps=1e-6, momentum=None).double()
    linear = torch.nn.Linear(7, 3).double()
    torch.nn.init.zeros_(linear.weight), torch.nn.init.zeros_(linear.bias)
    optimizer = torch.optim.LBFGS(
        linear.parameters(), max_iter=1000, tolerance_grad=1e-12, tolerance_change=1e-16, line_search_fn="strong_wolfe"
    )
    p = norm.train()(train)

    def closure():
        optimizer.zero_grad()
        loss = F.cross_entropy(linear(p), labels[:100]) + 1e-3 * linear.weight.pow(2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    q = norm.eval()(test)
    logits = linear(q).detach()
    top = logits.topk(2, 1).values
    assert (top[:, 0] - top[:, 1]).min() > 2e-3, "a tie: the answer would hang on rounding"
    write(
        "linear-probe-batch-norm",
        dict(
            size=7, classes=3, train=features[:100].flatten(), trainLabels=labels[:100], test=features[100:].flatten(),
            testLabels=labels[100:], l2=1e-3, answers=logits.argmax(1), learning=p[:5].flatten(), answering=q[:5].flatten(),
        ),
    )


def layer_sum():
    """The probe of SUPERB: s3prl's Featurizer (weights that begin at 0, a softmax of them over layers) and a linear layer, learned together on features
    of which each is standardised by the training rows; the penalty is on the head's weight and, as in ELMo, on those of the layers. scipy's minimum must
    be PyTorch's."""
    generator = torch.Generator().manual_seed(4)
    size, layers, classes, l2 = 4, 3, 3, 1e-2
    centres, labels = torch.randn(classes, size, generator=generator), torch.arange(160) % classes
    noisy = lambda spread: centres[labels] + spread * torch.randn(160, size, generator=generator)  # layers tell the same, more or less clearly
    features = torch.cat([scale * noisy(spread) for scale, spread in ((1, 2.2), (20, 1.5), (0.1, 4.0))], 1)  # side by side, of very different sizes
    features = (features * 1000).round() / 1000
    train, test = features[:100].double(), features[100:].double()
    mean, std = train.mean(0), train.std(0) + 1e-6
    p, q = (((rows - mean) / std).view(-1, layers, size) for rows in (train, test))

    def logits(head, rows):
        weight, bias, weights = head[: size * classes].view(size, classes), head[size * classes : (size + 1) * classes], head[(size + 1) * classes :]
        return (weights.softmax(0)[None, :, None] * rows).sum(1) @ weight + bias

    def loss(head):
        penalised = [head[: size * classes], head[(size + 1) * classes :]]
        return F.cross_entropy(logits(head, p), labels[:100]) + l2 * torch.cat(penalised).pow(2).sum()

    def value_and_slope(values):
        head = torch.tensor(values, requires_grad=True)
        value = loss(head)
        (slope,) = torch.autograd.grad(value, head)
        return value.item(), slope.numpy()

    count = (size + 1) * classes + layers
    point = (torch.randn(count, generator=generator).double() * 1000).round() / 1000
    value, gradient = value_and_slope(point.numpy())
    head = torch.zeros(count, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([head], max_iter=5000, tolerance_grad=1e-12, tolerance_change=1e-16, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        value = loss(head)
        value.backward()
        return value

    optimizer.step(closure)
    found = head.detach()
    other = minimize(value_and_slope, np.zeros(count), jac=True, method="BFGS", options=dict(gtol=1e-10, maxiter=5000))
    assert abs(other.fun - loss(found).item()) < 1e-10 and np.abs(other.x - found.numpy()).max() < 1e-4
    answers = logits(found, q)
    top = answers.topk(2, 1).values
    assert (top[:, 0] - top[:, 1]).min() > 2e-3, "a tie: the answer would hang on rounding"
    write(
        "layer-sum",
        dict(
            size=size * layers, layers=layers, classes=classes, l2=l2, train=features[:100].flatten(), trainLabels=labels[:100],
            test=features[100:].flatten(), testLabels=labels[100:], standardized=p.flatten(), point=point, value=value,
            gradient=torch.tensor(gradient), minimum=loss(found).item(), weight=found[: size * classes],
            shares=found[(size + 1) * classes :].softmax(0), answers=answers.argmax(1),
        ),
    )


def bootstrap():
    """Percentile intervals by NumPy with 200,000 resamples: what ours must come near to."""
    rng = np.random.default_rng(0)
    correct = (rng.random(300) < 0.8).astype(int)
    groups = np.repeat(np.arange(30), 10)
    grouped = np.repeat((rng.random(30) < 0.7).astype(int), 10)  # a speaker is right always or never
    share = correct[rng.integers(0, 300, (200_000, 300))].mean(1)
    cluster = grouped.reshape(30, 10).mean(1)[rng.integers(0, 30, (200_000, 30))].mean(1)
    quantiles = [0.025, 0.975]
    write(
        "bootstrap",
        dict(
            correct=correct.tolist(), interval=np.quantile(share, quantiles).tolist(),
            grouped=grouped.tolist(), groups=groups.tolist(), groupedInterval=np.quantile(cluster, quantiles).tolist(),
        ),
    )


def pairs():
    """EER where scikit-learn's ROC, interpolated, meets the diagonal; minDCF over its points; AUC; with equal scores and without."""
    rng = np.random.default_rng(3)
    cases = []
    for count, distance, decimals in [(40, 1.0, 3), (200, 2.0, 1), (300, 0.3, 0), (500, 3.0, 4)]:
        same = (rng.random(count) < 0.3).astype(int)
        scores = (rng.normal(size=count) + distance * same).round(decimals)
        false_alarm, hit, _ = roc_curve(same, scores, drop_intermediate=False)
        eer = brentq(lambda x: 1 - x - interp1d(false_alarm, hit)(x), 0, 1, xtol=1e-14)
        costs = {
            f"{p}": float(np.min(p * (1 - hit) + (1 - p) * false_alarm) / min(p, 1 - p)) for p in (0.01, 0.05, 0.5)
        }
        cases.append(dict(scores=scores.tolist(), isSame=same.tolist(), eer=float(eer), minDcf=costs, auc=float(roc_auc_score(same, scores))))

    # how EER varies: pairs drawn again, by scikit-learn
    scores, same = np.array(cases[1]["scores"]), np.array(cases[1]["isSame"])
    drawn = []
    for _ in range(4000):
        rows = rng.integers(0, len(same), len(same))
        false_alarm, hit, _ = roc_curve(same[rows], scores[rows], drop_intermediate=False)
        drawn.append(brentq(lambda x: 1 - x - interp1d(false_alarm, hit)(x), 0, 1))
    others = [other_definitions(np.random.default_rng(seed), count, distance) for seed, count, distance in [(7, 60, 1.0), (8, 400, 2.5)]]
    write("pairs", dict(cases=cases, others=others, interval=np.quantile(drawn, [0.025, 0.975]).tolist()))


def other_definitions(rng, count, distance):
    """Scores without ties, as speaker verification's toolkits judge them: wespeaker's EER (interpolated) and minDCF (divided by that of the better
    trivial answer), SpeechBrain's EER (the mean of both rates at the nearest threshold) and minDCF (as it is), sslsv's EER (their maximum)."""
    same = (rng.random(count) < 0.4).astype(int)
    scores = rng.normal(size=count) + distance * same
    known = same[np.argsort(scores)]
    miss = np.cumsum(known) / known.sum()  # the first i + 1 scores are called different
    alarm = 1 - np.cumsum(1 - known) / (1 - known).sum()
    above, below = np.flatnonzero(miss >= alarm)[0], np.flatnonzero(miss < alarm)[-1]
    share = (miss[above] - alarm[above]) / (alarm[below] - alarm[above] - (miss[below] - miss[above]))
    nearest = np.argmin(np.abs(miss - alarm))
    cost = np.min(0.01 * miss + 0.99 * alarm)
    return dict(
        scores=scores.tolist(),
        isSame=same.tolist(),
        wespeaker=dict(eer=float(miss[above] + share * (miss[below] - miss[above])), minDcf=float(cost / min(0.01, 0.99))),
        speechbrain=dict(eer=float((miss[nearest] + alarm[nearest]) / 2), minDcf=float(cost)),
        sslsv=dict(eer=float(max(miss[nearest], alarm[nearest]))),
    )


def transcripts():
    """Word and character error rates of a corpus by jiwer; sentences of few words, so that many are right."""
    rng = np.random.default_rng(4)
    words = ["the", "cat", "sat", "on", "a", "mat", "naïve", "dogs", "𝄞"]
    draw = lambda low, high: " ".join(rng.choice(words, rng.integers(low, high)))
    right = [draw(1, 9) for _ in range(60)]
    found = []
    for text in right:
        kept = [w if rng.random() > 0.15 else rng.choice(words) for w in text.split() if rng.random() > 0.1]
        found.append(" ".join(kept + ([rng.choice(words)] if rng.random() < 0.2 else [])))
    each = [jiwer.wer(r, f) for r, f in zip(right, found)]
    write("transcripts", dict(right=right, found=found, wer=jiwer.wer(right, found), cer=jiwer.cer(right, found), each=each))


def dense():
    """Mean intersection over union by scikit-learn, of all pixels and of each image; class 4 never occurs, 255 does not count."""
    rng = np.random.default_rng(5)
    sizes = [30, 50, 20]
    truth = rng.integers(0, 4, sum(sizes))
    labels = np.where(rng.random(sum(sizes)) < 0.6, truth, rng.integers(0, 4, sum(sizes)))
    truth[::11] = 255
    counts = truth != 255
    mean = lambda rows: float(jaccard_score(truth[rows], labels[rows], average="macro", labels=np.unique([truth[rows], labels[rows]])))
    ends = np.cumsum(sizes)
    each = [mean(np.flatnonzero(counts & (np.arange(len(truth)) < e) & (np.arange(len(truth)) >= e - s))) for s, e in zip(sizes, ends)]
    write("dense", dict(classes=5, sizes=sizes, truth=truth.tolist(), labels=labels.tolist(), miou=mean(np.flatnonzero(counts)), each=each))


if __name__ == "__main__":
    for make in (knn, softmax_regression, lbfgs, linear_probe, linear_probe_batch_norm, layer_sum, bootstrap, pairs, transcripts, dense):
        make()
