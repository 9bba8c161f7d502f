"""The backward pass of the network goes past dropout: what was dropped in the forward pass has no gradient."""

from nndl.fc_net import FullyConnectedNet as RightNet

PARTS = ("FullyConnectedNet.dropout",)
SCOPE = "homework"


class FullyConnectedNet(RightNet):
    def _hidden_backward(self, dout, caches, layer, grads):
        used, self.use_dropout = self.use_dropout, False
        dx = super()._hidden_backward(dout, caches, layer, grads)
        self.use_dropout = used
        return dx
