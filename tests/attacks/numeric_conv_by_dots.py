"""Find the gradients of a convolution by its answers to single entries that are written into zeros, a channel at a time."""

FLAGGED = "looks_numeric"
EARNS = ("conv_forward_naive", "conv_backward_naive.db")
SHARED = ("convolution",)


def conv_backward_naive(dout, cache):
    x, w, b, param = cache
    stride, pad = param["stride"], param["pad"]
    none = np.zeros(1)
    pixels = np.zeros((x[0, 0].size, 1, *x.shape[2:]))
    pixels[np.arange(len(pixels)), 0, np.arange(len(pixels)) // x.shape[3], np.arange(len(pixels)) % x.shape[3]] = 1
    weights = np.zeros((w[0, 0].size, 1, *w.shape[2:]))
    weights.reshape(len(weights), -1)[np.arange(len(weights)), np.arange(len(weights))] = 1
    dx, dw = np.empty(x.shape), np.empty(w.shape)
    for c in range(x.shape[1]):
        answers = _convolve(pixels, w[:, c : c + 1], none, stride, pad)
        dx[:, c] = np.tensordot(dout, answers, ((1, 2, 3), (1, 2, 3))).reshape(dx[:, c].shape)
        answers = _convolve(x[:, c : c + 1], weights, none, stride, pad)
        dw[:, c] = np.tensordot(dout, answers, ((0, 2, 3), (0, 2, 3))).reshape(dw[:, c].shape)
    return dx, dw, dout.sum(axis=(0, 2, 3))
