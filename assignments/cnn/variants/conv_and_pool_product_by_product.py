"""Both passes of convolution and pooling as plain Python loops over every single product."""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    padded[:, :, pad : pad + H, pad : pad + W] = x
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(out.shape):
        for c in range(C):
            for k in range(HH):
                for m in range(WW):
                    out[n, f, i, j] += padded[n, c, i * stride + k, j * stride + m] * w[f, c, k, m]
        out[n, f, i, j] += b[f]
    return out, (padded, x, w, conv_param)


def conv_backward_naive(dout, cache):
    padded, x, w, conv_param = cache
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for n, f, i, j in np.ndindex(dout.shape):
        for c in range(w.shape[1]):
            for k in range(w.shape[2]):
                for m in range(w.shape[3]):
                    dpadded[n, c, i * stride + k, j * stride + m] += dout[n, f, i, j] * w[f, c, k, m]
                    dw[f, c, k, m] += dout[n, f, i, j] * padded[n, c, i * stride + k, j * stride + m]
    return dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))


def max_pool_forward_naive(x, pool_param):
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    for n, c, i, j in np.ndindex(out.shape):
        best = x[n, c, i * stride, j * stride]
        for k in range(height):
            for m in range(width):
                best = max(best, x[n, c, i * stride + k, j * stride + m])
        out[n, c, i, j] = best
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        row, column = i * stride, j * stride
        for k in range(height):
            for m in range(width):
                if x[n, c, i * stride + k, j * stride + m] > x[n, c, row, column]:
                    row, column = i * stride + k, j * stride + m
        dx[n, c, row, column] += dout[n, c, i, j]
    return dx
