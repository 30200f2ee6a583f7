"""The table where people decide: a local page, or the same page as one file to carry."""

from pipeline.review.pack import pack_data, packed
from pipeline.review.server import IDLE_MINUTES, serve

__all__ = ["IDLE_MINUTES", "pack_data", "packed", "serve"]
