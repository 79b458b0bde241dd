"""Writes DICOM and TIFF files with the pixels that pydicom and Pillow read from them.

usage: python3 tools/oracles/vision_dicom_oracles.py        (needs: pip install pydicom pillow numpy)
Writes packages/vision/src/oracles/dicom.json (files in base64, pixels from 0 to 1 by pydicom's pixel_array, apply_modality_lut and
apply_voi_lut) and deep-images.json (TIFF files of libtiff with their values; Pillow's Lanczos of floats). No file is of a person: all names and
numbers of patients are made up, so that a test can look for them where they must not be.
"""

import base64
import io
import json
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import apply_modality_lut, apply_voi_lut, pixel_array
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGBaseline8Bit, RLELossless, generate_uid

OUT = Path(__file__).resolve().parents[2] / "packages" / "vision" / "src" / "oracles"
RANDOM = np.random.default_rng(20260201)
SECONDARY = "1.2.840.10008.5.1.4.1.1.7"


def dataset(pixels, syntax, bits, signed=False, photometric="MONOCHROME2", **tags):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = SECONDARY
    meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    meta.TransferSyntaxUID = syntax
    made = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
    made.SOPClassUID, made.SOPInstanceUID = SECONDARY, "1.2.3.4"
    made.PatientName, made.PatientID, made.PatientBirthDate = "Mustermann^Erika", "PID-4711", "19640812"
    made.InstitutionName = "Charite Musterhaus"
    frames = tags.get("NumberOfFrames", 1)
    shape = pixels.shape[1:] if frames > 1 else pixels.shape
    made.Rows, made.Columns = shape[:2]
    made.SamplesPerPixel = 3 if len(shape) == 3 else 1
    made.PhotometricInterpretation = photometric
    made.BitsAllocated = 8 * pixels.dtype.itemsize
    made.BitsStored, made.HighBit, made.PixelRepresentation = bits, bits - 1, int(signed)
    if made.SamplesPerPixel == 3:
        made.PlanarConfiguration = tags.pop("planar", 0)
    for name, value in tags.items():
        setattr(made, name, value)
    data = pixels
    if made.SamplesPerPixel == 3 and made.PlanarConfiguration == 1:
        data = pixels.transpose(2, 0, 1)
    if syntax == RLELossless:
        made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        made.PixelData = data.tobytes()
        made.compress(RLELossless)
    elif syntax == JPEGBaseline8Bit:
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "JPEG", quality=100, subsampling=0)
        made.PixelData = encapsulate([buffer.getvalue()])
        made["PixelData"].is_undefined_length = True
    else:
        made.PixelData = data.tobytes() + b"\0" * (data.nbytes % 2)
        made["PixelData"].VR = "OW" if pixels.dtype.itemsize == 2 else "OB"
    return made


def shares(made, frame):
    """What is seen, from 0 to 1; where a file has a window, its output range is that of its bits as they are stored."""
    pixels = pixel_array(made, index=frame - 1) if made.get("NumberOfFrames", 1) > 1 else pixel_array(made, raw=False)
    values = apply_modality_lut(pixels, made).astype(np.float64)
    bits, signed = made.BitsStored, made.PixelRepresentation
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    slope, intercept = float(made.get("RescaleSlope", 1)), float(made.get("RescaleIntercept", 0))
    ends = sorted([low * slope + intercept, high * slope + intercept])
    if "WindowCenter" in made:
        values = apply_voi_lut(values, made, prefer_lut=False).astype(np.float64)
    seen = (values - ends[0]) / (ends[1] - ends[0])
    return 1 - seen if made.PhotometricInterpretation == "MONOCHROME1" else seen


def file_of(made):
    buffer = io.BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    return base64.b64encode(buffer.getvalue()).decode()


def numbers(low, high, *shape, dtype):
    return RANDOM.integers(low, high, shape).astype(dtype)


def smooth(height, width, channels):
    y, x = np.mgrid[:height, :width]
    planes = [120 + 50 * np.sin(0.2 * x + c) + 40 * np.cos(0.15 * y - c) for c in range(channels)]
    return np.stack(planes, -1).round().astype(np.uint8)


def dicom():
    ct = dict(RescaleSlope=1, RescaleIntercept=-1024)
    cases = {
        "explicit, 8 bits": dataset(numbers(0, 256, 5, 7, dtype=np.uint8), ExplicitVRLittleEndian, 8),
        "implicit, 12 of 16 bits": dataset(numbers(0, 4096, 5, 7, dtype=np.uint16), ImplicitVRLittleEndian, 12),
        "16 bits": dataset(numbers(0, 65536, 5, 7, dtype=np.uint16), ExplicitVRLittleEndian, 16),
        "signed, rescaled": dataset(numbers(-2048, 2048, 5, 7, dtype=np.int16), ExplicitVRLittleEndian, 12, True, RescaleSlope="0.5", RescaleIntercept=-10),
        "its window": dataset(numbers(0, 2048, 5, 7, dtype=np.uint16), ImplicitVRLittleEndian, 12, **ct, WindowCenter=40, WindowWidth=400),
        "the first of two windows, signed": dataset(numbers(-1024, 1500, 5, 7, dtype=np.int16), ExplicitVRLittleEndian, 16, True, RescaleSlope=1, RescaleIntercept=0, WindowCenter=[40, 600], WindowWidth=[350, 1500]),
        "exact window": dataset(numbers(0, 2048, 5, 7, dtype=np.uint16), ExplicitVRLittleEndian, 12, **ct, WindowCenter=40, WindowWidth=400, VOILUTFunction="LINEAR_EXACT"),
        "sigmoid window": dataset(numbers(0, 2048, 5, 7, dtype=np.uint16), ExplicitVRLittleEndian, 12, **ct, WindowCenter=40, WindowWidth=400, VOILUTFunction="SIGMOID"),
        "inverted": dataset(numbers(0, 1024, 5, 7, dtype=np.uint16), ExplicitVRLittleEndian, 10, photometric="MONOCHROME1"),
        "inverted, 8 bits": dataset(numbers(0, 256, 5, 7, dtype=np.uint8), ExplicitVRLittleEndian, 8, photometric="MONOCHROME1"),
        "colours": dataset(numbers(0, 256, 5, 7, 3, dtype=np.uint8), ExplicitVRLittleEndian, 8, photometric="RGB"),
        "colours by plane": dataset(numbers(0, 256, 5, 7, 3, dtype=np.uint8), ImplicitVRLittleEndian, 8, photometric="RGB", planar=1),
        "RLE, 8 bits": dataset(np.repeat(numbers(0, 256, 5, 4, dtype=np.uint8), 3, 1), RLELossless, 8),
        "RLE, 16 bits, signed": dataset(np.repeat(numbers(-900, 900, 6, 3, dtype=np.int16), 4, 1), RLELossless, 16, True),
        "RLE, colours": dataset(numbers(0, 4, 5, 7, 3, dtype=np.uint8), RLELossless, 8, photometric="RGB"),
        "JPEG, gray": dataset(smooth(24, 32, 1)[..., 0], JPEGBaseline8Bit, 8),
        "JPEG, colours": dataset(smooth(24, 32, 3), JPEGBaseline8Bit, 8, photometric="YBR_FULL_422"),
        "frames": dataset(numbers(0, 4096, 3, 5, 7, dtype=np.uint16), ExplicitVRLittleEndian, 12, NumberOfFrames=3),
        "frames, RLE": dataset(numbers(0, 300, 2, 5, 7, dtype=np.uint16), RLELossless, 12, NumberOfFrames=2),
    }
    found = []
    for name, made in cases.items():
        frame = 2 if "frames" in name else 1
        seen = shares(made, frame)
        found.append({"name": name, "file": file_of(made), "frame": frame, "shape": list(seen.shape[:2]) + [seen.shape[2] if seen.ndim == 3 else 1],
                      "shares": [round(float(value), 7) for value in seen.ravel()]})
    (OUT / "dicom.json").write_text(json.dumps(found))


def tiff(array, **options):
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "TIFF", **options)
    return {"file": base64.b64encode(buffer.getvalue()).decode(), "shape": list(array.shape), "values": [float(value) for value in array.ravel()]}


def deep_images():
    floats = RANDOM.normal(0, 100, (21, 13)).astype(np.float32)
    whole = RANDOM.integers(-(2**31), 2**31, (9, 11)).astype(np.int32)
    waves = np.repeat(np.arange(90, dtype=np.int32).reshape(9, 10), 50, 1)  # repeats, for LZW to make long codes of
    tiffs = [tiff(floats), tiff(floats, compression="tiff_lzw"), tiff(whole, compression="tiff_adobe_deflate"),
             tiff(waves, compression="tiff_lzw"), tiff(RANDOM.integers(0, 9, (120, 130)).astype(np.int32), compression="tiff_lzw"),
             tiff(waves, compression="tiff_adobe_deflate", tiffinfo={317: 2})]
    resized = []
    for height, width, to in [(8, 8, (4, 4)), (30, 21, (7, 16)), (5, 6, (12, 9)), (64, 50, (9, 7))]:
        image = RANDOM.uniform(0, 1, (height, width)).astype(np.float32)
        made = np.asarray(Image.fromarray(image).resize((to[1], to[0]), Image.Resampling.LANCZOS))
        resized.append({"shape": [height, width], "values": [float(value) for value in image.ravel()], "to": to, "resized": [float(value) for value in made.ravel()]})
    (OUT / "deep-images.json").write_text(json.dumps({"tiffs": tiffs, "resized": resized}))


if __name__ == "__main__":
    dicom()
    deep_images()
    print("pydicom", pydicom.__version__)
