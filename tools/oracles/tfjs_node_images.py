"""
Writes the image files that @autodidact/tfjs-node decodes in its tests, with what Pillow finds in them, in base64.

Run from the repository's root, and commit the result:

    pip install pillow numpy
    python tools/oracles/tfjs_node_images.py
"""

import base64
import io
import json
from pathlib import Path

import numpy as np
import PIL
from PIL import Image

HEIGHT, WIDTH = 19, 21  # no multiple of a block's 8 or 16


def gradient(channels: int) -> np.ndarray:
    """Smooth colours with an edge: [H, W, channels] of bytes."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    planes = [x * 12, y * 13, (x + y) * 6, 255 - x * 9][:channels]
    image = np.stack(planes, axis=-1).astype(np.uint8)
    image[5:9, 6:14] = [200, 40, 90, 128][:channels]
    return image


def opaque(rgb: np.ndarray) -> np.ndarray:
    return np.concatenate([rgb, np.full((HEIGHT, WIDTH, 1), 255)], axis=-1)


def encoded(image: Image.Image, format: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def opened(file: bytes) -> Image.Image:
    return Image.open(io.BytesIO(file))


def case(file: bytes, values: np.ndarray, channels: int = 0, tolerance: int = 0) -> dict:
    text = lambda data: base64.b64encode(bytes(data)).decode()
    values = values[..., None] if values.ndim == 2 else values
    shape = list(values.shape)
    return {"file": text(file), "channels": channels, "shape": shape, "values": text(values.astype(np.uint8).tobytes()), "tolerance": tolerance}


def jpegs() -> dict:
    rgb = Image.fromarray(gradient(3))
    halved = encoded(rgb, "JPEG", quality=90, subsampling="4:2:0")
    gray_of_colours = opened(halved)
    gray_of_colours.draft("L", gray_of_colours.size)  # libjpeg's own: Y alone
    progressive = encoded(rgb, "JPEG", quality=80, subsampling="4:2:2", progressive=True)
    whole = encoded(rgb, "JPEG", quality=95, subsampling="4:4:4", icc_profile=srgb_exchanged())
    turned = Image.Exif()
    turned[0x0112] = 6
    exif = encoded(rgb, "JPEG", quality=90, exif=turned)
    gray = encoded(rgb.convert("L"), "JPEG", quality=90)
    inks = encoded(rgb.convert("CMYK"), "JPEG", quality=95)
    shares = np.asarray(opened(inks)).astype(np.int64)
    left = 255 - shares
    inks_as_rgb = left[..., :3] * left[..., 3:] // 255  # tensorflow/core/lib/jpeg/jpeg_mem.cc
    return {
        "jpeg, 4:2:0": case(halved, np.asarray(opened(halved)), tolerance=1),
        "jpeg, 4:2:0 as gray": case(halved, np.asarray(gray_of_colours), channels=1, tolerance=1),
        "jpeg, progressive 4:2:2": case(progressive, np.asarray(opened(progressive)), channels=3, tolerance=1),
        "jpeg with a profile that exchanges colours": case(whole, np.asarray(opened(whole)), tolerance=1),
        "jpeg that EXIF says to turn": case(exif, np.asarray(opened(exif)), tolerance=1),
        "jpeg, gray": case(gray, np.asarray(opened(gray)), tolerance=1),
        "jpeg, gray as RGB": case(gray, np.asarray(opened(gray).convert("RGB")), channels=3, tolerance=1),
        "jpeg of inks": case(inks, inks_as_rgb, tolerance=2),
    }


def srgb_exchanged() -> bytes:
    """A profile of which decoders that heed it make other colours: sRGB's with red and blue exchanged."""
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.find(b"rXYZ"), profile.find(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


def pngs() -> dict:
    rgb, rgba = gradient(3), gradient(4)
    gray = rgb[..., 0]
    gray_alpha = np.stack([gray, rgb[..., 1]], axis=-1)
    deep = (gray.astype(np.uint16) << 8) | 200
    palette = Image.fromarray(rgb).quantize(16)
    seen_through = encoded(palette, "PNG", transparency=0)
    file = lambda array: encoded(Image.fromarray(array), "PNG")
    luminance = np.asarray(Image.fromarray(rgb).convert("L"))
    bits = Image.fromarray(gray).convert("1")
    keyed = encoded(Image.fromarray(gray), "PNG", transparency=0)
    return {
        "png": case(file(rgb), rgb),
        "png as gray": case(file(rgb), luminance, channels=1, tolerance=1),
        "png as RGBA": case(file(rgb), opaque(rgb), channels=4),
        "png with alpha": case(file(rgba), rgba),
        "png with alpha as RGB": case(file(rgba), rgba[..., :3], channels=3),
        "png, gray": case(file(gray), gray),
        "png, gray as RGB": case(file(gray), np.repeat(gray[..., None], 3, axis=-1), channels=3),
        "png, gray with alpha": case(encoded(Image.fromarray(gray_alpha, "LA"), "PNG"), gray_alpha),
        "png, gray with a value seen through": case(keyed, gray),
        "png, gray with a value seen through, as RGBA": case(keyed, np.asarray(opened(keyed).convert("RGBA")), channels=4),
        "png, gray with alpha as gray": case(encoded(Image.fromarray(gray_alpha, "LA"), "PNG"), gray, channels=1),
        "png of 16 bits": case(encoded(Image.fromarray(deep), "PNG"), gray),
        "png of 1 bit": case(encoded(bits, "PNG"), np.asarray(bits.convert("L"))),
        "png, palette": case(encoded(palette, "PNG"), np.asarray(palette.convert("RGB"))),
        "png, palette with a colour seen through": case(seen_through, np.asarray(opened(seen_through).convert("RGBA"))),
    }


def others() -> dict:
    rgb = gradient(3)
    bmp = encoded(Image.fromarray(rgb), "BMP")
    bmp32 = encoded(Image.fromarray(gradient(4)), "BMP")
    frames = [Image.fromarray(np.roll(rgb // 64 * 64, 3 * i, axis=1)) for i in range(3)]
    gif = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)
    shown = []
    animation = opened(gif)
    for i in range(animation.n_frames):
        animation.seek(i)
        shown.append(np.asarray(animation.convert("RGB")))
    return {
        "bmp": case(bmp, rgb),
        "bmp as RGB": case(bmp, rgb, channels=3),
        "bmp as RGBA": case(bmp, opaque(rgb), channels=4),
        "bmp of 32 bits as RGB": case(bmp32, gradient(4)[..., :3], channels=3),
        "bmp of 32 bits": case(bmp32, gradient(4), channels=4),
        "gif": case(gif, np.stack(shown)),
    }


result = {"source": f"Pillow {PIL.__version__}", "cases": {**jpegs(), **pngs(), **others()}}
path = Path("packages/tfjs-node/src/images/oracles/images.json")
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps(result, indent=0) + "\n")
