"""One step of BEST-RQ: log-mel, spans hidden by noise, forward, the random quantiser's labels of hidden frames, backward, AdamW."""
import torch
import torch.nn.functional as F
from deterministic import deterministic, fill_weights
from frame_transformer import BANDS, FrameTransformer, frame_count, step_of
from torch import nn

SPAN, CODE = 40, 16


def prepare(size, variant):
    recordings, frames, entries = size["recordings"], frame_count(size["seconds"]), size["entries"]
    model = nn.ModuleDict({"encoder": FrameTransformer(size, frames), "head": nn.Linear(size["width"], entries)})
    fill_weights(model)
    projection = deterministic("quantizer.projection", (BANDS, CODE), 1)
    codebook = F.normalize(deterministic("quantizer.codebook", (entries, CODE), 1), dim=1)

    mask = torch.zeros(recordings, frames)
    for n in range(recordings):
        first = 3 * n % (frames // 2 - SPAN)
        mask[n, first : first + SPAN] = 1
        if n % 2 == 1:
            mask[n, first + frames // 2 : first + frames // 2 + SPAN] = 1
    noise = deterministic("noise", (recordings, frames, BANDS), 0.1 * 3**0.5) * mask[:, :, None]
    kept, hidden = 1 - mask[:, :, None], mask.flatten().nonzero().squeeze(1)

    def loss(bands):
        with torch.no_grad():
            labels = (F.normalize(bands.flatten(0, 1)[hidden] @ projection, dim=1) @ codebook.t()).argmax(1)
        states = model["encoder"](bands * kept + noise)
        return F.cross_entropy(model["head"](states.flatten(0, 1)[hidden]), labels)

    return step_of(model, size, variant, loss)
