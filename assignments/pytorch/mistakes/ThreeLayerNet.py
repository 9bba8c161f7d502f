"""Mistakes in the module."""

import torch.nn.functional as F
from torch import nn

from grader.bank import mistake
from nets.torch_nets import ThreeLayerNet as RightNet


@mistake("ThreeLayerNet.init")
class net_initialised_as_it_comes(RightNet):
    """The layers begin as PyTorch makes them, with small uniform weights: Kaiming's normal ones are asked for, and
    biases of zero.
    """

    def __init__(self, *sizes):
        super().__init__(*sizes)
        for layer in (self.conv1, self.conv2, self.fc):
            layer.reset_parameters()


@mistake("ThreeLayerNet.init")
class net_initialised_by_uniform_weights(RightNet):
    """The weights are uniform: Kaiming's normal distribution is asked for, which has the same deviation."""

    def __init__(self, *sizes):
        super().__init__(*sizes)
        for layer in (self.conv1, self.conv2, self.fc):
            nn.init.kaiming_uniform_(layer.weight)


@mistake("ThreeLayerNet.init")
class net_initialised_by_outputs(RightNet):
    """The deviation of the weights comes from the number of outputs of a layer: it comes from that of its inputs."""

    def __init__(self, *sizes):
        super().__init__(*sizes)
        for layer in (self.conv1, self.conv2, self.fc):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out")


@mistake("ThreeLayerNet.init")
class net_last_layer_forgotten(RightNet):
    """The affine layer begins as PyTorch makes it: it is to be initialised like the convolutions."""

    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.fc.reset_parameters()


@mistake("ThreeLayerNet.forward")
class net_without_second_relu(RightNet):
    """Behind the second convolution there is no ReLU: it and the affine layer are then one affine function."""

    def forward(self, x):
        return self.fc(self.conv2(F.relu(self.conv1(x))).flatten(1))


@mistake("ThreeLayerNet.forward")
class net_without_relu(RightNet):
    """There is no ReLU behind either convolution: the whole network is one affine function."""

    def forward(self, x):
        return self.fc(self.conv2(self.conv1(x)).flatten(1))


@mistake("ThreeLayerNet.forward")
class net_softmax_around_scores(RightNet):
    """The scores went through a softmax: the loss takes scores as they are, and has a softmax of its own."""

    def forward(self, x):
        return super().forward(x).softmax(dim=1)
