# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Convolution and max pooling at full speed: the compiled twin of ``im2col``.

A convolution is a matrix product once every window of the image is laid out as a column (im2col), and the product is
where nearly all the time goes, so gemm.c does it with all that the processor has. The rest is a matter of moving little:

- One image is worked on at a time, and of it one strip of output rows, so that the columns stay in the processor's
  cache. The columns of a whole batch would be fifty times the batch and go out to memory and back.
- The backward pass makes the columns again rather than keep them: copying an image is cheaper than fetching them.
- Everything runs without Python's lock, so that threads can share a batch.
"""

import os

from libc.stdlib cimport free, malloc
from libc.string cimport memcpy, memset

ctypedef fused real:
    float
    double

cdef extern from "gemm.h" nogil:
    const long GEMM_PADDING
    ctypedef struct gemm_kernel:
        const char *name
        void (*multiply_float)(long, long, long, const float *, long, long, const float *, long, float *, long, int) noexcept nogil
        void (*multiply_double)(long, long, long, const double *, long, long, const double *, long, double *, long, int) noexcept nogil
    const gemm_kernel *gemm_find(int number)

# What a strip's columns may fill: a good part of the cache next to a processor core, whose usual size is 1 MB.
cdef long STRIP_BYTES = 256 * 1024


cdef struct Layer:
    long channels, height, width          # of an image
    long filters, window_height, window_width
    long stride, pad
    long out_height, out_width
    long weights                          # of one filter
    long strip, strips                    # output rows worked on at a time, and how often
    long length                           # numbers from one row of the columns to the next


cdef Layer layer_of(const real[:, :, :, ::1] x, const real[:, :, :, ::1] w, long stride, long pad, out_shape):
    cdef Layer s
    s.channels, s.height, s.width = x.shape[1], x.shape[2], x.shape[3]
    s.filters, s.window_height, s.window_width = w.shape[0], w.shape[2], w.shape[3]
    s.stride, s.pad = stride, pad
    s.out_height, s.out_width = out_shape
    s.weights = s.channels * s.window_height * s.window_width
    # As many rows as fit, but strips of equal height.
    cdef long fitting = max(1, STRIP_BYTES // max(1, s.weights * s.out_width * <long>sizeof(real)))
    s.strips = (s.out_height + fitting - 1) // fitting
    s.strip = (s.out_height + s.strips - 1) // s.strips
    s.strips = (s.out_height + s.strip - 1) // s.strip
    s.length = padded(s.strip * s.out_width)
    return s


cdef long padded(long numbers) noexcept nogil:
    """Round a row's length up for the kernel, and to an odd number of cache lines.

    Rows whose addresses differ by a power of two fall on the same few places of the cache and push each other out.
    """
    return (numbers + GEMM_PADDING - 1) // GEMM_PADDING * GEMM_PADDING + 16


cdef inline void multiply(const gemm_kernel *kernel, long m, long n, long k, const real *a, long a_row, long a_column,
                          const real *b, long b_row, real *c, long c_row, int add) noexcept nogil:
    if real is float:
        kernel.multiply_float(m, n, k, a, a_row, a_column, b, b_row, c, c_row, add)
    else:
        kernel.multiply_double(m, n, k, a, a_row, a_column, b, b_row, c, c_row, add)


cdef inline long first_inside(long offset, long stride) noexcept nogil:
    """The first window whose pixel at this offset from the window's corner lies inside the image."""
    return (-offset + stride - 1) // stride if offset < 0 else 0


cdef inline long after_inside(long offset, long stride, long size, long count) noexcept nogil:
    """One past the last such window, of `count`."""
    if offset >= size:
        return 0
    return min(count, (size - 1 - offset) // stride + 1)


cdef void im2col(const real *image, Layer *s, long top, long rows, real *columns) noexcept nogil:
    """Lay out the windows of `rows` output rows from `top` as columns; zeros where a window leaves the image."""
    cdef long c, i, j, row, first, after, y, q
    cdef real *line
    cdef const real *source
    for c in range(s.channels):
        for i in range(s.window_height):
            for j in range(s.window_width):
                first = first_inside(j - s.pad, s.stride)
                after = max(first, after_inside(j - s.pad, s.stride, s.width, s.out_width))
                for row in range(rows):
                    line = columns + row * s.out_width
                    y = (top + row) * s.stride + i - s.pad
                    if y < 0 or y >= s.height or first >= s.out_width:
                        memset(line, 0, s.out_width * sizeof(real))
                        continue
                    source = image + (c * s.height + y) * s.width + j - s.pad
                    for q in range(first):
                        line[q] = 0
                    if s.stride == 1:
                        memcpy(line + first, source + first, (after - first) * sizeof(real))
                    else:
                        for q in range(first, after):
                            line[q] = source[q * s.stride]
                    for q in range(after, s.out_width):
                        line[q] = 0
                columns += s.length


cdef void col2im(const real *columns, Layer *s, long top, long rows, real *image) noexcept nogil:
    """Add the columns back to the pixels they came from."""
    cdef long c, i, j, row, first, after, y, q
    cdef const real *line
    cdef real *target
    for c in range(s.channels):
        for i in range(s.window_height):
            for j in range(s.window_width):
                first = first_inside(j - s.pad, s.stride)
                after = after_inside(j - s.pad, s.stride, s.width, s.out_width)
                for row in range(rows):
                    line = columns + row * s.out_width
                    y = (top + row) * s.stride + i - s.pad
                    if y < 0 or y >= s.height:
                        continue
                    target = image + (c * s.height + y) * s.width + j - s.pad
                    if s.stride == 1:
                        for q in range(first, after):
                            target[q] += line[q]
                    else:
                        for q in range(first, after):
                            target[q * s.stride] += line[q]
                columns += s.length


cdef void copy_both_ways(const real *image, Layer *s, long top, long rows, real *straight, real *turned,
                         long turned_row) noexcept nogil:
    """Copy a strip of an output image, once as it is, a row for each filter, and once turned, a column for each."""
    cdef long n = rows * s.out_width, f, q, start, end
    cdef const real *source
    for f in range(s.filters):
        memcpy(straight + f * s.length, image + (f * s.out_height + top) * s.out_width, n * sizeof(real))
    for start in range(0, n, 16):
        end = min(n, start + 16)
        for f in range(s.filters):
            source = straight + f * s.length
            for q in range(start, end):
                turned[q * turned_row + f] = source[q]


def conv_forward(const real[:, :, :, ::1] x, const real[:, :, :, ::1] w, const real[::1] b, long stride, long pad,
                 real[:, :, :, ::1] out):
    """Fill `out`, shape (N, F, H', W'), with the convolution of `x` and `w` plus the bias `b`."""
    cdef const gemm_kernel *kernel = chosen()
    cdef Layer s = layer_of(x, w, stride, pad, (out.shape[2], out.shape[3]))
    cdef real *columns = <real *>malloc((s.weights * s.length + 64) * sizeof(real))
    cdef long n, f, q, part, top, rows, area = s.out_height * s.out_width
    cdef real *result
    with nogil:
        for n in range(x.shape[0]):
            for part in range(s.strips):
                top = part * s.strip
                rows = min(s.strip, s.out_height - top)
                im2col(&x[n, 0, 0, 0], &s, top, rows, columns)
                result = &out[n, 0, top, 0]
                for f in range(s.filters):
                    for q in range(rows * s.out_width):
                        result[f * area + q] = b[f]
                multiply(kernel, s.filters, rows * s.out_width, s.weights, &w[0, 0, 0, 0], s.weights, 1,
                         columns, s.length, result, area, 1)
    free(columns)


def conv_backward(const real[:, :, :, ::1] dout, const real[:, :, :, ::1] x, const real[:, :, :, ::1] w,
                  long stride, long pad, real[:, :, :, ::1] dx, real[:, :, :, ::1] dw, real[::1] db):
    """Fill `dx`, shape (N, C, H, W), and add this slice's share to `dw` and `db`."""
    cdef const gemm_kernel *kernel = chosen()
    cdef Layer s = layer_of(x, w, stride, pad, (dout.shape[2], dout.shape[3]))
    cdef long turned_row = (s.filters + GEMM_PADDING - 1) // GEMM_PADDING * GEMM_PADDING
    cdef real *columns = <real *>malloc((s.weights * s.length + 64) * sizeof(real))
    cdef real *straight = <real *>malloc((s.filters * s.length + 64) * sizeof(real))
    cdef real *turned = <real *>malloc((turned_row * s.length + 64) * sizeof(real))
    cdef real *dw_turned = <real *>malloc((s.weights * turned_row + 64) * sizeof(real))
    cdef long n, f, q, part, top, rows
    cdef real total
    memset(dw_turned, 0, s.weights * turned_row * sizeof(real))
    with nogil:
        for n in range(x.shape[0]):
            memset(&dx[n, 0, 0, 0], 0, s.channels * s.height * s.width * sizeof(real))
            for part in range(s.strips):
                top = part * s.strip
                rows = min(s.strip, s.out_height - top)
                copy_both_ways(&dout[n, 0, 0, 0], &s, top, rows, straight, turned, turned_row)
                im2col(&x[n, 0, 0, 0], &s, top, rows, columns)
                multiply(kernel, s.weights, s.filters, rows * s.out_width, columns, s.length, 1,
                         turned, turned_row, dw_turned, turned_row, 1)
                for f in range(s.filters):
                    total = 0
                    for q in range(rows * s.out_width):
                        total += turned[q * turned_row + f]
                    db[f] += total
                multiply(kernel, s.weights, rows * s.out_width, s.filters, &w[0, 0, 0, 0], 1, s.weights,
                         straight, s.length, columns, s.length, 0)
                col2im(columns, &s, top, rows, &dx[n, 0, 0, 0])
        for f in range(s.filters):
            for q in range(s.weights):
                (&dw[f, 0, 0, 0])[q] += dw_turned[q * turned_row + f]
    free(columns)
    free(straight)
    free(turned)
    free(dw_turned)


def pool_forward(const real[:, :, :, ::1] x, long height, long width, long stride, real[:, :, :, ::1] out,
                 unsigned char[:, :, :, ::1] winners):
    """Fill `out`, shape (N, C, H', W'), with each window's maximum and `winners` with the cell that held it."""
    cdef long n, c, row, i, j, q
    cdef const real *source
    cdef real *best
    cdef unsigned char *winner
    cdef real value
    cdef bint better
    with nogil:
        for n in range(x.shape[0]):
            for c in range(x.shape[1]):
                for row in range(out.shape[2]):
                    best = &out[n, c, row, 0]
                    winner = &winners[n, c, row, 0]
                    memset(winner, 0, out.shape[3])
                    for i in range(height):
                        for j in range(width):
                            source = &x[n, c, row * stride + i, j]
                            if i == 0 and j == 0:
                                for q in range(out.shape[3]):
                                    best[q] = source[q * stride]
                                continue
                            for q in range(out.shape[3]):
                                value = source[q * stride]
                                better = (not value <= best[q]) & (best[q] == best[q])
                                best[q] = value if better else best[q]
                                winner[q] = <unsigned char>(i * width + j) if better else winner[q]


def pool_backward(const real[:, :, :, ::1] dout, const unsigned char[:, :, :, ::1] winners, long height, long width,
                  long stride, real[:, :, :, ::1] dx):
    """Fill `dx`, shape (N, C, H, W): each window's gradient goes to the cell that won it."""
    cdef long n, c, row, q, k
    cdef real *target
    with nogil:
        for n in range(dx.shape[0]):
            for c in range(dx.shape[1]):
                memset(&dx[n, c, 0, 0], 0, dx.shape[2] * dx.shape[3] * sizeof(real))
                for row in range(dout.shape[2]):
                    target = &dx[n, c, row * stride, 0]
                    for q in range(dout.shape[3]):
                        k = winners[n, c, row, q]
                        target[k // width * dx.shape[3] + k % width + q * stride] += dout[n, c, row, q]


def kernels():
    """Name the kernels that this processor can run, the best first."""
    names = []
    while gemm_find(len(names)) is not NULL:
        names.append(gemm_find(len(names)).name.decode())
    return names


cdef const gemm_kernel *chosen() except NULL:
    """The kernel that ``FAST_LAYERS_KERNEL`` asks for, else the best."""
    asked = os.environ.get("FAST_LAYERS_KERNEL") or kernels()[0]
    if asked not in kernels():
        raise ValueError(f"FAST_LAYERS_KERNEL is {asked!r}; this processor can run {', '.join(kernels())} and numpy")
    return gemm_find(kernels().index(asked))


def kernel_name():
    """Name the kernel in use."""
    return chosen().name.decode()
