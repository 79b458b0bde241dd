"""Whether Python reads the folders that @autodidact/text saves, and computes the same.

    HF_HUB_OFFLINE=1 python tools/oracles/text_folders.py FOLDER...

Beside the model each folder has an expected.json: a `sentence`, its `ids` with special tokens, the `states` [T, size] of the last layer,
and for a classifier the `scores` (probabilities of its classes). No key may be missing or superfluous.
"""

import json
import sys
from pathlib import Path

import torch
import transformers
from transformers import AutoConfig, AutoModel, AutoTokenizer

for folder in map(Path, sys.argv[1:]):
    expected = json.loads((folder / "expected.json").read_text())
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = tokenizer(expected["sentence"])["input_ids"]
    assert ids == expected["ids"], (folder, ids, expected["ids"])

    batch = torch.tensor([ids])
    with torch.no_grad():
        states = AutoModel.from_pretrained(folder).eval()(batch).last_hidden_state[0]
    difference = (states.flatten() - torch.tensor(expected["states"])).abs().max().item()
    assert difference < 1e-4, (folder, difference)

    architecture = getattr(transformers, AutoConfig.from_pretrained(folder).architectures[0])
    model, loading = architecture.from_pretrained(folder, output_loading_info=True)
    assert not any(loading.values()), (folder, loading)
    if "scores" in expected:
        with torch.no_grad():
            scores = model.eval()(batch).logits[0].softmax(-1)
        assert torch.allclose(scores, torch.tensor(expected["scores"]), atol=1e-5), (folder, scores, expected["scores"])
    print(f"{folder}: {architecture.__name__}, {len(ids)} tokens alike, states within {difference:.1e}")
