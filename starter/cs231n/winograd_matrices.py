"""Write ``winograd_matrices.h``: the transforms of Winograd's fast convolution, from exact fractions.

    python winograd_matrices.py > winograd_matrices.h

F(m, r) finds m neighbouring outputs of a filter of r weights with a = m + r - 1 products in place of m * r:

    y = AT @ ((G @ weights) * (BT @ pixels))

The r weights are the coefficients of one polynomial and the m outputs those of another, and a product of polynomials is
known from its values at a - 1 points and its leading coefficient ("at infinity"). G and AT.T evaluate, BT interpolates
(Toom and Cook; S. Winograd, Arithmetic Complexity of Computations, 1980; A. Lavin and S. Gray, arXiv:1509.09308).
Points come as 0 and in pairs +p, -p, for then two rows of a transform are the sum and the difference of the same two
halves, which nearly halves the work.
"""

from fractions import Fraction
from math import log2, prod, sqrt

SIZES = {
    (4, 3): ("3/2", "2/3"),
    (4, 5): ("1", "2", "1/2"),
    (4, 7): ("2", "1/2", "3/4", "5/4"),
}
"""The p of each pair of points, for each F(m, r): of all pairs of small fractions those with the least rounding errors.

Integers (0, 1, -1, 2, -2, ...), as most texts have them, cost 1.4 times the error for r = 3 and 1.8 times for r = 7.
"""

GRADIENTS = {(4, 3)}
"""Those by which the gradient of filters is found, too: its transforms are the same matrices, transposed."""

VECTORS = "const VECTOR *d, const ptrdiff_t from, VECTOR *v, const ptrdiff_t to"


def matrices(m, r, pairs):
    """Return AT, shape (m, a), G, shape (a, r), and BT, shape (a, a), as lists of fractions."""
    points = [Fraction(0)]
    for each in pairs:
        points += [Fraction(each), -Fraction(each)]
    others = [[q for q in points if q != p] for p in points]
    values = [[p**i for i in range(r)] for p in points]
    g = [
        [each / prod(p - q for q in rest) for each in row]
        for p, rest, row in zip(points, others, values, strict=True)
    ]
    g.append([Fraction(i == r - 1) for i in range(r)])
    bt = [[*polynomial(rest), Fraction(0)] for rest in others] + [polynomial(points)]
    at = [[p**i for p in points] + [Fraction(i == m - 1)] for i in range(m)]
    for row, (left, right) in enumerate(zip(g, bt, strict=True)):
        # Powers of two cost no accuracy; shared between G and BT they keep both sides of a product alike in size.
        scale = Fraction(2) ** round(log2(size(left) / size(right)) / 2)
        g[row] = [each / scale for each in left]
        bt[row] = [each * scale for each in right]
    return at, g, bt


def polynomial(roots):
    """Return the coefficients, the constant first, of the polynomial with these roots and leading coefficient 1."""
    coefficients = [Fraction(1)]
    for root in roots:
        shifted = [Fraction(0), *coefficients]
        coefficients = [a - root * b for a, b in zip(shifted, [*coefficients, Fraction(0)], strict=True)]
    return coefficients


def transposed(matrix):
    """Return the matrix with rows for columns."""
    return [list(column) for column in zip(*matrix, strict=True)]


def size(row):
    """Return the Euclidean length of a row."""
    return sqrt(sum(float(each) ** 2 for each in row))


def evaluating_code(name, matrix):
    """Return C that turns vectors into their values at the points: pixels by BT, or the gradient of outputs by A."""
    a = len(matrix)
    lines = [f"    v[0] = {terms(matrix[0], 'd')};"]
    for i in range(1, a - 1, 2):
        even = [each if j % 2 == 0 else Fraction(0) for j, each in enumerate(matrix[i])]
        odd = [each if j % 2 == 1 else Fraction(0) for j, each in enumerate(matrix[i])]
        lines.append(
            f"    {{ const VECTOR even = {terms(even, 'd')}, odd = {terms(odd, 'd')};"
            f" v[{i} * to] = even + odd; v[{i + 1} * to] = even - odd; }}"
        )
    lines.append(f"    v[{a - 1} * to] = {terms(matrix[-1], 'd')};")
    return function(name, VECTORS, lines)


def summing_code(name, matrix):
    """Return C that turns sums of products, one for each point, into outputs by AT, or a filter's gradient by G.T."""
    m, a = len(matrix), len(matrix[0])
    pairs = range(1, a - 1, 2)
    lines = [
        f"    const VECTOR sum{i} = d[{i} * from] + d[{i + 1} * from],"
        f" difference{i} = d[{i} * from] - d[{i + 1} * from];"
        for i in pairs
    ]
    for row, coefficients in enumerate(matrix):
        half = "sum" if row % 2 == 0 else "difference"
        found = [term(coefficients[i], f"{half}{i}") for i in pairs]
        first = [term(coefficients[0], "d[0]")] if row == 0 else []
        last = [term(coefficients[-1], f"d[{a - 1} * from]")] if row == m - 1 else []
        lines.append(f"    v[{row} * to] = {' + '.join([*first, *found, *last])};")
    return function(name, VECTORS, lines)


def weights_code(m, r, g):
    """Return C that holds G."""
    rows = ", ".join("{" + ", ".join(number(each) for each in row) + "}" for row in g)
    return f"static const double NAME(weights_{m}_{r})[{m + r - 1}][{r}] = {{{rows}}};\n"


def function(name, parameters, lines):
    """Return the text of an inline function."""
    head = f"TARGET static inline __attribute__((always_inline)) void NAME({name})(\n    {parameters})\n{{\n"
    return head + "\n".join(lines) + "\n}\n"


def terms(row, name):
    """Return a sum of multiples of the vectors ``name[j * from]``, zeros left out."""
    found = [term(each, f"{name}[{j} * from]") for j, each in enumerate(row) if each]
    return " + ".join(found)


def term(factor, name):
    """Return a multiple of one vector."""
    return name if factor == 1 else f"(REAL){number(factor)} * {name}"


def number(value):
    """Return a fraction as C computes it: in double, rounded once."""
    text = (
        f"{abs(value.numerator)}."
        if value.denominator == 1
        else f"{abs(value.numerator)}. / {value.denominator}"
    )
    return f"({'-' if value < 0 else ''}{text})"


def header():
    """Return the text of the header."""
    text = "/* Winograd's transforms for one number type and one instruction set. Written by winograd_matrices.py. */\n"
    for (m, r), pairs in SIZES.items():
        at, g, bt = matrices(m, r, pairs)
        text += "\n" + weights_code(m, r, g)
        text += evaluating_code(f"pixels_{m}_{r}", bt) + summing_code(f"outputs_{m}_{r}", at)
        if (m, r) in GRADIENTS:
            text += evaluating_code(f"spread_{m}_{r}", transposed(at))
            text += summing_code(f"gather_{m}_{r}", transposed(g))
    return text


if __name__ == "__main__":
    print(header(), end="")
