"""The transformer over frames that masked frames and BEST-RQ train, pre-norm, with PyTorch's fused attention; and what both steps share."""
import torch
import torch.nn.functional as F
from deterministic import deterministic
from spectrograms import RATE, KaldiLogMel, standardised
from torch import nn

BANDS = 80


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        n, t, width = x.shape
        q, k, v = self.qkv(x).view(n, t, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        return self.proj(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, t, width))


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.attn = nn.LayerNorm(width, eps=1e-12), Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(width, 4 * width), "fc2": nn.Linear(4 * width, width)})

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp["fc2"](F.gelu(self.mlp["fc1"](self.norm2(x))))


class FrameTransformer(nn.Module):
    def __init__(self, size, frames):
        super().__init__()
        width = size["width"]
        self.projection, self.input_norm = nn.Linear(BANDS, width), nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, size["heads"]) for _ in range(size["layers"]))
        self.norm = nn.LayerNorm(width, eps=1e-12)
        place, frame = torch.arange(width), torch.arange(frames, dtype=torch.float64)[:, None]
        angle = frame / 10_000 ** (2 * (place // 2) / width)
        positions = torch.where(place % 2 == 0, angle.sin(), angle.cos()).float()
        self.register_buffer("positions", positions, persistent=False)

    def forward(self, frames):
        x = self.input_norm(self.projection(frames) + self.positions)
        for layer in self.layers:
            x = layer(x)
        return self.norm(x)


def frame_count(seconds):
    return 1 + (int(seconds * RATE) - 400) // 160


def step_of(model, size, variant, loss_of):
    """A step from waves on. `loss_of` gets the standardised bands, which have no gradient, and is what is compiled."""
    waves = deterministic("waves", (size["recordings"], int(size["seconds"] * RATE)), 0.3)
    log_mel = KaldiLogMel(BANDS)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, betas=(0.9, 0.95), weight_decay=0.05, fused=True)
    measured = torch.compile(loss_of) if variant == "compile" else loss_of

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            bands = standardised(log_mel(waves))
        value = measured(bands)
        value.backward()
        optimizer.step()
        return value.item()

    return step
