"""What transformers' beam search finds, for packages/text/src/generation.

    pip install torch transformers; python tools/oracles/beam_oracles.py

Reads packages/text/src/oracles/saved-gpt2 (text_folders.py) and writes beams.json beside it: for prompts, numbers of beams, length penalties
and end tokens all texts that are found, with their scores.
"""

import json
from pathlib import Path

import torch
from transformers import GPT2LMHeadModel

FOLDER = Path(__file__).parents[2] / "packages/text/src/oracles/saved-gpt2"
PLACES = 12

model = GPT2LMHeadModel.from_pretrained(FOLDER).eval().double()


def ends_of(prompt):
    """A token that is seldom likely, and those that beams come to: so that texts end at many lengths."""
    made = model.generate(
        torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long), num_beams=5, num_return_sequences=5,
        do_sample=False, max_new_tokens=6, pad_token_id=18, eos_token_id=None,
    )  # fmt: skip
    written = made[:, len(prompt) :]
    return sorted({3, *written[1:, 2].tolist(), *written[1:, 4].tolist()})[:4]


cases = []
for prompt in ([7, 3, 7], [1], [4, 11, 2, 9, 0]):
    for beams in (1, 2, 3, 5):
        for penalty in (0.0, 0.6, 1.0, 2.0):
            for end in ends_of(prompt):
                length = PLACES - len(prompt) if end != 3 else 5
                told = {} if beams == 1 else {"num_beams": beams, "num_return_sequences": beams, "length_penalty": penalty}
                if beams == 1 and penalty != 1.0:
                    continue
                made = model.generate(
                    torch.tensor([prompt]),
                    attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
                    do_sample=False,
                    max_new_tokens=length,
                    pad_token_id=18,
                    eos_token_id=end,
                    return_dict_in_generate=True,
                    output_scores=True,
                    **told,
                )
                texts = []
                for row in made.sequences[:, len(prompt) :].tolist():
                    texts.append(row[: row.index(end) + 1] if end in row else row[:length])
                scores = None if beams == 1 else [round(score, 5) for score in made.sequences_scores.tolist()]
                cases.append(dict(prompt=prompt, beams=beams, lengthPenalty=penalty, stopAt=end, maxTokens=length, texts=texts, scores=scores))
(FOLDER / "beams.json").write_text(json.dumps(cases) + "\n")
ended = sum(case["stopAt"] in case["texts"][0] for case in cases)
lengths = {len(case["texts"][0]) for case in cases}
print(len(cases), "cases,", ended, "end before their last place, best texts of lengths", lengths)
