"""Batch normalisation changes the images it is given: "-=" and "/=" write into the array itself, which
belongs to the caller.

Wherever the layout makes no copy; in the homework's own networks nobody looks at the input again.
"""

import numpy as np

PARTS = ("spatial_batchnorm_forward.train",)
SCOPE = "beyond"


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    column, momentum = np.s_[:, np.newaxis, np.newaxis], bn_param.get("momentum", 0.9)
    train = bn_param["mode"] == "train"
    mean = x.mean(axis=(0, 2, 3)) if train else bn_param["running_mean"]
    var = x.var(axis=(0, 2, 3)) if train else bn_param["running_var"]
    inv_std = 1 / np.sqrt(var + bn_param.get("eps", 1e-5))
    for name, batch in (("running_mean", mean), ("running_var", var)) if train else ():
        bn_param[name] = momentum * bn_param.get(name, np.zeros_like(batch)) + (1 - momentum) * batch
    x -= mean[column]
    x *= inv_std[column]
    x_hat = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    return gamma[column] * x + beta[column], (x_hat, gamma, inv_std)
