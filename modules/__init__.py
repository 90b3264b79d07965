"""The pipeline as CDKTF constructs: one part per file, wired in `stack.py`."""

from modules import lazy_provider

__all__: list[str] = []

lazy_provider.register()
