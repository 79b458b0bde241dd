"""Values for masks and boxes: pycocotools' COCOeval and scikit-learn's confusion matrix (@autodidact/evaluate), CenterNet's losses in PyTorch
and its radius (@autodidact/vision).

Run with pycocotools, scikit-learn and PyTorch: python tools/oracles/dense_oracles.py
"""

import contextlib
import io
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from sklearn.metrics import confusion_matrix

PACKAGES = pathlib.Path(__file__).resolve().parents[2] / "packages"


def write(name, value, package="evaluate"):
    (PACKAGES / package / f"src/oracles/{name}.json").write_text(json.dumps(value, separators=(",", ":")) + "\n")
    print(name)


def boxes_case(seed, images=12, classes=3, most=6):
    """Random boxes of all sizes; crowds, ties in scores, areas that are not the boxes', images with nothing there or nothing found, more than 100 found."""
    rng = np.random.default_rng(seed)
    truth, found = [], []
    for image in range(images):
        own = []
        for _ in range(0 if image == 3 else rng.integers(1, most)):
            side = rng.choice([12, 50, 140])
            box = [*rng.uniform(0, 200, 2), *(side * rng.uniform(0.6, 1.4, 2))]
            area = box[2] * box[3] * float(rng.choice([1, 0.7]))
            own.append(dict(box=box, label=int(rng.integers(classes)), area=area, isCrowd=bool(rng.random() < 0.15)))
        truth.append(own)
        answers = []
        for one in own if image != 5 else []:
            for _ in range(rng.integers(0, 4)):
                box = np.array(one["box"]) + rng.normal(0, 0.08, 4) * one["box"][2]
                label = one["label"] if rng.random() < 0.9 else int(rng.integers(classes))
                answers.append(dict(box=np.maximum(box, [0, 0, 1, 1]).tolist(), label=label, score=round(float(rng.random()), 1)))
        for _ in range(130 if image == 7 else rng.integers(0, 4)):
            box = [*rng.uniform(0, 200, 2), *rng.uniform(5, 120, 2)]
            answers.append(dict(box=box, label=0 if image == 7 else int(rng.integers(classes)), score=round(float(rng.random()) * 0.6, 2)))
        found.append(answers)
    return dict(classes=classes, truth=truth, found=found, **coco_scores(truth, found, classes))


def coco_scores(truth, found, classes):
    coco = COCO()
    coco.dataset = dict(
        images=[dict(id=i + 1) for i in range(len(truth))],
        categories=[dict(id=10 + 7 * c) for c in range(classes)],
        annotations=[],
    )
    for i, own in enumerate(truth):
        for one in own:
            annotation = dict(id=len(coco.dataset["annotations"]) + 1, image_id=i + 1, category_id=10 + 7 * one["label"])
            coco.dataset["annotations"].append(dict(annotation, bbox=one["box"], area=one["area"], iscrowd=int(one["isCrowd"])))
    rows = [
        dict(image_id=i + 1, category_id=10 + 7 * one["label"], bbox=one["box"], score=one["score"])
        for i, own in enumerate(found)
        for one in own
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        coco.createIndex()
        scorer = COCOeval(coco, coco.loadRes(rows), "bbox")
        scorer.evaluate()
        scorer.accumulate()
        scorer.summarize()
    names = ["ap", "ap50", "ap75", "small", "medium", "large"]
    precision = scorer.eval["precision"][:, :, :, 0, 2]  # [thresholds, recalls, classes]
    each = [float(precision[:, :, c].mean()) for c in range(classes)]
    return dict(scores=dict(zip(names, map(float, scorer.stats[:6]))), each=each)


def masks():
    """Per-class intersection over union, F1 and accuracy from the confusion matrix; 255 does not count, class 4 is never there."""
    rng = np.random.default_rng(8)
    truth = rng.integers(0, 4, 300)
    labels = np.where(rng.random(300) < 0.6, truth, rng.integers(0, 4, 300))
    truth[::7] = 255
    matrix = confusion_matrix(truth[truth != 255], labels[truth != 255], labels=range(5)).astype(float)
    right, there, answered = matrix.diagonal(), matrix.sum(1), matrix.sum(0)
    with np.errstate(invalid="ignore"):
        iou = right / (there + answered - right)
    return dict(
        classes=5,
        sizes=[100, 150, 50],
        truth=truth.tolist(),
        labels=labels.tolist(),
        iou=[None if np.isnan(x) else x for x in iou],
        miou=float(np.nanmean(iou)),
        accuracy=float(right.sum() / there.sum()),
        there=there.tolist(),
    )


def centres():
    """CenterNet's _neg_loss, RegL1Loss and gaussian_radius, transcribed from https://github.com/xingyizhou/CenterNet (models/losses.py, utils/image.py)."""
    torch.manual_seed(3)
    n, side, classes = 2, 5, 3
    scores = torch.randn(n, side, side, classes, dtype=torch.float64, requires_grad=True)
    heat = torch.rand(n, side, side, classes, dtype=torch.float64) ** 3
    heat[0, 1, 2, 0] = heat[1, 3, 3, 2] = heat[1, 0, 4, 1] = 1
    pred = torch.clamp(torch.sigmoid(scores), 1e-4, 1 - 1e-4)
    is_positive = heat.eq(1).double()
    positive = torch.log(pred) * (1 - pred) ** 2 * is_positive
    negative = torch.log(1 - pred) * pred**2 * (1 - heat) ** 4 * (1 - is_positive)
    focal = -(positive.sum() + negative.sum()) / is_positive.sum()
    focal.backward()
    places, told = torch.randn(2, n, side, side, 4, dtype=torch.float64)
    centre = is_positive.amax(3)
    l1 = lambda part: F.l1_loss(places[..., part] * centre[..., None], told[..., part] * centre[..., None], reduction="sum") / (2 * centre.sum())
    value = dict(shape=[n, side, side, classes], scores=scores, heat=heat, focal=focal, gradient=scores.grad)
    value |= dict(places=places, told=told, centre=centre, place=0.1 * l1(slice(0, 2)) + l1(slice(2, 4)))
    flat = {k: v.detach().flatten().tolist() if isinstance(v, torch.Tensor) and v.ndim else (v.item() if isinstance(v, torch.Tensor) else v) for k, v in value.items()}
    write("centres", dict(flat, radii=[[h, w, gaussian_radius(h, w)] for h, w in [(1, 1), (3, 7), (12, 12), (40, 9)]]), "vision")


def gaussian_radius(height, width, min_overlap=0.7):
    b1 = height + width
    c1 = width * height * (1 - min_overlap) / (1 + min_overlap)
    r1 = (b1 + np.sqrt(b1**2 - 4 * c1)) / 2
    b2 = 2 * (height + width)
    c2 = (1 - min_overlap) * width * height
    r2 = (b2 + np.sqrt(b2**2 - 16 * c2)) / 2
    a3 = 4 * min_overlap
    b3 = -2 * min_overlap * (height + width)
    c3 = (min_overlap - 1) * width * height
    r3 = (b3 + np.sqrt(b3**2 - 4 * a3 * c3)) / 2
    return float(min(r1, r2, r3))


if __name__ == "__main__":
    write("boxes", [boxes_case(seed) for seed in range(3)])
    write("masks", masks())
    centres()
