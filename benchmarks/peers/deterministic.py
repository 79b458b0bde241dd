"""The numbers of programs/deterministic.ts, bit for bit: all contenders start from the same weights and inputs."""
import numpy as np
import torch


def deterministic(name: str, shape, bound: float) -> torch.Tensor:
    """Numbers in [-bound, bound), different for each name."""
    size = int(np.prod(shape))
    with np.errstate(over="ignore"):
        seed = _mix(np.array([_hash_name(name) + 1], dtype=np.uint32))
        mixed = _mix(seed ^ np.arange(size, dtype=np.uint32))
    unit = (mixed >> np.uint32(8)).astype(np.float64) / 2**23 - 1
    return torch.from_numpy((unit * bound).astype(np.float32).reshape(shape))


def fill(module: torch.nn.Module) -> None:
    """Linear and convolution weights and biases uniform within 1/sqrt(inputs); norms stay 1 and 0."""
    with torch.no_grad():
        for name, part in module.named_modules():
            if isinstance(part, (torch.nn.Linear, torch.nn.Conv2d)):
                bound = part.weight[0].numel() ** -0.5
                for key, parameter in part.named_parameters():
                    parameter.copy_(deterministic(f"{name}.{key}", tuple(parameter.shape), bound))


def fill_weights(module: torch.nn.Module, name_of=lambda name: name) -> None:
    """Linear and convolution weights uniform within 1/sqrt(inputs), tokens within 0.02; biases 0, norms 1 and 0."""
    norms = {id(part) for part in module.modules() if "Norm" in type(part).__name__}
    weights = {f"{name}.weight" for name, part in module.named_modules() if id(part) not in norms}
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            shape = tuple(parameter.shape)
            if name.endswith("token"):
                parameter.copy_(deterministic(name_of(name), shape, 0.02))
            elif name in weights and parameter.dim() >= 2:
                parameter.copy_(deterministic(name_of(name), shape, parameter[0].numel() ** -0.5))
            elif name.endswith("bias"):
                parameter.zero_()


def _mix(h: np.ndarray) -> np.ndarray:
    """The finaliser of MurmurHash3."""
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return h ^ (h >> np.uint32(16))


def _hash_name(name: str) -> int:
    """FNV-1a."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value
