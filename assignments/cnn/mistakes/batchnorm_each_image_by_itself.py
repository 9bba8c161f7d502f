"""Spatial batch normalisation normalises each image by itself: mean and variance of a channel are taken over
the whole batch as well.

That is instance normalisation, a layer in its own right.
"""

import numpy as np

from nndl.conv_layers import spatial_batchnorm_forward as right_forward

PARTS = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.running_var",
    "spatial_batchnorm_backward.dx",
    "spatial_batchnorm_backward.dgamma",
)
SCOPE = "homework"


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] == "test":
        return right_forward(x, gamma, beta, bn_param)
    momentum, by_image = bn_param.get("momentum", 0.9), {"mode": "train", "eps": bn_param.get("eps", 1e-5)}
    pairs = [right_forward(image[np.newaxis], gamma, beta, by_image) for image in x]
    for name, batch in (("running_mean", x.mean(axis=(2, 3))), ("running_var", x.var(axis=(2, 3)))):
        before = bn_param.get(name, np.zeros(x.shape[1]))
        bn_param[name] = momentum * before + (1 - momentum) * batch.mean(axis=0)
    x_hat = np.concatenate([cache[0] for _, cache in pairs])
    inv_std = np.mean([cache[2] for _, cache in pairs], axis=0)
    return np.concatenate([out for out, _ in pairs]), (x_hat, gamma, inv_std)
