"""The network keeps the shapes of its layers, other settings and unused parameters, and asks for more than
the homework's arguments.
"""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference


class ThreeLayerConvNet(Reference):
    """Extended for the open task: the last layers of the class are unused here."""

    momentum = 0.9

    def __init__(self, *args, dropout=0.0, seed=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.dropout, self.seed = dropout, seed
        self.bn_params = [{"mode": "train"} for _ in range(2)]
        self.params["gamma1"], self.params["beta1"] = np.ones(3), np.zeros(3)

    @property
    def size(self):
        return sum(values.size for values in self.params.values())

    def loss(self, X, y=None):
        mode = "test" if y is None else "train"
        for state in self.bn_params:
            state["mode"] = mode
        return super().loss(X, y)
