"""One step of masked frames (TERA): log-mel, frames and bands hidden, forward, the mean distance of what was hidden, backward, AdamW."""
import torch
import torch.nn.functional as F
from deterministic import fill_weights
from frame_transformer import BANDS, FrameTransformer, frame_count, step_of
from torch import nn

SPAN = 7


class Head(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.dense, self.norm = nn.Linear(width, width), nn.LayerNorm(width, eps=1e-12)
        self.output = nn.Linear(width, BANDS)

    def forward(self, states):
        return self.output(self.norm(F.gelu(self.dense(states))))


def masks(recordings, frames):
    """As programs/speech.ts and contenders/speech.ts have them."""
    chosen, kept = torch.zeros(recordings, frames), torch.ones(recordings, frames)
    source = torch.arange(frames).repeat(recordings, 1)
    band = torch.zeros(recordings, BANDS)
    for n in range(recordings):
        for span in range(4):
            start = span * frames // 4 + n % 5
            place = slice(start, start + SPAN)
            chosen[n, place] = 1
            if n % 10 < 8:
                kept[n, place] = 0
            if n % 10 == 8:
                source[n, place] = torch.arange(frames - SPAN, frames)
        lowest = 5 * n % 64
        band[n, lowest : lowest + n % 17] = 1
    return chosen, source, kept, band


def prepare(size, variant):
    recordings, frames = size["recordings"], frame_count(size["seconds"])
    model = nn.ModuleDict({"encoder": FrameTransformer(size, frames), "head": Head(size["width"])})
    fill_weights(model)
    chosen, source, kept, band = masks(recordings, frames)
    rows = (source + frames * torch.arange(recordings)[:, None]).flatten()
    hidden = kept[:, :, None] * (1 - band[:, None])
    cells = 1 - (1 - chosen[:, :, None]) * (1 - band[:, None])

    def loss(bands):
        placed = bands.flatten(0, 1)[rows].view_as(bands)
        prediction = model["head"](model["encoder"](placed * hidden))
        return ((prediction - bands).abs() * cells).sum() / cells.sum()

    return step_of(model, size, variant, loss)
