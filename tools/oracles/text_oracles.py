"""Values of Hugging Face's transformers that the models and methods of @autodidact/text are compared with.

Run from the repository's root, after a change here, and commit the result:

    python3 -m venv /tmp/hf && /tmp/hf/bin/pip install torch transformers safetensors numpy
    HF_HUB_OFFLINE=1 /tmp/hf/bin/python tools/oracles/text_oracles.py [FOLDER, packages/text/src/oracles unless told]

Each case is one safetensors file: `weights.NAME` and `gradients.NAME` by the model's own names, `batch.…`, `output.…`, `loss`; the
config.json is in its metadata. Computed in double precision from weights of single precision, so that what a test sees is the error of
the code under test alone.
"""

import json
import sys
import zlib
from pathlib import Path

import torch
import transformers
from keyed_masks import given_masks
from safetensors.torch import save_file
from transformers import (
    AlbertConfig,
    AlbertForPreTraining,
    AlbertForSequenceClassification,
    AlbertForTokenClassification,
    BertConfig,
    BertForPreTraining,
    BertForQuestionAnswering,
    BertForSequenceClassification,
    BertForTokenClassification,
    GPT2Config,
    GPT2ForSequenceClassification,
    GPT2LMHeadModel,
)

generator = torch.Generator()
folder = Path(sys.argv[1] if len(sys.argv) > 1 else "packages/text/src/oracles")
folder.mkdir(parents=True, exist_ok=True)

PAD, CLS, SEP, MASK, FIRST = 0, 2, 3, 4, 5


def randomize(name, model):
    """
    Every parameter drawn, so that no bias of 0 or scale of 1 hides a mistake; norms stay near 1. A case's numbers hang on its name, and
    whether it is in training.
    """
    generator.manual_seed(zlib.crc32(name.encode()))
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            values = torch.randn(parameter.shape, generator=generator) * 0.3
            is_scale = parameter.dim() == 1 and key.endswith("weight")
            parameter.copy_(values / 3 + 1 if is_scale else values)
    return model.double().train(name.endswith("-dropped"))


def write(name, model, batch, output, loss):
    model.zero_grad()
    loss.backward()
    tensors = {f"batch.{key}": value.to(torch.int32) for key, value in batch.items()}
    tensors |= {f"output.{key}": value.detach().float() for key, value in output.items()}
    for key, parameter in model.named_parameters():  # a tied tensor is named once
        tensors[f"weights.{key}"] = parameter.detach().float()
        tensors[f"gradients.{key}"] = parameter.grad.float()
    tensors["loss"] = loss.detach().float()
    config = {"architectures": [type(model).__name__], **model.config.to_diff_dict()}
    source = f"transformers {transformers.__version__}, torch {torch.__version__}"
    metadata = {"case": json.dumps({"config": config, "source": source})}  # one entry: their order changes from run to run
    path = folder / f"{name}.safetensors"
    save_file({key: value.contiguous() for key, value in tensors.items()}, path, metadata=metadata)
    print(f"{path}: {path.stat().st_size} bytes, loss {loss.item():.6f}")


def masked_pairs(vocabulary, length, own_lengths):
    """Sequences [CLS] a [SEP] b [SEP] of several lengths, three masked places each (two in the last), and a relation for each."""
    n = len(own_lengths)
    ids = torch.zeros(n, length, dtype=torch.long)
    types, seen = torch.zeros_like(ids), torch.zeros_like(ids)
    labels = torch.full_like(ids, -100)
    positions, picked = [], []
    for row, own in enumerate(own_lengths):
        ids[row, :own] = torch.randint(FIRST, vocabulary, (own,), generator=generator)
        middle = own // 2
        ids[row, 0], ids[row, middle], ids[row, own - 1] = CLS, SEP, SEP
        types[row, middle + 1 : own] = 1
        seen[row, :own] = 1
        places = [1, middle - 1, own - 2] if row < n - 1 else [2, own - 2]
        for place in places:
            labels[row, place] = ids[row, place]
            positions.append(row * length + place)
            picked.append(int(ids[row, place]))
        ids[row, places[0]] = MASK
        positions += [0] * (3 - len(places))
        picked += [-100] * (3 - len(places))
    relation = torch.tensor([row % 2 for row in range(n)])
    batch = {"ids": ids, "tokenTypes": types, "seen": seen, "relation": relation}
    return batch, labels, torch.tensor(positions), torch.tensor(picked)


def bidirectional(name, model, relation_label, cases={"": [9, 9, 9], "-padded": [11, 7, 9]}):
    randomize(name, model)
    for suffix, own_lengths in cases.items():
        length = max(own_lengths)
        batch, labels, positions, picked = masked_pairs(model.config.vocab_size, length, own_lengths)
        made = model(
            input_ids=batch["ids"],
            token_type_ids=batch["tokenTypes"],
            attention_mask=batch["seen"],
            labels=labels,
            output_hidden_states=True,
            **{relation_label: batch["relation"]},
        )
        relation = made.seq_relationship_logits if hasattr(made, "seq_relationship_logits") else made.sop_logits
        tokens = made.prediction_logits.flatten(0, 1)[positions]
        output = {"states": made.hidden_states[-1], "tokens": tokens, "relation": relation}
        write(f"{name}{suffix}", model, {**batch, "positions": positions, "labels": picked}, output, made.loss)


def causal(name, model):
    randomize(name, model)
    windows = torch.randint(0, model.config.vocab_size, (3, 11), generator=generator)
    made = model(input_ids=windows, labels=windows, output_hidden_states=True)
    output = {"states": made.hidden_states[-1][:, :-1], "tokens": made.logits[:, :-1]}
    write(name, model, {"ids": windows[:, :-1], "labels": windows[:, 1:]}, output, made.loss)


def classified(name, model, lengths):
    """Texts of several lengths, and a class for each."""
    randomize(name, model)
    ids = torch.full((len(lengths), max(lengths)), PAD)
    for row, own in enumerate(lengths):
        ids[row, :own] = torch.randint(FIRST, model.config.vocab_size, (own,), generator=generator)
    labels = torch.tensor([row % 3 for row in range(len(lengths))])
    made = model(input_ids=ids, attention_mask=(ids != PAD).long(), labels=labels)
    batch = {"ids": ids, "lengths": torch.tensor(lengths), "labels": labels}
    write(name, model, batch, {"scores": made.logits}, made.loss)


def marked(name, model):
    """Two texts of one length, and where an answer stands."""
    randomize(name, model)
    ids = torch.randint(FIRST, model.config.vocab_size, (2, 8), generator=generator)
    types = (torch.arange(8) > 3).long().repeat(2, 1)
    start, end = torch.tensor([4, 6]), torch.tensor([5, 6])
    made = model(input_ids=ids, token_type_ids=types, start_positions=start, end_positions=end)
    output = {"starts": made.start_logits, "ends": made.end_logits}
    write(name, model, {"ids": ids, "tokenTypes": types, "start": start, "end": end}, output, made.loss)


def labelled(name, model, lengths):
    """Sentences of several lengths, and a class for every second token."""
    randomize(name, model)
    ids = torch.full((len(lengths), max(lengths)), PAD)
    labels = torch.full_like(ids, -100)
    for row, own in enumerate(lengths):
        ids[row, :own] = torch.randint(FIRST, model.config.vocab_size, (own,), generator=generator)
        labels[row, 1 : own - 1 : 2] = torch.arange(len(labels[row, 1 : own - 1 : 2])) % 3
    seen = (ids != PAD).long()
    made = model(input_ids=ids, attention_mask=seen, labels=labels)
    write(name, model, {"ids": ids, "seen": seen, "labels": labels.flatten()}, {"scores": made.logits * seen[:, :, None]}, made.loss)


torch.manual_seed(0)
torch.set_num_threads(1)  # the same bits each time
small = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 24}
small |= {"max_position_embeddings": 24, "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
bidirectional("bert", BertForPreTraining(BertConfig(vocab_size=37, **small)), "next_sentence_label")
bidirectional("albert", AlbertForPreTraining(AlbertConfig(vocab_size=37, embedding_size=8, **small)), "sentence_order_label")
causal(
    "gpt2",
    GPT2LMHeadModel(
        GPT2Config(
            vocab_size=41, n_positions=24, n_embd=16, n_layer=2, n_head=2, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
            bos_token_id=0, eos_token_id=0,
        )  # fmt: skip
    ),
)

three = {"num_labels": 3, "vocab_size": 29}
classified("bert-classes", BertForSequenceClassification(BertConfig(**small, **three, classifier_dropout=0.0)), [7, 9, 5, 9])
classified(
    "albert-classes",
    AlbertForSequenceClassification(AlbertConfig(**small, **three, embedding_size=8, classifier_dropout_prob=0.0)),
    [7, 9, 5, 9],
)
gpt2 = {"n_positions": 24, "n_embd": 16, "n_layer": 2, "n_head": 2, "pad_token_id": PAD, "bos_token_id": 1, "eos_token_id": 1}
gpt2 |= {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}
classified("gpt2-classes", GPT2ForSequenceClassification(GPT2Config(**gpt2, **three)), [7, 9, 5, 9])
marked("bert-answers", BertForQuestionAnswering(BertConfig(vocab_size=29, **small)))
labelled("bert-tokens", BertForTokenClassification(BertConfig(**small, **three, classifier_dropout=0.0)), [7, 9, 5])
labelled(
    "albert-tokens",
    AlbertForTokenClassification(AlbertConfig(**small, **three, embedding_size=8, classifier_dropout_prob=0.0)),
    [7, 9, 5],
)


# In training, with masks given to it.
KEY = [7, 2047, 1024, 333]
dropping = {**small, "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.2, "attn_implementation": "eager"}
with given_masks(KEY):
    classified("bert-classes-dropped", BertForSequenceClassification(BertConfig(**dropping, **three, classifier_dropout=0.3)), [7, 9, 5, 9])
with given_masks(KEY):
    classified(
        "albert-classes-dropped",
        AlbertForSequenceClassification(AlbertConfig(**dropping, **three, embedding_size=8, classifier_dropout_prob=0.3)),
        [7, 9, 5, 9],
    )
gpt2 |= {"resid_pdrop": 0.1, "embd_pdrop": 0.3, "attn_pdrop": 0.2, "attn_implementation": "eager"}
with given_masks(KEY):
    classified("gpt2-classes-dropped", GPT2ForSequenceClassification(GPT2Config(**gpt2, **three)), [7, 9, 5, 9])
with given_masks(KEY):
    ordered = AlbertConfig(vocab_size=37, embedding_size=8, **dropping, classifier_dropout_prob=0.5)
    bidirectional("albert-dropped", AlbertForPreTraining(ordered), "sentence_order_label", {"": [9, 9, 9]})


def saved_folder(name, model, more):
    """A folder as save_pretrained writes it, and beside it what the model makes of some ids."""
    randomize(name, model)
    model.float().save_pretrained(folder / name)
    (folder / name / "generation_config.json").unlink(missing_ok=True)
    ids = torch.randint(FIRST, model.config.vocab_size, (2, 6), generator=generator)
    with torch.no_grad():
        states = model.double()(input_ids=ids, output_hidden_states=True).hidden_states[-1]
    expected = {"ids": ids.tolist(), "states": [round(value, 6) for value in states.flatten().tolist()]} | more(model)
    (folder / name / "expected.json").write_text(json.dumps(expected) + "\n")


def filled(model):
    """The likeliest tokens for two masks."""
    ids = torch.tensor([[CLS, 7, MASK, 9, MASK, 11, SEP]])
    with torch.no_grad():
        scores = model(input_ids=ids)[0][0]
    likeliest = scores[ids[0] == MASK].softmax(-1).topk(5)
    return {"masked": ids[0].tolist(), "likeliest": likeliest.indices.tolist(), "probabilities": likeliest.values.tolist()}


def continued(model):
    """Greedy continuations, as long as the model has places: of twenty prompts the one with the most different tokens."""

    def continue_greedily(prompt):
        seen = torch.ones_like(prompt)
        made = model.generate(prompt, attention_mask=seen, do_sample=False, max_new_tokens=9, eos_token_id=None)
        return {"prompt": prompt[0].tolist(), "continued": made[0, 3:].tolist()}

    prompts = torch.randint(0, 19, (20, 1, 3), generator=generator)
    return max(map(continue_greedily, prompts), key=lambda made: len(set(made["continued"])))


tiny = {**small, "vocab_size": 19, "hidden_size": 8, "intermediate_size": 12}
saved_folder("saved-bert", BertForPreTraining(BertConfig(**tiny)), filled)
saved_folder("saved-albert", AlbertForPreTraining(AlbertConfig(**tiny, embedding_size=4)), filled)
gpt2 = GPT2Config(vocab_size=19, n_positions=12, n_embd=8, n_layer=2, n_head=2, bos_token_id=None, eos_token_id=None)
saved_folder("saved-gpt2", GPT2LMHeadModel(gpt2), continued)
