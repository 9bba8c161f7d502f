"""Mistakes in the three-layer network's initialisation."""

import numpy as np

from grader.bank import mistake
from nndl.cnn import ThreeLayerConvNet as Reference

# --- How the weights are drawn ---


@mistake("ThreeLayerConvNet.init", "ThreeLayerConvNet.init_loss")
class network_init_scale_missing(Reference):
    """The network's weights have a standard deviation of one: they are not multiplied by weight_scale, and
    the first loss is huge.

    Xavier's initialisation, which is another assignment's, shows in the same way.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("W1", "W2", "W3"):
            self.params[name] = np.random.randn(*self.params[name].shape)


@mistake("ThreeLayerConvNet.init")
class network_init_scale_fixed(Reference):
    """The network's weights do not follow weight_scale: the number is an argument, and 1e-3 is only its
    default.
    """

    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale and 1e-3, **kwargs)


@mistake("ThreeLayerConvNet.init")
class network_init_positive(Reference):
    """The network's weights are all positive: they should be spread around zero.

    np.random.rand for np.random.randn. A Gaussian around weight_scale, given to np.random.normal as its only
    number, shows in the same way.
    """

    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        for name in ("W1", "W2", "W3"):
            self.params[name] = weight_scale * np.random.rand(*self.params[name].shape)


@mistake("ThreeLayerConvNet.init")
class network_init_uniform(Reference):
    """The network's weights are drawn from a uniform distribution: they should come from a Gaussian with the
    given standard deviation.

    A Gaussian of weight_scale squared, the variance in place of the deviation, shows in the same way.
    """

    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        for name in ("W1", "W2", "W3"):
            self.params[name] = np.random.uniform(-weight_scale, weight_scale, self.params[name].shape)


@mistake("ThreeLayerConvNet.init")
class network_init_uniform_of_right_deviation(Reference):
    """The network's weights have the right spread but not the right distribution: they should come from a
    Gaussian.
    """

    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        bound = np.sqrt(3) * weight_scale
        for name in ("W1", "W2", "W3"):
            self.params[name] = np.random.uniform(-bound, bound, self.params[name].shape)


@mistake("ThreeLayerConvNet.init")
class network_init_zeros(Reference):
    """The network's weights start at zero: all units would then compute the same and learn the same."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.params = {name: np.zeros_like(values) for name, values in self.params.items()}


# --- The biases ---


@mistake("ThreeLayerConvNet.init")
class network_init_biases_one(Reference):
    """The network's biases start at one: they start at zero."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("b1", "b2", "b3"):
            self.params[name] = np.ones_like(self.params[name])


@mistake("ThreeLayerConvNet.init")
class network_init_biases_random(Reference):
    """The network's biases are random: they start at zero, only the weights are drawn."""

    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        for name in ("b1", "b2", "b3"):
            self.params[name] = np.random.normal(0, weight_scale, self.params[name].shape)


@mistake("ThreeLayerConvNet.init")
class network_init_biases_as_rows(Reference):
    """The network's biases are matrices of one row: a bias is a plain vector with one number for each unit.

    Broadcasting hides it in the affine layers.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("b2", "b3"):
            self.params[name] = self.params[name].reshape(1, -1)


# --- Names and shapes ---


@mistake("ThreeLayerConvNet.init", "ThreeLayerConvNet.init_loss")
class network_init_named_otherwise(Reference):
    """The network's parameters have other names than W1, b1, W2, b2, W3 and b3: by these names the loss and
    the solver find them.

    Counting starts at zero.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.params = {name[0] + str(int(name[1]) - 1): values for name, values in self.params.items()}


@mistake("ThreeLayerConvNet.init", "ThreeLayerConvNet.init_loss")
class network_init_transposed(Reference):
    """The weights of the last layer are transposed: inputs come first in the shape, outputs second."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.params["W3"] = np.ascontiguousarray(self.params["W3"].T)


@mistake("ThreeLayerConvNet.init", "ThreeLayerConvNet.init_loss")
class network_init_without_pooling(Reference):
    """The second layer's weights are made for an image that was not pooled: the pooling halves height and
    width before they are flattened.
    """

    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        rows, columns = self.params["W2"].shape
        self.params["W2"] = np.random.normal(0, weight_scale, (4 * rows, columns))


@mistake("ThreeLayerConvNet.init", "ThreeLayerConvNet.init_loss")
class network_init_without_channels(Reference):
    """The filters are made for images of one channel: each filter spans all channels of the image."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.params["W1"] = self.params["W1"][:, :1]


@mistake("ThreeLayerConvNet.init", scope="beyond")
class network_init_three_channels(Reference):
    """The filters have three channels whatever the images have: how many there are stands in input_dim."""

    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        filters, _, height, width = self.params["W1"].shape
        drawn = np.random.normal(0, weight_scale, (filters, 3, height, width))
        self.params["W1"] = drawn.astype(self.dtype)


@mistake("ThreeLayerConvNet.init", scope="beyond")
class network_init_ten_classes(Reference):
    """The last layer has ten units however many classes there are: how many stands in num_classes."""

    def __init__(self, *args, num_classes=10, **kwargs):
        super().__init__(*args, num_classes=10, **kwargs)


@mistake("ThreeLayerConvNet.init", scope="beyond")
class network_init_square_images(Reference):
    """The second layer's weights fit square images only: height and width of an image can differ."""

    def __init__(self, input_dim=(3, 32, 32), num_filters=32, *args, weight_scale=1e-3, **kwargs):
        super().__init__(input_dim, num_filters, *args, weight_scale=weight_scale, **kwargs)
        rows = num_filters * (input_dim[1] // 2) ** 2
        self.params["W2"] = np.random.normal(0, weight_scale, (rows, self.params["W2"].shape[1]))
