"""Unusual factorisations."""

import numpy as np

from grader.bank import variant


@variant()
def qr_gram_schmidt_twice(A):
    """Each column is made orthogonal to those before it twice, which is enough."""
    Q, R = np.array(A, dtype=float), np.zeros((A.shape[1], A.shape[1]))
    for j in range(A.shape[1]):
        for _ in range(2):
            along = Q[:, :j].T @ Q[:, j]
            R[:j, j] += along
            Q[:, j] -= Q[:, :j] @ along
        R[j, j] = np.linalg.norm(Q[:, j])
        Q[:, j] /= R[j, j]
    return Q, R


@variant()
def qr_by_rotations(A):
    """One entry after another is turned to zero in the plane of two rows."""
    m, n = A.shape
    R, Q = A.astype(float), np.eye(m)
    for j in range(n):
        for i in range(m - 1, j, -1):
            r = np.hypot(R[i - 1, j], R[i, j])
            c, s = R[i - 1, j] / r, R[i, j] / r
            turn = np.array([[c, s], [-s, c]])
            R[i - 1 : i + 1] = turn @ R[i - 1 : i + 1]
            Q[:, i - 1 : i + 1] = Q[:, i - 1 : i + 1] @ turn.T
    return Q[:, :n], R[:n]


@variant()
def qr_by_whole_reflections(A):
    """Each reflection is a whole matrix, and Q their product."""
    m, n = A.shape
    Q, R = np.eye(m), A + 0.0
    for j in range(n):
        x = np.where(np.arange(m) < j, 0, R[:, j])
        e = np.eye(m)[j]
        v = x + (1 if x[j] >= 0 else -1) * np.sqrt(x @ x) * e
        H = np.eye(m) - 2 * np.outer(v, v) / (v @ v)
        Q, R = Q @ H.T, H @ R
    return Q[:, 0:n], R[0:n, :]
