"""Reads files of features, .parquet and .npy, as NumPy, pyarrow, pandas and DuckDB read them, where they are installed.

    node apps/bench/bin/autodidact.mjs embed RUN --data photos --out photos.npy      (and --out photos.parquet)
    python tools/oracles/feature_files.py photos.npy photos.parquet

Prints rows, columns and the first rows of each, and asserts that both hold the same. Without arguments it prints the bytes that
`numpy.save` writes of the array in packages/core/src/features/npy.test.ts.
"""
import importlib.util
import io
import json
import sys
from pathlib import Path

import numpy as np


def saved():
    file = io.BytesIO()
    np.save(file, np.array([[1, 2], [0.5, -4], [0.25, 1e-7]], "<f4"))
    return file.getvalue()


def of_npy(path):
    values = np.load(path, mmap_mode="r")
    names = [json.loads(line) for line in Path(path).with_suffix(".ids.jsonl").read_text().splitlines()]
    assert values.dtype == np.float32 and len(names) == len(values), (values.dtype, len(names), values.shape)
    return [name["id"] for name in names], np.array(values)


def of_parquet(path):
    read = {}
    if importlib.util.find_spec("pyarrow"):
        import pyarrow.parquet

        table = pyarrow.parquet.read_table(path)
        print(table.schema)
        read["pyarrow"] = table.column("id").to_pylist(), np.array(table.column("embedding").to_pylist(), np.float32)
    if importlib.util.find_spec("duckdb"):
        import duckdb

        rows = duckdb.sql(f"select id, embedding from '{path}'").fetchall()
        read["duckdb"] = [row[0] for row in rows], np.array([row[1] for row in rows], np.float32)
    return read


def main(paths):
    if not paths:
        print(saved().hex())
        return
    all_read = {}
    for path in paths:
        all_read.update({path: of_npy(path)} if path.endswith(".npy") else of_parquet(path))
    (ids, values), *others = all_read.values()
    for name, (these, own) in zip(list(all_read)[1:], others):
        assert ids == these and np.array_equal(values, own), f"{name} differs"
    print(f"{', '.join(all_read)}: {values.shape} alike; {ids[0]}: {values[0][:4]}")


if __name__ == "__main__":
    main(sys.argv[1:])
