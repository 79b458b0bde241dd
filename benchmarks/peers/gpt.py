"""One training step of a character GPT (nanoGPT's CPU recipe): forward, backward, clipping, AdamW."""
import torch
import torch.nn.functional as F
from deterministic import deterministic
from torch import nn


class Block(nn.Module):
    def __init__(self, width, heads, bias, gelu):
        super().__init__()
        self.heads = heads
        self.gelu = gelu
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width, bias=bias)
        self.out = nn.Linear(width, width, bias=bias)
        self.norm2 = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width, bias=bias)
        self.down = nn.Linear(4 * width, width, bias=bias)

    def forward(self, x):
        batch, context, width = x.shape
        heads = self.qkv(self.norm1(x)).view(batch, context, 3, self.heads, width // self.heads)
        query, key, value = heads.permute(2, 0, 3, 1, 4)  # each [B, H, T, D/H]
        seen = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.out(seen.transpose(1, 2).reshape(batch, context, width))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate=self.gelu))


class GPT(nn.Module):
    def __init__(self, layers, heads, width, context, vocabulary, bias=False, gelu="none"):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.places = nn.Embedding(context, width)
        self.blocks = nn.Sequential(*[Block(width, heads, bias, gelu) for _ in range(layers)])
        self.norm = nn.LayerNorm(width)

    def forward(self, ids):
        x = self.tokens(ids) + self.places.weight
        return F.linear(self.norm(self.blocks(x)), self.tokens.weight)


def prepare(size, variant):
    model = GPT(**{name: size[name] for name in ("layers", "heads", "width", "context", "vocabulary")})
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() >= 2:
                parameter.copy_(deterministic(f"model.{name}", tuple(parameter.shape), 0.05))
    return training_step(model, size, variant)


def training_step(model, size, variant):
    batch, context, vocabulary = size["batch"], size["context"], size["vocabulary"]
    decaying = [p for p in model.parameters() if p.dim() >= 2]
    others = [p for p in model.parameters() if p.dim() < 2]
    groups = [{"params": decaying, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.99), fused=True)

    def tokens(name):
        unit = (deterministic(name, (batch, context), 1).double() + 1) / 2
        return (unit * vocabulary).floor().long()

    x, y = tokens("x"), tokens("y")

    def loss(x, y):
        return F.cross_entropy(model(x).view(-1, vocabulary), y.view(-1))

    measured = torch.compile(loss) if variant == "compile" else loss

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = measured(x, y)
        value.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return value.item()

    return step
