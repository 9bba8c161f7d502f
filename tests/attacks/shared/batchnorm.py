"""Honest work: batch normalisation whose cache holds its arguments."""

def _normalise(x, gamma, beta, eps):
    mean = x.mean(axis=(0, 2, 3), keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=(0, 2, 3), keepdims=True)
    return gamma[:, None, None] * (x - mean) / (variance + eps) ** 0.5 + beta[:, None, None]


_honest = spatial_batchnorm_forward


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    return _honest(x, gamma, beta, bn_param)[0], (x, gamma, beta, bn_param.get("eps", 1e-5))
