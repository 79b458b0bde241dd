"""Writes what Hugging Face's image processors make of images that are no squares, by the preprocessor_config.json that packages/vision writes.

usage: python3 tools/oracles/vision_preprocessing_oracles.py        (needs: pip install torch torchvision transformers pillow numpy)
Writes packages/vision/src/oracles/preprocessing.json: configs, image files in base64, and their pixels before standardisation (bytes) as
AutoImageProcessor gives them.
"""

import base64
import io
import json
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from transformers import AutoImageProcessor

OUT = Path(__file__).resolve().parents[2] / "packages" / "vision" / "src" / "oracles" / "preprocessing.json"
RANDOM = np.random.default_rng(20260101)


def config(size, mean, std):
    return {
        "image_processor_type": "CLIPImageProcessor",
        "do_convert_rgb": len(mean) == 3,
        "do_resize": True,
        "size": {"shortest_edge": size},
        "resample": 1,
        "do_center_crop": True,
        "crop_size": {"height": size, "width": size},
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": mean,
        "image_std": std,
    }


def waves(height, width, channels):
    y, x = np.mgrid[:height, :width]
    planes = []
    for _ in range(channels):
        a, b, c = RANDOM.uniform(0.05, 0.5, 3)
        planes.append(128 + 60 * np.sin(a * x + b * y) + 60 * np.sin(c * x * y / 20))
    return np.stack(planes, -1).astype(np.uint8)


COLOUR = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
GRAY = ([0.1307], [0.3081])
CASES = [  # height, width, size, statistics
    (30, 48, 16, COLOUR),
    (45, 31, 16, COLOUR),
    (20, 37, 20, COLOUR),
    (37, 20, 19, COLOUR),
    (64, 43, 24, GRAY),
    (101, 64, 32, COLOUR),
]


def case(height, width, size, statistics):
    mean, std = statistics
    image = Image.fromarray(waves(height, width, len(mean)).squeeze())
    file = io.BytesIO()
    image.save(file, "PNG")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "preprocessor_config.json").write_text(json.dumps(config(size, mean, std)))
        processor = AutoImageProcessor.from_pretrained(folder)
    values = np.asarray(processor(image, return_tensors="np")["pixel_values"][0])  # [C, S, S], standardised
    assert values.shape == (len(mean), size, size), values.shape
    pixels = (values.transpose(1, 2, 0) * np.array(std) + np.array(mean)) * 255
    return {
        "config": config(size, mean, std),
        "file": base64.b64encode(file.getvalue()).decode(),
        "height": height,
        "width": width,
        "pixels": np.rint(pixels).astype(int).flatten().tolist(),
    }


OUT.write_text(json.dumps([case(*each) for each in CASES], separators=(",", ":")) + "\n")
print(OUT, OUT.stat().st_size, "bytes")
