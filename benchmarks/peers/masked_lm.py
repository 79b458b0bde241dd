"""One masked-LM training step of Hugging Face's BertForMaskedLM: forward, backward, AdamW."""
import torch
from deterministic import deterministic
from transformers import BertConfig, BertForMaskedLM


def prepare(size, variant):
    batch, context, vocabulary = size["batch"], size["context"], size["vocabulary"]
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=size["width"],
        num_hidden_layers=size["layers"],
        num_attention_heads=size["heads"],
        intermediate_size=4 * size["width"],
        max_position_embeddings=context,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    model = BertForMaskedLM(config).train()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() >= 2:
                parameter.copy_(deterministic(name, tuple(parameter.shape), 0.05))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01, fused=True)

    def numbers(name, below):
        unit = (deterministic(name, (batch, context), 1).double() + 1) / 2
        return (unit * below).floor().long()

    ids, targets = numbers("ids", vocabulary), numbers("targets", vocabulary)
    chosen = torch.arange(context) < size["masked"]  # which places they are does not matter to the time
    labels = torch.where(chosen, targets, torch.full_like(targets, -100))
    seen = torch.ones_like(ids)

    def loss(ids, labels):
        return model(input_ids=ids, attention_mask=seen, labels=labels).loss

    measured = torch.compile(loss) if variant == "compile" else loss

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = measured(ids, labels)
        value.backward()
        optimizer.step()
        return value.item()

    return step
