"""Backprop Visualiser: a feed-forward network, forwards and backwards, one derivation step at a time."""

__version__ = "0.1.0"
