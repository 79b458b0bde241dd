"""Log-mel spectrograms as Kaldi has them."""
from log_mel import prepare_kaldi as prepare  # noqa: F401
