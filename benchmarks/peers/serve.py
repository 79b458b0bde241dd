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
    "moco": "moco_step",
    "byol": "byol_step",
    "mae": "mae_step",
    "moco-v3": "moco_v3_step",
    "masked-frames": "masked_frames_step",
    "best-rq": "best_rq_step",
    "ecapa": "ecapa_step",
    "log-mel-torchaudio": "log_mel_torchaudio",
    "log-mel-kaldi": "log_mel_kaldi",
}


def say(**reply):
    print(json.dumps(reply), flush=True)


def serve(version, prepare):
    """Runs steps on request until stdin ends. `prepare(task)` returns what begins a turn: a function that returns the turn's step."""
    try:
        task = json.loads(sys.argv[1])
        torch.set_num_threads(task["threads"])
        begin_turn = prepare(task)
        say(ready=True, version=version)

        for line in sys.stdin:
            step = begin_turn()
            milliseconds, losses = [], []
            for _ in range(json.loads(line)["steps"]):
                start = time.perf_counter()
                losses.append(step())
                milliseconds.append(1e3 * (time.perf_counter() - start))
            del step
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            say(milliseconds=milliseconds, losses=losses, peakResidentBytes=peak)
    except Exception as error:
        say(error=f"{type(error).__name__}: {error}")


def program(task):
    step = importlib.import_module(PROGRAMS[task["work"]]).prepare(task["size"], task["variant"])
    return lambda: step  # its turns have nothing of their own


if __name__ == "__main__":
    serve(f"torch {torch.__version__}", program)
