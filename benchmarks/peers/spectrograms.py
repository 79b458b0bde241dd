"""Log-mel spectrograms of batches of waves, by the fast Fourier transform; their filters are torchaudio's."""
import torch
import torch.nn.functional as F
import torchaudio
from torchaudio.compliance import kaldi

RATE, EPSILON = 16_000, torch.finfo(torch.float32).eps


class KaldiLogMel:
    """As torchaudio.compliance.kaldi.fbank without dither, which takes one wave: [N, T] -> [N, F, bands]."""

    def __init__(self, bands=80):
        filters, _ = kaldi.get_mel_banks(bands, 512, RATE, 20.0, 0.0, 100.0, -500.0, 1.0)
        self.filters = F.pad(filters, (0, 1)).t().contiguous()  # none hears the bin at half the rate
        self.window = torch.hann_window(400, periodic=False).pow(0.85)

    def __call__(self, waves):
        means = waves.unfold(1, 400, 160).mean(2, keepdim=True)
        emphasised = waves - 0.97 * F.pad(waves, (1, 0), mode="replicate")[:, :-1]  # on waves, not on each frame: the window begins with 0
        frames = (emphasised.unfold(1, 400, 160) - 0.03 * means) * self.window
        return (power(torch.fft.rfft(frames, 512)) @ self.filters).clamp_(min=EPSILON).log_()


class TorchaudioLogMel:
    """As torchaudio.transforms.MelSpectrogram, then the logarithm: [N, T] -> [N, F, 128]."""

    def __init__(self):
        self.filters = torchaudio.functional.melscale_fbanks(201, 0.0, RATE / 2, 128, RATE)
        self.window = torch.hann_window(400)

    def __call__(self, waves):
        spectrum = torch.stft(waves, 400, 200, window=self.window, return_complex=True)
        return (power(spectrum).transpose(1, 2) @ self.filters).add_(1e-6).log_()


def power(spectrum):
    real, imaginary = torch.view_as_real(spectrum).unbind(-1)
    return torch.addcmul(real * real, imaginary, imaginary)


def standardised(bands):
    """Each band over the recording."""
    bands = bands - bands.mean(1, keepdim=True)
    return bands / (bands.square().mean(1, keepdim=True) + 1e-5).sqrt()
