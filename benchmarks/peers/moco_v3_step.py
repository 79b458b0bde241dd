"""One MoCo v3 training step of a vision transformer (Hugging Face's ViTModel): forward, backward, AdamW, key encoder."""
import torch
from deterministic import fill_weights
from torch import nn
from transformers import ViTConfig, ViTModel
from two_views import head, move_towards, nearest_of_batch, slower_copy, views
from vit_parts import sincos_positions, vit_name


class Online(nn.Module):
    def __init__(self, size):
        super().__init__()
        width, hidden, patch = size["width"], size["hidden"], size["patch"]
        config = ViTConfig(
            hidden_size=width,
            num_hidden_layers=size["layers"],
            num_attention_heads=size["heads"],
            intermediate_size=4 * width,
            image_size=32,
            patch_size=patch,
            layer_norm_eps=1e-6,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self.encoder = ViTModel(config, add_pooling_layer=False)
        with torch.no_grad():
            self.encoder.embeddings.position_embeddings.copy_(sincos_positions(width, 32 // patch))
        self.projector = head([width, hidden, hidden, 256], output_norm=True)
        self.predictor = head([256, hidden, 256], output_norm=True)

    def embed(self, view):
        return self.projector(self.encoder(view).last_hidden_state[:, 0])


def prepare(size, variant):
    online = Online(size)
    fill_weights(online, vit_name)
    online.encoder.embeddings.position_embeddings.requires_grad_(False)
    online.encoder.embeddings.patch_embeddings.requires_grad_(False)
    keys_of = slower_copy(online)
    first, second = views(size["images"])
    learned = [parameter for parameter in online.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=1e-5, betas=(0.9, 0.95), weight_decay=0.05, fused=True)

    def loss(first, second):
        with torch.no_grad():
            keys = keys_of.embed(first), keys_of.embed(second)
        queries = [online.predictor(online.embed(view)) for view in (first, second)]
        return nearest_of_batch(queries[0], keys[1], 0.2) + nearest_of_batch(queries[1], keys[0], 0.2)

    measured = torch.compile(loss) if variant == "compile" else loss

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = measured(first, second)
        value.backward()
        optimizer.step()
        move_towards(keys_of.encoder, online.encoder, 0.99)
        move_towards(keys_of.projector, online.projector, 0.99)
        return value.item()

    return step
