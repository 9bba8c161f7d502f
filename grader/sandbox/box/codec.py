"""Gather the codec's public names: one place that both ends of the wire import from."""

from .decoder import decode
from .encoder import Encoder, encode, type_name
from .format import Bounds, Malformed, Ref, Unsendable
from .reader import Reader

__all__ = ["Bounds", "Encoder", "Malformed", "Reader", "Ref", "Unsendable", "decode", "encode", "type_name"]
