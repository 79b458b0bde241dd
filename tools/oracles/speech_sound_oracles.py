"""Writes what torchaudio makes of waves that packages/speech resamples and mixes with noise, and what libsndfile reads from small files.

usage: python3 tools/oracles/speech_sound_oracles.py        (needs: pip install torch torchaudio soundfile numpy)
Writes packages/speech/src/oracles/resample.json (torchaudio.functional.resample), sound-files.json (files in base64 as libsndfile writes them,
and the samples that it reads back, which for lossy kinds are those of its decoder) and add-noise.json (torchaudio.functional.add_noise).
"""

import base64
import io
import json
from pathlib import Path

import numpy as np
import soundfile
import torch
from torchaudio.functional import add_noise, resample

OUT = Path(__file__).resolve().parents[2] / "packages" / "speech" / "src" / "oracles"
RANDOM = np.random.default_rng(20260101)

HANN = {"lowpass_filter_width": 6, "rolloff": 0.99, "resampling_method": "sinc_interp_hann"}
FAST = {"lowpass_filter_width": 16, "rolloff": 0.85, "resampling_method": "sinc_interp_kaiser", "beta": 8.555504641634386}
BEST = {"lowpass_filter_width": 64, "rolloff": 0.9475937167399596, "resampling_method": "sinc_interp_kaiser", "beta": 14.769656459379492}
RATIOS = [(44100, 16000), (8000, 16000), (48000, 16000), (192000, 16000), (16000, 8000), (22050, 16000), (16000, 14400)]


def numbers(array, digits=7):
    return [float(f"{value:.{digits}g}") for value in np.asarray(array, dtype=np.float64).flatten()]


def wave(length, channels=1):
    t = np.arange(length)[:, None] + 13 * np.arange(channels)
    return (0.4 * np.sin(0.05 * t) + 0.2 * np.sin(0.31 * t + 1) + 0.1 * RANDOM.normal(size=(length, channels))).astype(np.float32)


def resampled():
    cases = []
    for source, target in RATIOS:
        samples = torch.tensor(np.round(wave(max(150, source * 150 // 8000 // 4))[:, 0], 4))
        for options in (HANN, FAST, BEST):
            ours = {"lowpassFilterWidth": options["lowpass_filter_width"], "rolloff": options["rolloff"], "window": options["resampling_method"][12:]}
            if "beta" in options:
                ours["beta"] = options["beta"]
            made = resample(samples.double(), source, target, **options)
            cases.append({"from": source, "to": target, "options": ours, "samples": numbers(samples), "resampled": numbers(made)})
    return cases


FILES = [  # format, subtype, channels, rate
    *[("WAV", subtype, channels, 16000) for subtype in ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ALAW", "ULAW", "IMA_ADPCM") for channels in (1, 2)],
    ("WAVEX", "PCM_16", 2, 44100), ("WAVEX", "PCM_24", 8, 192000), ("WAVEX", "FLOAT", 1, 8000), ("RF64", "PCM_16", 1, 16000),
    ("AIFF", "PCM_S8", 1, 16000), ("AIFF", "PCM_16", 2, 16000), ("AIFF", "PCM_24", 1, 22050), ("AIFF", "FLOAT", 1, 16000), ("AIFF", "ULAW", 1, 8000),
    ("CAF", "PCM_16", 2, 16000), ("CAF", "DOUBLE", 1, 16000), ("CAF", "ALAW", 1, 8000), ("CAF", "PCM_S8", 1, 16000),
    ("FLAC", "PCM_16", 1, 16000), ("FLAC", "PCM_24", 2, 48000), ("FLAC", "PCM_S8", 1, 8000),
    ("OGG", "VORBIS", 1, 16000), ("OGG", "VORBIS", 2, 44100), ("OGG", "OPUS", 1, 48000), ("OGG", "OPUS", 2, 48000),
    ("MP3", "MPEG_LAYER_III", 1, 16000), ("MP3", "MPEG_LAYER_III", 2, 44100),
]


def sound_files():
    cases = []
    for form, subtype, channels, rate in FILES:
        length = 2000 if form in ("FLAC", "OGG", "MP3") else 1300 if subtype == "IMA_ADPCM" else 200
        file = io.BytesIO()
        soundfile.write(file, wave(length, channels), rate, format=form, subtype=subtype)
        data = file.getvalue()
        samples, read_rate = soundfile.read(io.BytesIO(data), dtype="float64", always_2d=True)
        cases.append({"format": form, "subtype": subtype, "channels": channels, "sampleRate": read_rate, "file": base64.b64encode(data).decode(), "mono": [round(value, 6) for value in samples.mean(1)]})
    return cases


def noisy():
    waves, noise = torch.tensor(np.round(wave(40, 3).T, 4)), torch.tensor(np.round(RANDOM.normal(size=(3, 40)).astype(np.float32), 4))
    snr = torch.tensor([-5.0, 3.0, 20.0])
    return [{"waves": numbers(waves), "noise": numbers(noise), "snr": numbers(snr), "noisy": numbers(add_noise(waves, noise, snr))}]


for name, cases in {"resample": resampled(), "sound-files": sound_files(), "add-noise": noisy()}.items():
    (OUT / f"{name}.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
