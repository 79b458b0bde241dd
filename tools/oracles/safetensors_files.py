"""
The fixture of packages/core/src/safetensors, written by the Python package `safetensors`; and the check of a file of ours.

    pip install torch safetensors numpy
    python tools/oracles/safetensors_files.py write packages/core/src/safetensors/fixtures/python.safetensors
    python tools/oracles/safetensors_files.py check FILE     # the fixture, read by readSafetensors and written by writeSafetensors
"""

import struct
import sys

import torch
from safetensors import safe_open
from safetensors.torch import save_file

# Bit patterns of singles: ordinary, ties of both roundings, subnormal halves, overflow, infinities, signed zeros.
PATTERNS = [0x3F800000, 0xC0490FDB, 0x3F801000, 0x3F803000, 0x3F808000, 0x3F818000, 0x477FEFFF, 0x477FF000, 0x38800000, 0x387FC000,
            0x33800000, 0x33000000, 0x33000001, 0x32FFFFFF, 0x33C00000, 0x00000001, 0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x80000000]
SINGLES = torch.tensor([struct.unpack("<f", struct.pack("<I", bits))[0] for bits in PATTERNS])

TENSORS = {
    "singles": SINGLES.reshape(4, 5),
    "halves": SINGLES.half(),
    "brains": SINGLES.bfloat16(),
    "integers": torch.tensor([[0, -1], [2147483647, -2147483648]], dtype=torch.int32),
    "wide": torch.tensor([9007199254740993, -5], dtype=torch.int64),
    "bytes": torch.tensor([0, 1, 255], dtype=torch.uint8),
    "flags": torch.tensor([True, False, True]),
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros([0, 3]),
    "name with \"quotes\", ünïcode": torch.tensor([7], dtype=torch.int32),
}

if sys.argv[1] == "write":
    save_file(TENSORS, sys.argv[2], metadata={"format": "pt", "note": "ü"})
else:
    with safe_open(sys.argv[2], framework="pt") as file:
        assert set(file.keys()) == set(TENSORS), file.keys()
        assert file.metadata() == {"format": "pt", "note": "ü"}, file.metadata()
        for name, expected in TENSORS.items():
            found = file.get_tensor(name)
            assert found.dtype == expected.dtype and found.shape == expected.shape and torch.equal(found, expected), name
    print("equal:", len(TENSORS), "tensors")
