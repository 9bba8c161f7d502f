"""The regularisation is added layer by layer through helper methods, nested functions and a class attribute."""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference


class ThreeLayerConvNet(Reference):
    regularised = ("W1", "W2", "W3")

    def _without_decay(self, X, y):
        kept, self.reg = self.reg, 0.0
        try:
            return super().loss(X, y)
        finally:
            self.reg = kept

    def loss(self, X, y=None):
        if y is None:
            return self._without_decay(X, None)

        def decay():
            return sum(np.square(self.params[name]).sum() for name in self.regularised) / 2

        loss, grads = self._without_decay(X, y)
        decayed = {name: grads[name] + self.reg * self.params[name] for name in self.regularised}
        return loss + self.reg * decay(), grads | decayed
