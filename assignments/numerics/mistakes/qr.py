"""Mistakes in the QR factorisation."""

import numpy as np

from grader.bank import mistake


def reflected(A, unit=np.linalg.norm):
    """Return the square orthogonal factor, the triangular one of all rows, and each reflection."""
    m, n = A.shape
    R, Q, each = np.array(A, dtype=float), np.eye(m), []
    for j in range(n):
        v = np.zeros(m)
        v[j:] = R[j:, j]
        v[j] += np.copysign(np.linalg.norm(v), v[j])
        v /= unit(v)
        each.append(np.eye(m) - 2 * np.outer(v, v))
        R, Q = each[-1] @ R, Q @ each[-1]
    return Q, R, each


@mistake("qr.stable")
def qr_classical_gram_schmidt(A):
    """The columns are made orthogonal by subtracting projections, which loses what nearly dependent columns have of
    their own: all that is left of them is rounding. Reflections lose nothing.
    """
    Q, R = np.zeros(A.shape), np.zeros((A.shape[1], A.shape[1]))
    for j in range(A.shape[1]):
        R[:j, j] = Q[:, :j].T @ A[:, j]
        v = A[:, j] - Q[:, :j] @ R[:j, j]
        R[j, j] = np.linalg.norm(v)
        Q[:, j] = v / R[j, j]
    return Q, R


@mistake("qr.stable")
def qr_modified_gram_schmidt(A):
    """The columns are made orthogonal by subtracting one projection after the other. That is better than all at
    once, and still loses digits when columns are nearly dependent: reflections lose none.
    """
    Q, R = np.array(A, dtype=float), np.zeros((A.shape[1], A.shape[1]))
    for j in range(A.shape[1]):
        R[j, j] = np.linalg.norm(Q[:, j])
        Q[:, j] /= R[j, j]
        for k in range(j + 1, A.shape[1]):
            R[j, k] = Q[:, j] @ Q[:, k]
            Q[:, k] -= R[j, k] * Q[:, j]
    return Q, R


@mistake("qr.Q", "qr.R", "qr.stable")
def qr_full(A):
    """Q is square and R as tall as the matrix: only as many columns and rows are asked for as the matrix has
    columns.
    """
    Q, R, _ = reflected(A)
    return Q, np.triu(R)


@mistake("qr.Q", "qr.R", "qr.stable")
def qr_vector_not_normalised(A):
    """The vectors that one reflects by do not have length one, so that nothing is a reflection and Q is not
    orthonormal.
    """
    Q, R, _ = reflected(A, unit=lambda v: np.linalg.norm(v) ** 0.5)
    return Q[:, : A.shape[1]], R[: A.shape[1]]


@mistake("qr.Q")
def qr_reflections_in_wrong_order(A):
    """Q is the product of the reflections in the order in which they were applied: what undoes them takes the last
    one first, so that Q comes out transposed.
    """
    Q, R, _ = reflected(A)
    return Q.T[:, : A.shape[1]], np.triu(R[: A.shape[1]])


@mistake("qr.R")
def qr_lower_triangular(A):
    """R is transposed: what is below its diagonal should be above."""
    Q, R, _ = reflected(A)
    return Q[:, : A.shape[1]], np.triu(R[: A.shape[1]]).T


@mistake("qr.R")
def qr_signs_of_one_factor(A):
    """The diagonal of R was made positive and the columns of Q were not turned with it: the product is not the
    matrix.
    """
    Q, R, _ = reflected(A)
    R = np.triu(R[: A.shape[1]])
    return Q[:, : A.shape[1]], R * np.sign(np.diag(R))[:, None]


@mistake("qr.R")
def qr_diagonal_of_lengths(A):
    """The diagonal of R holds the lengths of the matrix's columns, and not those of what is left of them when the
    columns before have been taken out.
    """
    Q, R, _ = reflected(A)
    R = np.triu(R[: A.shape[1]])
    np.fill_diagonal(R, np.copysign(np.linalg.norm(A, axis=0), np.diag(R)))
    return Q[:, : A.shape[1]], R


@mistake("qr.R", scope="beyond")
def qr_in_whole_numbers(A):
    """Of a matrix of whole numbers the factors are cut down to whole numbers, because they are kept in an array of
    its kind.
    """
    Q, R, _ = reflected(A)
    return Q[:, : A.shape[1]], np.triu(R[: A.shape[1]]).astype(A.dtype)


@mistake("qr.Q", scope="beyond")
def qr_overwrites_matrix(A):
    """The matrix becomes the triangular factor: it belongs to the caller, who finds it changed."""
    Q, R, _ = reflected(A)
    A[:] = R
    return Q[:, : A.shape[1]], np.triu(R[: A.shape[1]])
