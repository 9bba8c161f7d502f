"""The images are flattened channels first, with rows and columns exchanged: any order of the pixels will do."""

from nndl.layers import batchnorm_backward, batchnorm_forward


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    out, cache = batchnorm_forward(x.transpose(1, 0, 3, 2).reshape(C, -1).T, gamma, beta, bn_param)
    return out.T.reshape(C, N, W, H).transpose(1, 0, 3, 2), (cache, x.shape)


def spatial_batchnorm_backward(dout, cache):
    inner, (N, C, H, W) = cache
    dx, dgamma, dbeta = batchnorm_backward(dout.transpose(1, 0, 3, 2).reshape(C, -1).T, inner)
    return dx.T.reshape(C, N, W, H).transpose(1, 0, 3, 2), dgamma, dbeta
