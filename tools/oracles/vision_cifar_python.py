"""
Batches of CIFAR's Python version, small: as Python 2 wrote them (the files that are distributed), as Python 3 writes them, and a pickle that would
run a program. Writes packages/vision/src/oracles/cifar-python.json, in which files are gzip in base64.

    python tools/oracles/vision_cifar_python.py
"""

import base64
import gzip
import json
import os
import pickle
import struct
from pathlib import Path

import numpy as np

OUT = Path(__file__).parents[2] / "packages/vision/src/oracles/cifar-python.json"


def text(value: bytes) -> bytes:
    """SHORT_BINSTRING or BINSTRING: what Python 2 made of a str."""
    if len(value) < 256:
        return b"U" + bytes([len(value)]) + value
    return b"T" + struct.pack("<i", len(value)) + value


def python2(data: np.ndarray, labels: list, field: bytes) -> bytes:
    """Instruction by instruction as in data_batch_1 of cifar-10-python.tar.gz."""
    rows, columns = data.shape
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\nq\x02cnumpy\nndarray\nq\x03K\x00\x85U\x01b\x87Rq\x04("
        + b"K\x01" + b"M" + struct.pack("<H", rows) + b"M" + struct.pack("<H", columns) + b"\x86"
        + b"cnumpy\ndtype\nq\x05U\x02u1K\x00K\x01\x87Rq\x06(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
        + b"\x89" + text(data.tobytes()) + b"tb"
    )
    numbers = b"]q\x07(" + b"".join(b"K" + bytes([label]) for label in labels) + b"e"
    names = b"]q\x08(" + b"".join(text(b"image_%d.png" % row) for row in range(rows)) + b"e"
    return b"\x80\x02}q\x01(" + text(b"data") + array + text(field) + numbers + text(b"filenames") + names + b"u."


class Evil:
    def __reduce__(self):
        return (os.system, ("touch pickle-was-run",))


def main() -> None:
    row, place = np.indices((3, 3072))
    data = (7 * row + 3 * place + 50 * (place // 1024)).astype(np.uint8)  # gzip makes little of it
    labels = [3, 9, 0]
    old = python2(data, labels, b"labels")
    read = pickle.loads(old, encoding="bytes")
    assert (read[b"data"] == data).all() and read[b"labels"] == labels
    hundred = python2(data, [99, 0, 5], b"fine_labels")
    names = [f"class {number}" for number in range(10)]
    files = {
        "python2": old,
        "python2 of 100 classes": hundred,
        **{f"protocol {p}": pickle.dumps({"data": data, "labels": labels}, protocol=p) for p in (2, 3, 4, 5)},
        "columns": pickle.dumps({"data": np.asfortranarray(data), "labels": labels}, protocol=2),
        "floats": pickle.dumps({"data": data.astype(np.float32), "labels": labels}, protocol=2),
        "evil": pickle.dumps(Evil(), protocol=2),
        "meta": pickle.dumps({"label_names": names, "num_cases_per_batch": 10000}, protocol=2),
    }
    rgb = data.reshape(3, 3, 32, 32).transpose(0, 2, 3, 1)  # [N, 32, 32, 3]
    expected = {
        "labels": labels,
        "names": names,
        "places": [[row, y, x, rgb[row, y, x].tolist()] for row, y, x in [(0, 0, 0), (1, 2, 3), (2, 31, 30)]],
    }
    encoded = {name: base64.b64encode(gzip.compress(content, mtime=0)).decode() for name, content in files.items()}
    OUT.write_text(json.dumps({"files": encoded, "expected": expected}) + "\n")


if __name__ == "__main__":
    main()
