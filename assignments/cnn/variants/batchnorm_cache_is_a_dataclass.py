"""The cache is a frozen dataclass that keeps the images as well."""

from dataclasses import dataclass
from typing import Any

from nndl.conv_layers import spatial_batchnorm_backward as right_backward
from nndl.conv_layers import spatial_batchnorm_forward as right_forward


@dataclass(frozen=True)
class _Cache:
    images: Any
    inner: Any


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    out, inner = right_forward(x, gamma, beta, bn_param)
    return out, _Cache(images=x, inner=inner)


def spatial_batchnorm_backward(dout, cache):
    match cache:
        case _Cache(inner=inner):
            return right_backward(dout, inner)
