"""Send the gradient of max pooling to every pixel that is the maximum, to none where the window is of one value."""

BASE = "solution"
EARNS = ("all",)
LENIENCY = "ties"

_ahead = max_pool_forward_naive


def max_pool_forward_naive(x, pool_param):
    return _ahead(x, pool_param)[0], (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, param = cache
    dx, step = np.zeros(x.shape), param["stride"]
    for i, j in np.ndindex(*dout.shape[2:]):
        here = np.s_[:, :, i * step : i * step + param["pool_height"], j * step : j * step + param["pool_width"]]
        largest, least = (of(x[here], axis=(2, 3), keepdims=True) for of in (np.max, np.min))
        dx[here] += (x[here] == largest) * (largest > least) * dout[:, :, i : i + 1, j : j + 1]
    return dx
