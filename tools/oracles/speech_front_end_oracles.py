"""Writes the spectrograms that the tests of packages/speech expect of its front ends: each by the library whose name the preset has.

usage: python3 tools/oracles/speech_front_end_oracles.py        (needs: pip install torch torchaudio librosa transformers numpy)
Writes packages/speech/src/oracles/front-ends.json: for 8, 16 and 44.1 kHz, and Kaldi's for 22.05 kHz, two waves (one of them quiet) in thousandths, and per preset [N, F, M].
torchaudio's transforms compute in double precision: in single precision the narrowest of 128 filters at 8 kHz is 10⁻⁴ off itself.
"""

import json
from pathlib import Path

import librosa
import numpy as np
import torch
import torchaudio
from torchaudio.compliance import kaldi
from transformers import ASTFeatureExtractor, WhisperFeatureExtractor

OUT = Path(__file__).resolve().parents[2] / "packages" / "speech" / "src" / "oracles" / "front-ends.json"
RANDOM = np.random.default_rng(20261130)
SECONDS = 0.06


def waves(rate):
    """Tones with noise and an offset; integers, for small files and one value in both programs."""
    time = np.arange(int(rate * SECONDS)) / rate
    tones = sum(np.sin(2 * np.pi * hz * time + hz) / (i + 1) for i, hz in enumerate([180, 420, 1300, 2900]))
    loud = 150 * tones + 60 * RANDOM.normal(size=time.size) + 20
    quiet = 4 * tones + 8 * RANDOM.normal(size=time.size)
    return np.clip(np.stack([loud, quiet]).round(), -1000, 1000).astype(int)


def kaldi_fbank(wave, rate):
    return kaldi.fbank(torch.tensor(wave)[None], sample_frequency=rate, num_mel_bins=40 if rate < 16000 else 80)


def ast(wave, rate, do_normalize=False):
    frames = kaldi.fbank(torch.tensor(wave)[None], sample_frequency=rate, num_mel_bins=128).shape[0]
    extractor = ASTFeatureExtractor(sampling_rate=rate, max_length=frames, do_normalize=do_normalize)
    return torch.tensor(extractor(wave, sampling_rate=rate)["input_values"][0])


def in_double(make):
    def made(wave, rate):
        torch.set_default_dtype(torch.float64)
        try:
            return make(torch.tensor(wave).double(), rate)
        finally:
            torch.set_default_dtype(torch.float32)

    return made


@in_double
def torchaudio_log_mel(wave, rate):
    return torch.log(torchaudio.transforms.MelSpectrogram(rate)(wave) + 1e-6).T


@in_double
def torchaudio_mfcc(wave, rate):
    return torchaudio.transforms.MFCC(rate, log_mels=True)(wave).T


def librosa_log_mel(wave, rate):
    return torch.tensor(librosa.power_to_db(librosa.feature.melspectrogram(y=wave, sr=rate))).T


def whisper(bands):
    def features(wave, rate):
        extractor = WhisperFeatureExtractor(feature_size=bands)
        return torch.tensor(extractor(wave, sampling_rate=rate, padding=False)["input_features"][0]).T

    return features


def stored(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.7g}") for v in tensor.flatten().tolist()]}


def main():
    cases = []
    for rate in (8000, 16000, 22050, 44100):
        thousandths = waves(rate)
        makers = {
            "kaldi": kaldi_fbank,
            "ast": ast,
            "torchaudio": torchaudio_log_mel,
            "librosa": librosa_log_mel,
            "mfcc": torchaudio_mfcc,
        }
        if rate == 22050:  # whose frames have an odd number of samples
            makers = {"kaldi": kaldi_fbank}
        if rate == 16000:
            makers["ast-normalized"] = lambda wave, at: ast(wave, at, do_normalize=True)
            makers["whisper"] = whisper(80)
            makers["whisper-128"] = whisper(128)
        for name, make in makers.items():
            made = torch.stack([make((wave / 1000).astype(np.float32), rate).float() for wave in thousandths])
            print(rate, name, list(made.shape), made.min().item(), made.max().item())
            cases.append({"preset": name, "sampleRate": rate, "expected": stored(made)})
        cases.append({"preset": "waves", "sampleRate": rate, "expected": {"shape": list(thousandths.shape), "values": thousandths.flatten().tolist()}})
    OUT.write_text(json.dumps({"cases": cases}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
