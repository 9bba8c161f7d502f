"""The gradients hold that of the images and notes besides, in an ordered dictionary, and the network keeps
its last loss.
"""

from collections import OrderedDict

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        self.last_loss, grads = super().loss(X, y)
        more = OrderedDict(sorted(grads.items(), reverse=True))
        more.update(X=np.zeros_like(X), note="of the last batch", norm=np.float64(1), network=self)
        return self.last_loss, more
