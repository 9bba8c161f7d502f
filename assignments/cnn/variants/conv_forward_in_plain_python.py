"""The forward pass is seven loops over plain lists and floats, made an array at the very end."""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    images, filters, biases = x.tolist(), w.tolist(), b.tolist()
    (_, _, H, W), (_, _, HH, WW) = x.shape, w.shape

    def pixel(channel, row, column):
        return channel[row][column] if 0 <= row < H and 0 <= column < W else 0.0

    def answer(image, one, bias, top, left):
        total = bias
        for channel, weights in zip(image, one, strict=True):
            for i in range(HH):
                for j in range(WW):
                    total += pixel(channel, top + i, left + j) * weights[i][j]
        return total

    tops = range(-pad, H + pad - HH + 1, stride)
    lefts = range(-pad, W + pad - WW + 1, stride)
    out = [
        [
            [[answer(image, one, bias, top, left) for left in lefts] for top in tops]
            for one, bias in zip(filters, biases, strict=True)
        ]
        for image in images
    ]
    return np.array(out), (x, w, b, conv_param)
