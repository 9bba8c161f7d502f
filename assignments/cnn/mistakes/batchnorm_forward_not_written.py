"""The forward pass of spatial batch normalisation is not written yet: until it is, the backward pass is tried on what
batchnorm_forward remembers.
"""

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
    "spatial_batchnorm_forward.test",
)
SCOPE = "homework"


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    return None, None
