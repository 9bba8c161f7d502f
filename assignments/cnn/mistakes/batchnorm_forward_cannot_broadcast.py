"""The scale of spatial batch normalisation is laid along the columns of an image: it has one number per channel, so
give it axes of length one for the others.

Raises unless there are as many columns as channels, and costs the forward pass alone.
"""

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
    "spatial_batchnorm_forward.test",
)
SCOPE = "homework"


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    normalised = x - x.mean(axis=(0, 2, 3), keepdims=True)
    return gamma * normalised + beta, None
