"""Parquet files that Apache Arrow wrote, and what Arrow reads in them, for the tests of @autodidact/text.

Run from the repository's root, after a change here, and commit the result:

    python3 -m venv /tmp/arrow && /tmp/arrow/bin/pip install pyarrow
    /tmp/arrow/bin/python tools/oracles/parquet_files.py [FOLDER, packages/text/src/oracles/parquet unless told]
"""

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "packages/text/src/oracles/parquet")
folder.mkdir(parents=True, exist_ok=True)

texts = [
    "",
    "One sentence.",
    "Two lines\nand a tab\t.",
    "Größe, naïve, 你好, 🙂, e\u0301",
    "the same again",
    "the same again",
    "x" * 3000,
] + [f"Row {row}: {'word ' * (row % 5)}" for row in range(40)]
table = pa.table({"id": list(range(len(texts))), "text": texts, "score": [row / 7 for row in range(len(texts))]})

for compression in ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]:
    pq.write_table(table, folder / f"{compression}.parquet", compression=compression, row_group_size=10)
pq.write_table(table, folder / "delta.parquet", use_dictionary=False, column_encoding={"text": "DELTA_LENGTH_BYTE_ARRAY"})
pq.write_table(table, folder / "pages.parquet", data_page_version="2.0", data_page_size=64, use_dictionary=False)

holes = texts[:8]
holes[3] = None
pq.write_table(pa.table({"text": holes}), folder / "holes.parquet", row_group_size=3)

# one row in 8 is not UTF-8: Arrow writes the bytes as they are
broken = pa.array([b"good", b"caf\xe9", b"well", b"fine"] * 2, type=pa.binary()).cast(pa.string(), safe=False)
pq.write_table(pa.table({"text": broken}), folder / "broken.parquet")

# what Arrow itself reads
read = {path.stem: pq.read_table(path, columns=["text"])["text"].to_pylist() for path in sorted(folder.glob("*.parquet")) if path.stem != "broken"}
(folder / "texts.json").write_text(json.dumps(read, ensure_ascii=True) + "\n")
