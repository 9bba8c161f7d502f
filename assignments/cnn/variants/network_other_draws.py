"""The weights come from a generator of the network's own, the biases are arrays of ones times zero, and the
parameters come in another order.
"""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference


class ThreeLayerConvNet(Reference):
    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        rng = np.random.default_rng()
        shapes = {name: values.shape for name, values in self.params.items()}
        self.params = {}
        for layer in "321":
            self.params["b" + layer] = np.ones(shapes["b" + layer]) * 0
            self.params["W" + layer] = weight_scale * rng.standard_normal(shapes["W" + layer])
