"""A PyTorch contender: the peer's side of harness/protocol.ts. Started as `python serve.py TASK`."""
import importlib
import json
import resource
import sys
import time

import torch

PROGRAMS = {
    "matmul": "matmul",
    "transformer": "transformer",
    "simclr": "simclr_step",
    "gpt": "gpt",
    "next-token": "next_token",
    "masked-lm": "masked_lm",
}


def say(**reply):
    print(json.dumps(reply), flush=True)


def main():
    task = json.loads(sys.argv[1])
    torch.set_num_threads(task["threads"])
    step = importlib.import_module(PROGRAMS[task["work"]]).prepare(task["size"], task["variant"])
    say(ready=True, version=f"torch {torch.__version__}")

    for line in sys.stdin:
        milliseconds, losses = [], []
        for _ in range(json.loads(line)["steps"]):
            start = time.perf_counter()
            losses.append(step())
            milliseconds.append(1e3 * (time.perf_counter() - start))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        say(milliseconds=milliseconds, losses=losses, peakResidentBytes=peak)


try:
    main()
except Exception as error:
    say(error=f"{type(error).__name__}: {error}")
