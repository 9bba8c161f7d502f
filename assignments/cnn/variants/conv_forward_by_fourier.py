"""The forward pass multiplies spectra: a convolution is a product there, up to the last digits."""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    size, (HH, WW) = x_pad.shape[2:], w.shape[2:]
    spectra = np.fft.rfft2(x_pad)[:, np.newaxis] * np.conj(np.fft.rfft2(w, size))[np.newaxis]
    full = np.fft.irfft2(spectra.sum(axis=2), size)
    valid = full[:, :, : size[0] - HH + 1 : stride, : size[1] - WW + 1 : stride]
    return valid + b[:, None, None], (x, w, b, conv_param)
