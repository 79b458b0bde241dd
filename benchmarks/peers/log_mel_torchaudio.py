"""Log-mel spectrograms as torchaudio.transforms has them."""
from log_mel import prepare_torchaudio as prepare  # noqa: F401
