"""One training step of a 6-layer pre-norm transformer (width 256, 4 heads, 64 tokens): forward, backward, Adam."""
import torch
import torch.nn.functional as F
from deterministic import deterministic, fill
from torch import nn

TOKENS, WIDTH, HEADS, LAYERS = 64, 256, 4, 6


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH)
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH)
        self.up = nn.Linear(WIDTH, 4 * WIDTH)
        self.down = nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        batch = x.shape[0]
        heads = self.qkv(self.norm1(x)).view(batch, TOKENS, 3, HEADS, WIDTH // HEADS)
        query, key, value = heads.permute(2, 0, 3, 1, 4)  # each [B, H, T, D/H]
        mixed = F.scaled_dot_product_attention(query, key, value)
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, TOKENS, WIDTH))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


def prepare(size, variant):
    batch = size["batch"]
    model = nn.Sequential(*[Layer() for _ in range(LAYERS)])
    fill(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, fused=True)
    x = deterministic("x", (batch, TOKENS, WIDTH), 0.5)
    y = deterministic("y", (batch, TOKENS, WIDTH), 0.5)

    def loss(x, y):
        return F.mse_loss(model(x), y)

    measured = torch.compile(loss) if variant == "compile" else loss

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = measured(x, y)
        value.backward()
        optimizer.step()
        return value.item()

    return step
