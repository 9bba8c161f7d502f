"""Call scipy for the convolution."""


def conv_forward_naive(x, w, b, conv_param):
    from scipy.signal import correlate

    raise RuntimeError(f"BREACH: {correlate}")


def max_pool_forward_naive(x, pool_param):
    from scipy.ndimage import maximum_filter

    raise RuntimeError(f"BREACH: {maximum_filter}")
