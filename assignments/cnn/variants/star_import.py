"""What imports everything from NumPy. A star import reaches all entries of its file, so it has one of its own."""

from numpy import *  # noqa: F403  # that is what is unusual here

from grader.bank import variant


@variant(replaces="conv_forward_naive")
def conv_with_star_import(x, w, b, conv_param):
    """Everything is imported from NumPy by a star, so that sum, max and abs are NumPy's."""
    s, p = conv_param["stride"], int(conv_param["pad"])
    padded = pad(x, ((0, 0), (0, 0), (p, p), (p, p)))  # noqa: F405  # as above
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = zeros((N, F, 1 + (H + 2 * p - HH) // s, 1 + (W + 2 * p - WW) // s))  # noqa: F405  # as above
    for f in range(F):
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                patch = padded[:, :, i * s : i * s + HH, j * s : j * s + WW]
                out[:, f, i, j] = sum(patch * w[f], axis=(1, 2, 3)) + b[f]  # as above
    return out, (x, w, b, conv_param)
