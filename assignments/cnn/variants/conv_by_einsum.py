"""Forward and backward pass are one einsum each over a view of all windows."""

import numpy as np


def _windows(x, w, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return np.lib.stride_tricks.sliding_window_view(x_pad, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]


def conv_forward_naive(x, w, b, conv_param):
    out = np.einsum("ncijkl,fckl->nfij", _windows(x, w, conv_param), w) + b[:, None, None]
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, _, conv_param = cache
    stride, pad, (_, _, H, W) = conv_param["stride"], int(conv_param["pad"]), x.shape
    dw = np.einsum("nfij,ncijkl->fckl", dout, _windows(x, w, conv_param))
    shares = np.einsum("nfij,fckl->ncijkl", dout, w)
    dx = np.zeros(np.add(x.shape, (0, 0, 2 * pad, 2 * pad)))
    for i, j in np.ndindex(*dout.shape[2:]):
        dx[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]] += shares[
            :, :, i, j
        ]
    return dx[:, :, pad : H + pad, pad : W + pad], dw, np.einsum("nfij->f", dout)
