"""Hidden inputs come from generators seeded per submission and check: nothing to memorise, all to repeat."""

from __future__ import annotations

import hashlib

import numpy as np

SEPARATOR = b"\x1f"


def submission_seed(course_key: str, assignment: str, version: str, sha256: str) -> bytes:
    """Mix what a submission's hidden inputs depend on.

    The course key is the secret: without it a student cannot draw the inputs beforehand.
    """
    return hashlib.sha256(SEPARATOR.join(map(str.encode, (course_key, assignment, version, sha256)))).digest()


def generator_for(seed: bytes, *name: object) -> np.random.Generator:
    """Return the generator that `name` denotes under `seed`."""
    text = SEPARATOR.join(str(each).encode() for each in name)
    digest = hashlib.sha256(seed + SEPARATOR + text).digest()
    return np.random.default_rng(int.from_bytes(digest))
