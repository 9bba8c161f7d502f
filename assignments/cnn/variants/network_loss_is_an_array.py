"""The loss comes as an array without axes, and some gradients in Fortran order."""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        if y is None:
            return np.asfortranarray(super().loss(X))
        loss, grads = super().loss(X, y)
        return np.array(loss), {name: np.asfortranarray(values) for name, values in grads.items()}
