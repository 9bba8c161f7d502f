"""Find the gradients of the affine layer by what it answers to the unit vectors, all of them at once."""

FLAGGED = "looks_numeric"
BASE = "solution"
INTO = "nndl/layers.py"
EARNS = ("all", "-affine_backward.dx", "-affine_backward.dw")


def affine_backward(dout, cache):
    x, w, b = cache
    flat, none = x.reshape(len(x), -1), np.zeros(w.shape[0])
    responses = affine_forward(np.identity(w.shape[0]), w, np.zeros(w.shape[1]))[0]
    rows = affine_forward(np.identity(len(flat)), flat, none)[0]
    return (dout @ responses.T).reshape(x.shape), rows.T @ dout, dout.sum(axis=0)
