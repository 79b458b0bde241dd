"""Writes small image files by Pillow, and the pixels that Pillow reads in them.

usage: python3 tools/oracles/vision_image_files.py        (needs: pip install pillow numpy)
Writes packages/vision/src/oracles/image-files.json: each file's bytes in base64, its height, width and RGB pixels, composited on white.
"""

import base64
import io
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

OUT = Path(__file__).resolve().parents[2] / "packages" / "vision" / "src" / "oracles" / "image-files.json"
RANDOM = np.random.default_rng(20260101)

colours = Image.fromarray(np.kron(RANDOM.integers(0, 256, (3, 4, 3)), np.ones((2, 2, 1))).astype(np.uint8))  # 6 × 8
others = Image.fromarray(255 - np.asarray(colours))
gray = colours.convert("L")
alpha = Image.fromarray(np.tile(np.array([0, 0, 51, 51, 255, 255, 128, 128], np.uint8), (6, 1)))
see_through = colours.copy()
see_through.putalpha(alpha)
gray_through = gray.copy()
gray_through.putalpha(alpha)
palette = colours.quantize(16)
turned = Image.Exif()
turned[0x0112] = 6  # shown a quarter turn clockwise

FILES = {
    "plain.png": (colours, {}),
    "gray.png": (gray, {}),
    "transparent.png": (see_through, {}),
    "transparent-gray.png": (gray_through, {}),
    "transparent-palette.png": (palette, {"transparency": 3}),
    "transparent.webp": (see_through, {"lossless": True, "exact": True}),
    "plain.tif": (colours, {}),
    "lzw.tiff": (colours, {"compression": "tiff_lzw"}),
    "transparent.tif": (see_through, {}),
    "gray.tif": (gray, {}),
    "pages.tif": (colours, {"save_all": True, "append_images": [others]}),
    "plain.gif": (palette, {}),
    "transparent.gif": (palette, {"transparency": 3}),
    "frames.gif": (palette, {"save_all": True, "append_images": [others.quantize(16)], "duration": 100}),
    "plain.avif": (colours, {"quality": 100, "subsampling": "4:4:4"}),
    "turned.png": (colours, {"exif": turned}),
    "plain.bmp": (colours, {}),
}


def entry(name, image, options):
    file = io.BytesIO()
    image.save(file, {"tif": "TIFF", "tiff": "TIFF"}.get(name.split(".")[1], name.split(".")[1].upper()), **options)
    read = ImageOps.exif_transpose(Image.open(io.BytesIO(file.getvalue()))).convert("RGBA")
    seen = Image.alpha_composite(Image.new("RGBA", read.size, "white"), read).convert("RGB")
    bytes_ = base64.b64encode(file.getvalue()).decode()
    return {"name": name, "file": bytes_, "height": seen.height, "width": seen.width, "pixels": np.asarray(seen).flatten().tolist()}


OUT.write_text(json.dumps([entry(name, *made) for name, made in FILES.items()], separators=(",", ":")) + "\n")
print(OUT, OUT.stat().st_size, "bytes")
