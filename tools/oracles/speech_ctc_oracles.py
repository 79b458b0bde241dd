"""Values of PyTorch's CTC loss, and of jiwer, that speech to text is compared with.

Run from the repository's root, after a change here, and commit the result:

    python3 -m venv /tmp/torch && /tmp/torch/bin/pip install torch jiwer
    /tmp/torch/bin/python tools/oracles/speech_ctc_oracles.py

Losses are of torch.nn.functional.ctc_loss in double precision, each utterance weighted by a number of its own, so that a test sees
every one of them and its gradient.
"""

import importlib.metadata
import json
import random
from pathlib import Path

import jiwer
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(20261130)


def draw(*shape, scale=1.0):
    return (torch.randn(*shape, generator=generator) * scale * 1000).round() / 1000


def stored(tensor):
    tensor = tensor.detach()
    if not tensor.is_floating_point():
        return {"shape": list(tensor.shape), "values": tensor.flatten().tolist(), "dtype": "int32"}
    return {"shape": list(tensor.shape), "values": [float(f"{v:.8g}") for v in tensor.flatten().tolist()]}


def write(path, source, cases):
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    path = Path(path)
    path.write_text(f'{{"source":"{source}","cases":[\n{lines}\n]}}\n')
    print(f"{path}: {len(cases)} cases, {path.stat().st_size} bytes")


def ctc():
    def one(name, labels, frames, classes, longest=None, scale=1.0):
        longest = longest or max(frames)
        logits = draw(len(labels), longest, classes, scale=scale).requires_grad_(True)
        width = max(1, max(map(len, labels)))
        padded = torch.tensor([label + [1] * (width - len(label)) for label in labels])  # what is behind must not count
        lengths, frames = torch.tensor([len(label) for label in labels]), torch.tensor(frames)
        weights = draw(len(labels)).abs() + 0.1
        losses = F.ctc_loss(logits.log_softmax(2).transpose(0, 1), padded, frames, lengths, blank=0, reduction="none")
        loss = (losses * weights).sum()
        loss.backward()
        inputs = {"logits": logits, "labels": padded, "lengths": lengths, "frames": frames, "weights": weights}
        return {
            "name": name,
            "options": {},
            "inputs": {name: stored(tensor) for name, tensor in inputs.items()},
            "loss": float(f"{loss.item():.8g}"),
            "losses": [float(f"{v:.8g}") for v in losses.tolist()],
            "gradients": {"logits": stored(logits.grad)},
        }

    return [
        one("one label", [[1]], [3], 3),
        one("repeats", [[1, 1, 2, 2, 2], [3, 1, 1, 3]], [12, 12], 4),
        one("an empty label", [[], [2, 1]], [5, 5], 3),
        one("as long as the frames allow", [[1, 2, 3, 1], [2, 2, 1]], [4, 4], 4),
        one("different lengths", [[1, 2], [3, 3, 1, 2, 4], [], [4]], [6, 11, 3, 1], 5, longest=13),
        one("confident and wrong", [[1, 2, 1], [2, 1]], [8, 7], 3, scale=20.0),
        one("many frames and classes", [[7, 7, 19, 3, 28, 1, 1, 5], [2, 30]], [40, 33], 31, scale=2.0),
    ]


def transcripts():
    """Rates and edits of whole corpora by jiwer; where all that was said is empty it gives no rate but a count, so none is here."""
    rng = random.Random(20261130)

    def one(name, right, found):
        of_words, of_characters = jiwer.process_words(right, found), jiwer.process_characters(right, found)
        kinds = ("hits", "substitutions", "deletions", "insertions")
        wrong = [jiwer.process_words(r, f).wer > 0 for r, f in zip(right, found)]
        return {
            "name": name,
            "right": right,
            "found": found,
            "wer": of_words.wer,
            "cer": of_characters.cer,
            "ser": sum(wrong) / len(wrong),
            "words": {kind: getattr(of_words, kind) for kind in kinds},
            "characters": {kind: getattr(of_characters, kind) for kind in kinds},
        }

    draw = lambda letters, most: " ".join(rng.choice(letters) for _ in range(rng.randint(1, most)))
    return [
        one("a corpus of few words: many alignments are equally good", *map(list, zip(*[(draw("abc", 9), draw("abc", 9)) for _ in range(60)]))),
        one("empty utterances, on either side", ["", "a b", "c"], ["x", "a b", ""]),
        one("more insertions than words", ["yes", "no"], ["well yes of course yes", "no no no no"]),
        one("unicode: composed letters, an astral sign, kana", ["naïve 𝄞 はい", "größe"], ["naive 𝄞 𝄞 はい", "grösse"]),
    ]


if __name__ == "__main__":
    version = importlib.metadata.version("jiwer")
    write("packages/evaluate/src/oracles/transcript-edits.json", f"jiwer {version}", transcripts())
    write("packages/core/src/oracles/ctc.json", f"torch {torch.__version__}", ctc())
