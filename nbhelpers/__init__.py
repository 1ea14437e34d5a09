"""Compare how the news covers one event, with the evidence for every figure."""

__version__ = "0.1.0"
