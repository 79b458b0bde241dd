"""What transformers' generate writes with a repetition penalty, for packages/text/src/generation.

    pip install torch transformers; python tools/oracles/generation_oracles.py

Reads packages/text/src/oracles/saved-gpt2 (text_folders.py) and writes penalized.json beside it.
"""

import json
from pathlib import Path

import torch
from transformers import GPT2LMHeadModel
from transformers.generation.logits_process import RepetitionPenaltyLogitsProcessor

FOLDER = Path(__file__).parents[2] / "packages/text/src/oracles/saved-gpt2"

model = GPT2LMHeadModel.from_pretrained(FOLDER).eval()
prompt = [7, 3, 7]
continued = {}
for penalty in (1.0, 1.05, 1.5, 3.0):
    made = model.generate(
        torch.tensor([prompt]),
        attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
        do_sample=False,
        max_new_tokens=8,
        repetition_penalty=penalty,
        pad_token_id=0,
        eos_token_id=None,
    )
    continued[str(penalty)] = made[0, len(prompt) :].tolist()

scores = torch.tensor([[1.5, -2.0, 0.0, 3.0, -0.5]])
processed = RepetitionPenaltyLogitsProcessor(1.25)(torch.tensor([[0, 1, 2, 0]]), scores.clone())[0].tolist()
out = {"prompt": prompt, "continued": continued, "scores": scores[0].tolist(), "seen": [0, 1, 2, 0], "penalized": processed}
(FOLDER / "penalized.json").write_text(json.dumps(out) + "\n")
print(out)
