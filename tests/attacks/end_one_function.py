"""Crash in one function of an otherwise right solution; the others keep what they earn."""

BASE = "solution"
EARNS = ("all", "-conv_forward_naive")

import os


def conv_forward_naive(x, w, b, conv_param):
    os.abort()
