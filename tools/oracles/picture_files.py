"""
Writes what the pictures of @autodidact/core are compared with: matplotlib's colour map viridis, as bytes.

Run from the repository's root, and commit the result:

    pip install matplotlib
    python tools/oracles/picture_files.py

The table in packages/core/src/pictures/viridis.ts is every fifth of these colours.
"""

import json
from pathlib import Path

import matplotlib

colors = [[round(channel * 255) for channel in color] for color in matplotlib.colormaps["viridis"].colors]
source = f"matplotlib {matplotlib.__version__}"
Path("packages/core/src/oracles/viridis.json").write_text(json.dumps({"source": source, "colors": colors}, separators=(",", ":")) + "\n")
print("".join("%02x%02x%02x" % tuple(color) for color in colors[::5]))
