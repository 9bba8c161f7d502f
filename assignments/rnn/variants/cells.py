"""Unusual cells, and unusual ways through time."""

import numpy as np

from grader.bank import variant
from recurrent.rnn_layers import lstm_step_backward, lstm_step_forward


@variant()
class rnn_by_columns:
    """The vanilla cell works with columns, and keeps its cache in a dictionary."""

    def rnn_step_forward(x, prev_h, Wx, Wh, b):
        a = np.dot(Wx.T, x.T) + np.dot(Wh.T, prev_h.T) + b[:, None]
        return np.tanh(a).T, {"x": x, "h": prev_h, "a": a.T, "Wx": Wx, "Wh": Wh}

    def rnn_step_backward(dnext_h, cache):
        da = dnext_h / np.cosh(cache["a"]) ** 2
        dx = np.einsum("nh,dh->nd", da, cache["Wx"])
        dprev_h = np.einsum("nh,kh->nk", da, cache["Wh"])
        return (
            dx,
            dprev_h,
            np.einsum("nd,nh->dh", cache["x"], da),
            np.einsum("nk,nh->kh", cache["h"], da),
            sum(da),
        )


@variant()
class rnn_entry_by_entry:
    """The vanilla cell is made of plain loops over sequences and units."""

    def rnn_step_forward(x, prev_h, Wx, Wh, b):
        next_h = np.zeros_like(prev_h)
        for n in range(len(x)):
            for k in range(len(b)):
                next_h[n, k] = np.tanh(x[n] @ Wx[:, k] + prev_h[n] @ Wh[:, k] + b[k])
        return next_h, (next_h, x, prev_h, Wx, Wh)

    def rnn_step_backward(dnext_h, cache):
        next_h, x, prev_h, Wx, Wh = cache
        dx, dprev_h, dWx, dWh = (np.zeros(each.shape) for each in (x, prev_h, Wx, Wh))
        db = np.zeros(Wh.shape[1])
        for n in range(len(x)):
            for k in range(len(db)):
                d = dnext_h[n, k] * (1 - next_h[n, k] * next_h[n, k])
                dx[n] += d * Wx[:, k]
                dprev_h[n] += d * Wh[:, k]
                dWx[:, k] += d * x[n]
                dWh[:, k] += d * prev_h[n]
                db[k] += d
        return dx, dprev_h, dWx, dWh, db


@variant()
class rnn_without_steps:
    """The vanilla cell over time calls no function for a step, and works on all inputs at once."""

    def rnn_forward(x, h0, Wx, Wh, b):
        driven, states = x @ Wx + b, [h0]
        for t in range(x.shape[1]):
            states.append(np.tanh(driven[:, t] + states[-1] @ Wh))
        states = np.stack(states, axis=1)
        return states[:, 1:], (x, states, Wx, Wh)

    def rnn_backward(dh, cache):
        x, states, Wx, Wh = cache
        da, back = np.zeros(dh.shape), np.zeros(dh[:, 0].shape)
        for t in range(dh.shape[1] - 1, -1, -1):
            da[:, t] = (dh[:, t] + back) * (1 - states[:, t + 1] ** 2)
            back = da[:, t] @ Wh.T
        dWx = np.einsum("ntd,nth->dh", x, da)
        dWh = np.einsum("ntk,nth->kh", states[:, :-1], da)
        return da @ Wx.T, back, dWx, dWh, da.sum(axis=(0, 1))


@variant()
class lstm_one_matrix:
    """The LSTM stacks input and state, and both weights, and makes one product."""

    def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
        H = prev_h.shape[1]
        both, weights = np.hstack([x, prev_h]), np.vstack([Wx, Wh])
        a = both @ weights + b
        gates = 1 / (1 + np.exp(-a[:, : 3 * H]))
        a[:, : 3 * H], a[:, 3 * H :] = gates, np.tanh(a[:, 3 * H :])
        next_c = a[:, H : 2 * H] * prev_c + a[:, :H] * a[:, 3 * H :]
        next_h = a[:, 2 * H : 3 * H] * np.tanh(next_c)
        return next_h, next_c, [both, weights, a, prev_c, next_c]

    def lstm_step_backward(dnext_h, dnext_c, cache):
        both, weights, a, prev_c, next_c = cache
        H = prev_c.shape[1]
        D = both.shape[1] - H
        dc = dnext_c + dnext_h * a[:, 2 * H : 3 * H] / np.cosh(next_c) ** 2
        da = np.empty_like(a)
        da[:, :H], da[:, H : 2 * H] = dc * a[:, 3 * H :], dc * prev_c
        da[:, 2 * H : 3 * H], da[:, 3 * H :] = dnext_h * np.tanh(next_c), dc * a[:, :H]
        da[:, : 3 * H] *= a[:, : 3 * H] * (1 - a[:, : 3 * H])
        da[:, 3 * H :] *= 1 - a[:, 3 * H :] ** 2
        back, dW = da @ weights.T, both.T @ da
        return back[:, :D], back[:, D:], dc * a[:, H : 2 * H], dW[:D], dW[D:], da.sum(axis=0)


@variant()
class lstm_over_time_in_arrays:
    """The LSTM over time fills arrays, and keeps all of its caches in a dictionary by step."""

    def lstm_forward(x, h0, Wx, Wh, b):
        T = x.shape[1]
        h = np.empty((len(x), T, len(Wh)))
        caches, c = {}, 0 * h0
        for t in range(T):
            before = h[:, t - 1] if t else h0
            h[:, t], c, caches[t] = lstm_step_forward(x[:, t, :], before, c, Wx, Wh, b)
        return h, (caches, x.shape)

    def lstm_backward(dh, cache):
        caches, shape = cache
        dx, grads = np.zeros(shape), None
        dh_next = dc_next = np.zeros(dh[:, 0].shape)
        for t in range(shape[1])[::-1]:
            found = lstm_step_backward(dh[:, t] + dh_next, dc_next, caches[t])
            dx[:, t], dh_next, dc_next = found[:3]
            grads = (
                list(found[3:]) if grads is None else [a + b for a, b in zip(grads, found[3:], strict=True)]
            )
        return dx, dh_next, *grads
