"""Find the gradient of the ReLU by a difference of all entries at once, each by a step of its own size."""

FLAGGED = "looks_numeric"
BASE = "solution"
INTO = "nndl/layers.py"
EARNS = ("all", "-relu_backward")


def relu_backward(dout, cache):
    width = np.abs(cache) * 1e-9
    rise = relu_forward(cache + width)[0] - relu_forward(cache - width)[0]
    return dout * np.round(rise / np.maximum(2 * width, 1e-300))
