"""Log-mel spectrograms, forward alone; the mean of squares is read. Variant torchaudio: the library's own functions; eager: its formulas on the batch."""
import torch
import torchaudio
from deterministic import deterministic
from spectrograms import RATE, KaldiLogMel, TorchaudioLogMel
from torchaudio.compliance import kaldi


def step_of(spectrogram, size):
    waves = deterministic("waves", (size["recordings"], int(size["seconds"] * RATE)), 0.3)

    @torch.no_grad()
    def step():
        return spectrogram(waves).square().mean().item()

    return step


def prepare_torchaudio(size, variant):
    if variant == "eager":
        return step_of(TorchaudioLogMel(), size)
    transform = torchaudio.transforms.MelSpectrogram(RATE)
    return step_of(lambda waves: torch.log(transform(waves) + 1e-6), size)


def prepare_kaldi(size, variant):
    if variant == "eager":
        return step_of(KaldiLogMel(), size)

    def one_by_one(waves):
        """kaldi.fbank takes one wave."""
        return torch.stack([kaldi.fbank(wave[None], sample_frequency=RATE, num_mel_bins=80, dither=0.0) for wave in waves])

    return step_of(one_by_one, size)
