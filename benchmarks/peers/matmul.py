"""The yardstick: a chain of square products."""
import torch
from deterministic import deterministic


def prepare(size, variant):
    width, length = size["width"], size["length"]
    x = deterministic("x", (width, width), 1)
    w = deterministic("w", (width, width), (3 / width) ** 0.5)

    def step():
        product = x
        for _ in range(length):
            product = product @ w
        return product.square().mean(1).mean().item()

    return step
