"""The network's parameters have other names than W1, b1, W2, b2, W3 and b3: by these names the loss and the
solver find them.

Counting starts at zero.
"""

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = (
    "ThreeLayerConvNet.init",
    "ThreeLayerConvNet.init_loss",
)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.params = {name[0] + str(int(name[1]) - 1): values for name, values in self.params.items()}
