# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Convolution and max pooling at full speed: the compiled twin of ``im2col``, and no text to learn from.

``im2col_cython`` says the same in loops, and docs/fast-layers.md explains what is done here with drawings.

A convolution is a matrix product. Let row k of a matrix `columns` hold what weight k = (c, i, j) of a filter meets, for
all positions p = (y, x) of the window; then ``out = w @ columns``. That is im2col. Windows overlap, so the matrix is
many times larger than the image, and filling it takes a good part of the product's time. But nobody has to fill it:

    columns[k, p] = image[c, y + i, x + j], which lies at (c * height + i) * pitch + j  +  y * pitch + x

The address is a sum of one number for k and one for p. So the product in kernels.c takes two tables of addresses with
each matrix, and reads the columns straight from the image, which stays in the processor's cache.

- The image is copied into a border of zeros first, so that no window leaves it.
- With stride s, the pixels that a weight meets are s apart, but a vector holds neighbours. So the copy deals the pixels
  out to s * s planes, as one deals cards: (y, x) goes to plane (y % s, x % s). There they are neighbours.
- The bias is one more weight, which meets a plane of ones.

Going backward, ``dw = dout @ columns.T`` has the same tables, and db comes with it. A pixel's gradient is a sum over
the windows that hold it: a convolution again, of dout with the filters turned round.
"""

import os

from libc.stdlib cimport free
from libc.string cimport memcpy, memset
from posix.stdlib cimport posix_memalign

ctypedef fused real:
    float
    double

ctypedef Py_ssize_t count

cdef extern from "kernels.h" nogil:
    ctypedef struct matrix:
        void *data
        const count *row
        const count *column
    ctypedef void product(count m, count n, count k, const matrix *a, const matrix *b, const matrix *c,
                          int add) noexcept
    ctypedef struct winograd:
        count channels, height, width, filters, window, pad, out_height, out_width
        int both
        count points, tiles_y, tiles_x, rows, pitch, group, block, part, plane, line, step, factor_step
        const count *factor_row
        const count *factor_column
        const count *value_row
        const count *sum_row
        const count *vector
    ctypedef void winograd_float(const winograd *s, const float *x, count images, const float *factors,
                                 const float *bias, float *out, float *room) noexcept
    ctypedef void winograd_double(const winograd *s, const double *x, count images, const double *factors,
                                  const double *bias, double *out, double *room) noexcept
    ctypedef void factors_float(const winograd *s, const float *w, float *factors) noexcept
    ctypedef void factors_double(const winograd *s, const double *w, double *factors) noexcept
    ctypedef struct winograd_gradient:
        count channels, height, width, filters, pad, out_height, out_width, tiles_y, tiles_x, group
        count pixel_apart, dout_apart, pixel_step, dout_step, sum_step
        const count *channel
        const count *pixel_tile
        const count *dout_tile
        const count *sum_row
        const count *vector
    ctypedef void gradient_float(const winograd_gradient *s, const float *x, const float *dout, count images, float *dw,
                                 float *room) noexcept
    ctypedef void gradient_double(const winograd_gradient *s, const double *x, const double *dout, count images,
                                  double *dw, double *room) noexcept
    ctypedef struct pooling:
        count pitch, height, width, stride, out_height, windows, line
        const count *cell
        count rows, border, deep
    ctypedef void pool_float(const pooling *s, const float *pixels, float *out, unsigned char *winners,
                                 float *lines) noexcept
    ctypedef void pool_double(const pooling *s, const double *pixels, double *out, unsigned char *winners,
                                  double *lines) noexcept
    ctypedef void pool_back_float(const pooling *s, const float *dout, const unsigned char *winners, float *dx,
                                  float *room) noexcept
    ctypedef void pool_back_double(const pooling *s, const double *dout, const unsigned char *winners, double *dx,
                                   double *room) noexcept
    ctypedef struct kernel:
        const char *name
        int vector_bytes
        product *multiply_float
        product *multiply_double
        winograd_float *winograd_float
        winograd_double *winograd_double
        factors_float *factors_float
        factors_double *factors_double
        gradient_float *gradient_float
        gradient_double *gradient_double
        pool_float *pool_float
        pool_double *pool_double
        pool_back_float *pool_back_float
        pool_back_double *pool_back_double
    const kernel *find_kernel(int number)
    count take(count *taken)
    void fetch(const void *data, count bytes)

# Vectors may reach over the end of a plane by less than this: a whole vector of the largest kind.
cdef enum: OVERHANG = 16

# The part of dout that is turned at a time should stay in the cache next to a processor core, usually 1 MB.
cdef enum: STRIP_BYTES = 192 * 1024


cdef class Turns:
    """Numbers from 0, which threads that share a batch take in turn. Who is free takes the next."""

    cdef count taken


cdef class Memory:
    """Room for `items` of `size` bytes: zeroed, at the start of a cache line, and freed with this object."""

    cdef void *data

    def __cinit__(self, count items, count size):
        if posix_memalign(&self.data, 64, (items + OVERHANG) * size):
            raise MemoryError
        memset(self.data, 0, (items + OVERHANG) * size)

    def __dealloc__(self):
        free(self.data)


cdef struct Layer:
    count channels, height, width
    count filters, window_height, window_width
    count out_height, out_width
    count pad, stride_y, stride_x
    count border_y, border_x            # around dout: how far back the windows begin that still hold a pixel
    count pitch, plane                  # numbers from row to row of a plane, and from plane to plane
    count lanes                         # numbers in a vector
    product *multiply


cdef inline count up(count number, count divisor) noexcept nogil:
    """Divide and round up; nothing below zero."""
    return (number + divisor - 1) // divisor if number > 0 else 0


cdef Layer describe(const real[:, :, :, ::1] x, const real[:, :, :, ::1] w, const real[:, :, :, ::1] out,
                    count stride, count pad) except *:
    cdef Layer s
    cdef const kernel *chosen = choose()
    s.channels, s.height, s.width = x.shape[1], x.shape[2], x.shape[3]
    s.filters, s.window_height, s.window_width = w.shape[0], w.shape[2], w.shape[3]
    s.out_height, s.out_width = out.shape[2], out.shape[3]
    s.pad = pad
    # A window that never steps may as well have stride 1, and fewer planes.
    s.stride_y = stride if s.out_height > 1 else 1
    s.stride_x = stride if s.out_width > 1 else 1
    s.border_y = (s.window_height - 1) // s.stride_y
    s.border_x = (s.window_width - 1) // s.stride_x
    # The same planes do for x, for its gradient and for dout in its border.
    s.pitch = max(up(s.width + 2 * pad, s.stride_x), s.border_x + max(s.out_width, up(s.width + pad, s.stride_x)))
    s.plane = OVERHANG + s.pitch * max(up(s.height + 2 * pad, s.stride_y),
                                       s.border_y + max(s.out_height, up(s.height + pad, s.stride_y)))
    s.lanes = chosen.vector_bytes // <count>sizeof(real)
    s.multiply = chosen.multiply_float if real is float else chosen.multiply_double
    return s


cdef count *tabulate(count *table, count n1, count step1, count n2=1, count step2=0, count n3=1, count step3=0,
                     count start=0) noexcept nogil:
    """Write ``start + i1 * step1 + i2 * step2 + i3 * step3`` for all i1 < n1, i2 < n2, i3 < n3; return the end."""
    cdef count i1, i2, i3
    for i1 in range(n1):
        for i2 in range(n2):
            for i3 in range(n3):
                table[0] = start + i1 * step1 + i2 * step2 + i3 * step3
                table += 1
    return table


cdef count cover(const Layer *s, count rows, count cols, count *table) noexcept nogil:
    """Cover `rows` x `cols` numbers of a plane with vectors; tabulate where they begin and return how many they are.

    Either each row has vectors of its own, the last of which may reach over its end, or, where that wastes more, the
    vectors run on through the rows and what lies between them.
    """
    cdef count in_row = up(cols, s.lanes), vectors
    if in_row * s.lanes <= s.pitch:
        vectors = rows * in_row
        tabulate(table, rows, s.pitch, in_row, s.lanes)
    else:
        vectors = up((rows - 1) * s.pitch + cols, s.lanes)
        tabulate(table, vectors, s.lanes)
    return vectors


cdef inline count cover_size(const Layer *s, count rows, count cols) noexcept nogil:
    """The most numbers that `cover` writes."""
    return rows * up(cols, s.lanes)


cdef void tabulate_weights(const Layer *s, count *weight, count *pixel) noexcept nogil:
    """Tabulate where each weight lies in its filter, and where the first pixel lies that it meets.

    The last is the bias, which follows the weights, and the plane of ones, which follows the other planes.
    """
    cdef count a, b, rows, cols, window = s.window_height * s.window_width, planes = s.stride_y * s.stride_x
    for a in range(s.stride_y):
        for b in range(s.stride_x):
            rows, cols = up(s.window_height - a, s.stride_y), up(s.window_width - b, s.stride_x)
            weight = tabulate(weight, s.channels, window, rows, s.stride_y * s.window_width, cols, s.stride_x,
                              a * s.window_width + b)
            pixel = tabulate(pixel, s.channels, planes * s.plane, rows, s.pitch, cols, 1,
                             (a * s.stride_x + b) * s.plane)
    weight[0] = s.channels * window
    pixel[0] = s.channels * planes * s.plane


cdef struct Deal:
    count y, x, rows, cols, place


cdef Deal deal(const Layer *s, count a, count b) noexcept nogil:
    """Find the pixels (y, x) for which (y + pad) % stride is a and (x + pad) % stride is b."""
    cdef Deal d
    d.y = (a + s.pad * (s.stride_y - 1)) % s.stride_y
    d.x = (b + s.pad * (s.stride_x - 1)) % s.stride_x
    d.rows, d.cols = up(s.height - d.y, s.stride_y), up(s.width - d.x, s.stride_x)
    d.place = (d.y + s.pad) // s.stride_y * s.pitch + (d.x + s.pad) // s.stride_x
    return d


cdef inline void pick(count n, const real *source, count source_step, real *target, count target_step) noexcept nogil:
    cdef count i
    for i in range(n):
        target[i * target_step] = source[i * source_step]


cdef void copy(count rows, count cols, const real *source, count source_row, count source_step,
               real *target, count target_row, count target_step) noexcept nogil:
    """Copy `rows` x `cols` numbers. The usual steps are spelt out, for a compiler does more with what it knows."""
    cdef count y
    for y in range(rows):
        if source_step == target_step == 1:
            pick(cols, source, 1, target, 1)  # rows are short, and calling memcpy takes as long as copying
        elif source_step == 2 and target_step == 1:
            pick(cols, source, 2, target, 1)
        elif source_step == 1 and target_step == 2:
            pick(cols, source, 1, target, 2)
        else:
            pick(cols, source, source_step, target, target_step)
        source += source_row
        target += target_row


cdef void to_planes(const Layer *s, const real *image, real *planes) noexcept nogil:
    """Deal an image out to its planes, whose borders are zero already; the next image is fetched."""
    cdef count c, a, b, channel = s.height * s.width
    cdef Deal d
    for c in range(s.channels):
        fetch(image + s.channels * channel, channel * sizeof(real))
        for a in range(s.stride_y):
            for b in range(s.stride_x):
                d = deal(s, a, b)
                copy(d.rows, d.cols, image + d.y * s.width + d.x, s.stride_y * s.width, s.stride_x,
                     planes + d.place, s.pitch, 1)
                planes += s.plane
        image += channel


cdef void from_planes(const Layer *s, const real *planes, real *image) noexcept nogil:
    """Collect an image from its planes; the place of the next is fetched."""
    cdef count c, a, b, channel = s.height * s.width
    cdef Deal d
    for c in range(s.channels):
        fetch(image + s.channels * channel, channel * sizeof(real))
        for a in range(s.stride_y):
            for b in range(s.stride_x):
                d = deal(s, a, b)
                copy(d.rows, d.cols, planes + d.place, s.pitch, 1,
                     image + d.y * s.width + d.x, s.stride_y * s.width, s.stride_x)
                planes += s.plane
        image += channel


cdef Memory make_planes(const Layer *s, real one):
    """Make room for the planes of an image and, last, the plane of ones."""
    cdef count i, planes = s.channels * s.stride_y * s.stride_x
    cdef Memory memory = Memory((planes + 1) * s.plane, sizeof(real))
    for i in range(planes * s.plane, (planes + 1) * s.plane):
        (<real *>memory.data)[i] = one
    return memory


def conv_forward(const real[:, :, :, ::1] x, const real[:, :, :, ::1] w, const real[::1] b, count stride, count pad,
                 real[:, :, :, ::1] out, Turns images):
    """Fill `out`, shape (N, F, H', W'), with the convolution of `x` and `w` plus the bias `b`."""
    cdef Layer s = describe(x, w, out, stride, pad)
    cdef count weights = s.channels * s.window_height * s.window_width + 1, n, f
    cdef count area = s.out_height * s.out_width, cover_numbers = cover_size(&s, s.out_height, s.out_width)
    cdef Memory tables = Memory(2 * weights + 2 * s.filters + 2 * cover_numbers, sizeof(count))
    cdef count *weight = <count *>tables.data
    cdef count *pixel = weight + weights
    cdef count *filter_row = pixel + weights
    cdef count *out_row = filter_row + s.filters
    cdef count *window = out_row + s.filters
    cdef count *out_column = window + cover_numbers
    cdef Memory planes = make_planes(&s, <real>1)
    cdef Memory filters = Memory(s.filters * weights, sizeof(real))
    cdef Memory results = Memory(0 if s.out_width % s.lanes == 0 else s.filters * s.plane, sizeof(real))
    cdef count vectors = cover(&s, s.out_height, s.out_width, window)
    # Rows of whole vectors go straight to `out`; others take a detour, lest they reach over its end.
    cdef bint straight = s.out_width % s.lanes == 0
    tabulate_weights(&s, weight, pixel)
    tabulate(filter_row, s.filters, weights)
    tabulate(out_row, s.filters, area if straight else s.plane)
    if straight:
        tabulate(out_column, vectors, s.lanes)
    else:
        out_column = window
    cdef matrix a = matrix(filters.data, filter_row, weight)
    cdef matrix columns = matrix(planes.data, pixel, window)
    cdef matrix c = matrix(results.data, out_row, out_column)
    with nogil:
        for f in range(s.filters):
            memcpy(<real *>filters.data + f * weights, &w[f, 0, 0, 0], (weights - 1) * sizeof(real))
            (<real *>filters.data)[f * weights + weights - 1] = b[f]
        n = take(&images.taken)
        while n < x.shape[0]:
            to_planes(&s, &x[n, 0, 0, 0], <real *>planes.data)
            fetch(&out[n, 0, 0, 0] + s.filters * area, s.filters * area * sizeof(real))
            if straight:
                c.data = &out[n, 0, 0, 0]
            s.multiply(s.filters, vectors, weights, &a, &columns, &c, False)
            if not straight:
                for f in range(s.filters):
                    copy(s.out_height, s.out_width, <const real *>results.data + f * s.plane, s.pitch, 1,
                         &out[n, f, 0, 0], s.out_width, 1)
            n = take(&images.taken)


cdef void turn(const real *rows, count row, count n, count filters, real *turned, count turned_row) noexcept nogil:
    """Transpose: number q of row f becomes number f of row q."""
    cdef count f, q, i, eights = filters - filters % 8
    # Eight rows at a time: few enough for the nearest cache, and read from end to end, so that they come before needed.
    for f in range(0, eights, 8):
        for q in range(n):
            for i in range(8):
                turned[q * turned_row + f + i] = rows[(f + i) * row + q]
    for f in range(eights, filters):
        for q in range(n):
            turned[q * turned_row + f] = rows[f * row + q]


def weight_gradient(const real[:, :, :, ::1] dout, const real[:, :, :, ::1] x, const real[:, :, :, ::1] w,
                    count stride, count pad, real[:, :, ::1] sums, Turns parts):
    """Fill sums[i] with ``columns @ dout.T``, the transpose of dw and, below it, db, over the i-th part of the images.

    Rows of `sums` have room for filters beyond the last.
    """
    cdef Layer s = describe(x, w, dout, stride, pad)
    cdef count weights = s.channels * s.window_height * s.window_width + 1, n, part, top, rows, strip_number
    cdef count vectors = up(s.filters, s.lanes), turned_row = vectors * s.lanes
    cdef count outputs = s.filters * s.out_height * s.out_width
    # Rows of dout that are turned at a time, as many as fit.
    cdef count strip = min(s.out_height, 1 + STRIP_BYTES // (turned_row * s.out_width * <count>sizeof(real)))
    cdef Memory tables = Memory(3 * weights + vectors + 2 * strip * s.out_width, sizeof(count))
    cdef count *weight = <count *>tables.data
    cdef count *pixel = weight + weights
    cdef count *sums_row = pixel + weights
    cdef count *vector = sums_row + weights
    cdef count *window = vector + vectors
    cdef count *turned_at = window + strip * s.out_width
    cdef Memory planes = make_planes(&s, <real>1)
    cdef Memory turned = Memory(strip * s.out_width * turned_row, sizeof(real))
    tabulate_weights(&s, weight, pixel)
    for n in range(weights):
        sums_row[n] = weight[n] * sums.shape[2]
    tabulate(vector, vectors, s.lanes)
    tabulate(window, strip, s.pitch, s.out_width, 1)
    tabulate(turned_at, strip * s.out_width, turned_row)
    cdef matrix columns = matrix(NULL, pixel, window)
    cdef matrix dout_turned = matrix(turned.data, turned_at, vector)
    cdef matrix dw_turned = matrix(NULL, sums_row, vector)
    with nogil:
        part = take(&parts.taken)
        while part < sums.shape[0]:
            dw_turned.data = &sums[part, 0, 0]
            memset(dw_turned.data, 0, sums.shape[1] * sums.shape[2] * sizeof(real))
            for n in range(part * x.shape[0] // sums.shape[0], (part + 1) * x.shape[0] // sums.shape[0]):
                to_planes(&s, &x[n, 0, 0, 0], <real *>planes.data)
                fetch(&dout[n, 0, 0, 0] + outputs, outputs * sizeof(real))
                for strip_number in range(up(s.out_height, strip)):
                    top = strip_number * strip
                    rows = min(strip, s.out_height - top)
                    turn(&dout[n, 0, top, 0], s.out_height * s.out_width, rows * s.out_width, s.filters,
                         <real *>turned.data, turned_row)
                    columns.data = <real *>planes.data + top * s.pitch
                    s.multiply(weights, vectors, rows * s.out_width, &columns, &dout_turned, &dw_turned, True)
            part = take(&parts.taken)


cdef struct PlaneGradient:
    matrix w, dout, planes
    count vectors, terms


def image_gradient(const real[:, :, :, ::1] dout, const real[:, :, :, ::1] w, count stride, count pad,
                   real[:, :, :, ::1] dx, Turns images):
    """Fill `dx`, shape (N, C, H, W)."""
    # Pixels of the same plane meet the same weights, so each plane is a product of its own.
    cdef Layer s = describe(dx, w, dout, stride, pad)
    cdef count planes = s.stride_y * s.stride_x, window = s.window_height * s.window_width, n, f, a, b, i, rows, cols
    cdef count size = 2 * s.filters * window, outputs = s.filters * s.out_height * s.out_width
    cdef Deal d
    for a in range(s.stride_y):
        for b in range(s.stride_x):
            d = deal(&s, a, b)
            size += 2 * s.channels + cover_size(&s, d.rows, d.cols)
    cdef Memory tables = Memory(size, sizeof(count))
    cdef Memory products = Memory(planes, sizeof(PlaneGradient))
    cdef Memory bordered = Memory(s.filters * s.plane, sizeof(real))
    cdef Memory dplanes = Memory(s.channels * planes * s.plane, sizeof(real))
    cdef count *table = <count *>tables.data
    cdef PlaneGradient *p = <PlaneGradient *>products.data
    for a in range(s.stride_y):
        for b in range(s.stride_x):
            d = deal(&s, a, b)
            rows, cols = up(s.window_height - a, s.stride_y), up(s.window_width - b, s.stride_x)
            p.terms = s.filters * rows * cols
            p.w = matrix(<void *>&w[0, 0, 0, 0], table, table + s.channels)
            table = tabulate(table, s.channels, window)
            table = tabulate(table, s.filters, s.channels * window, rows, s.stride_y * s.window_width, cols, s.stride_x,
                             a * s.window_width + b)
            p.dout = matrix(<real *>bordered.data + d.place, table, table + p.terms)
            table = tabulate(table, s.filters, s.plane, rows, -s.pitch, cols, -1, s.border_y * s.pitch + s.border_x)
            p.planes = matrix(<real *>dplanes.data + (a * s.stride_x + b) * s.plane + d.place, table + cover_size(&s, d.rows, d.cols), table)
            p.vectors = cover(&s, d.rows, d.cols, table)
            table = tabulate(table + cover_size(&s, d.rows, d.cols), s.channels, planes * s.plane)
            p += 1
    with nogil:
        n = take(&images.taken)
        while n < dx.shape[0]:
            fetch(&dout[n, 0, 0, 0] + outputs, outputs * sizeof(real))
            for f in range(s.filters):
                copy(s.out_height, s.out_width, &dout[n, f, 0, 0], s.out_width, 1,
                     <real *>bordered.data + f * s.plane + s.border_y * s.pitch + s.border_x, s.pitch, 1)
            for i in range(planes):
                p = <PlaneGradient *>products.data + i
                s.multiply(s.channels, p.vectors, p.terms, &p.w, &p.dout, &p.planes, False)
            from_planes(&s, <const real *>dplanes.data, &dx[n, 0, 0, 0])
            n = take(&images.taken)


# Tiles that Winograd's products are computed for at a time, and filters: few enough for their values and sums to stay in
# the cache next to a processor core, and enough for whole tiles of the matrix product.
cdef enum: TILES = 64
cdef enum: FILTERS = 12

# Tiles whose products are added up before the next ones, for a filter's gradient.
cdef enum: GRADIENT_TILES = 64

# Numbers in a page of memory: what lies whole pages apart has the same few places in the cache.
cdef enum: CROWDED = 1024


cdef winograd describe_winograd(const real[:, :, :, ::1] x, const real[:, :, :, ::1] w, const real[:, :, :, ::1] out,
                                count pad, count lanes) noexcept:
    """Describe a layer of stride 1 to the kernels, but for its tables."""
    cdef winograd s
    cdef count tiles
    s.channels, s.height, s.width = x.shape[1], x.shape[2], x.shape[3]
    s.filters, s.window, s.pad = w.shape[0], w.shape[2], pad
    s.out_height, s.out_width = out.shape[2], out.shape[3]
    s.both = s.window == 3
    s.points = 36 if s.both else s.window + 3
    s.tiles_x = up(s.out_width, 4)
    s.tiles_y = up(s.out_height, 4) if s.both else s.out_height
    s.rows = 4 * s.tiles_y + 2 if s.both else s.out_height + s.window - 1
    s.pitch = 4 * (s.tiles_x + 2)  # a tile reaches into the next two
    tiles = s.tiles_y * s.tiles_x
    s.group = max(1, min(x.shape[0], TILES // max(tiles, 1))) if s.both else 1
    s.block = min(s.filters, FILTERS)
    s.part = (s.tiles_y + 1 if s.both else s.rows) * s.tiles_x + lanes
    s.plane = (s.group * tiles if s.both else s.rows * s.tiles_x) + lanes
    s.line = up(s.group * tiles, lanes) * lanes
    s.step = apart(s.channels * s.plane)
    s.factor_step = apart(s.filters * s.channels * (1 if s.both else s.window))
    return s


cdef inline count apart(count numbers) noexcept nogil:
    """Round up to whole pages of memory and a bit, so that what lies this far apart has places in the cache."""
    return up(numbers, CROWDED) * CROWDED + 2 * OVERHANG


def winograd_forward(const real[:, :, :, ::1] x, const real[:, :, :, ::1] w, const real[::1] b, count pad,
                     real[:, :, :, ::1] out, Turns groups):
    """Fill `out` as `conv_forward` does at stride 1, with fewer multiplications; filters are 3 x 3, 5 x 5 or 7 x 7."""
    cdef const kernel *chosen = choose()
    cdef count lanes = chosen.vector_bytes // <count>sizeof(real), n, images
    cdef winograd s = describe_winograd(x, w, out, pad, lanes)
    cdef count depth = s.channels * (1 if s.both else s.window), vectors = s.line // lanes
    cdef Memory tables = Memory(s.filters + 2 * depth + s.block + vectors, sizeof(count))
    cdef count *table = <count *>tables.data
    s.factor_row, table = table, tabulate(table, s.filters, depth)
    s.factor_column, table = table, tabulate(table, depth, 1)
    s.value_row, table = table, tabulate(table, s.channels, s.plane, 1 if s.both else s.window, s.tiles_x)
    s.sum_row, table = table, tabulate(table, s.block, s.line)
    s.vector, table = table, tabulate(table, vectors, lanes)
    cdef Memory factors = Memory(s.points * s.factor_step, sizeof(real))
    cdef Memory room = Memory(2 * s.rows * s.pitch + 5 * lanes + (4 if s.both else 1) * (s.window + 3) * s.part
                              + s.points * (s.step + s.block * s.line) + 32 * s.line, sizeof(real))
    with nogil:
        if real is float:
            chosen.factors_float(&s, &w[0, 0, 0, 0], <float *>factors.data)
        else:
            chosen.factors_double(&s, &w[0, 0, 0, 0], <double *>factors.data)
        n = take(&groups.taken) * s.group
        while n < x.shape[0]:
            images = min(s.group, x.shape[0] - n)
            if real is float:
                chosen.winograd_float(&s, &x[n, 0, 0, 0], images, <const float *>factors.data, &b[0], &out[n, 0, 0, 0],
                                      <float *>room.data)
            else:
                chosen.winograd_double(&s, &x[n, 0, 0, 0], images, <const double *>factors.data, &b[0], &out[n, 0, 0, 0],
                                       <double *>room.data)
            n = take(&groups.taken) * s.group


def winograd_weight_gradient(const real[:, :, :, ::1] dout, const real[:, :, :, ::1] x, const real[:, :, :, ::1] w,
                             count pad, real[:, :, ::1] sums, Turns parts):
    """Fill `sums` as `weight_gradient` does at stride 1, with fewer multiplications; filters are 3 x 3."""
    cdef const kernel *chosen = choose()
    cdef count lanes = chosen.vector_bytes // <count>sizeof(real), part, first, images, tiles, most
    cdef winograd_gradient s
    s.channels, s.height, s.width = x.shape[1], x.shape[2], x.shape[3]
    s.filters, s.out_height, s.out_width, s.pad = w.shape[0], dout.shape[2], dout.shape[3], pad
    s.tiles_y, s.tiles_x = up(s.out_height, 4), up(s.out_width, 4)
    most = up(x.shape[0], max(sums.shape[0], 1)) * s.tiles_y
    s.group = max(1, min(most, GRADIENT_TILES // s.tiles_x))
    tiles = s.group * s.tiles_x
    s.pixel_apart, s.dout_apart = up(s.channels, lanes) * lanes, sums.shape[2]
    s.pixel_step, s.dout_step = apart(tiles * s.pixel_apart), apart(tiles * s.dout_apart)
    s.sum_step = apart(s.channels * s.dout_apart)
    cdef Memory tables = Memory(2 * s.channels + 2 * tiles + s.dout_apart // lanes, sizeof(count))
    cdef count *table = <count *>tables.data
    s.channel, table = table, tabulate(table, s.channels, 1)
    s.pixel_tile, table = table, tabulate(table, tiles, s.pixel_apart)
    s.dout_tile, table = table, tabulate(table, tiles, s.dout_apart)
    s.sum_row, table = table, tabulate(table, s.channels, s.dout_apart)
    s.vector, table = table, tabulate(table, s.dout_apart // lanes, lanes)
    cdef Memory room = Memory((4 * s.tiles_y + 2) * (4 * s.tiles_x + 2) * s.pixel_apart
                              + 16 * s.tiles_y * s.tiles_x * s.dout_apart
                              + 36 * (s.pixel_step + s.dout_step + s.sum_step), sizeof(real))
    with nogil:
        part = take(&parts.taken)
        while part < sums.shape[0]:
            first = part * x.shape[0] // sums.shape[0]
            images = (part + 1) * x.shape[0] // sums.shape[0] - first
            if real is float:
                chosen.gradient_float(&s, &x[first, 0, 0, 0], &dout[first, 0, 0, 0], images, &sums[part, 0, 0],
                                      <float *>room.data)
            else:
                chosen.gradient_double(&s, &x[first, 0, 0, 0], &dout[first, 0, 0, 0], images, &sums[part, 0, 0],
                                       <double *>room.data)
            part = take(&parts.taken)


def pool_forward(const real[:, :, :, ::1] x, count height, count width, count stride, real[:, :, :, ::1] out,
                 unsigned char[:, :, :, ::1] winners, Turns images):
    """Fill `out`, shape (N, C, H', W'), with each window's maximum and `winners` with the cell that held it."""
    cdef const kernel *chosen = choose()
    cdef count n, c, row, column
    cdef pooling s
    s.pitch, s.height, s.width, s.stride, s.windows = x.shape[3], height, width, stride, out.shape[3]
    s.out_height = out.shape[2]
    s.line = s.windows + width // stride + OVERHANG
    cdef Memory lines = Memory(((s.out_height - 1) * stride + height) * stride * s.line, sizeof(real))
    cdef Memory cells = Memory(height * width, sizeof(count))
    cdef count *cell = <count *>cells.data
    s.cell = cell
    for row in range(height):
        for column in range(width):
            cell[row * width + column] = (row * stride + column % stride) * s.line + column // stride
    with nogil:
        n = take(&images.taken)
        while n < out.shape[0]:
            for c in range(out.shape[1]):
                if real is float:
                    chosen.pool_float(&s, &x[n, c, 0, 0], &out[n, c, 0, 0], &winners[n, c, 0, 0],
                                      <float *>lines.data)
                else:
                    chosen.pool_double(&s, &x[n, c, 0, 0], &out[n, c, 0, 0], &winners[n, c, 0, 0],
                                       <double *>lines.data)
            n = take(&images.taken)


def pool_backward(const real[:, :, :, ::1] dout, const unsigned char[:, :, :, ::1] winners, count height, count width,
                  count stride, real[:, :, :, ::1] dx, Turns images):
    """Fill `dx`, shape (N, C, H, W): each window's gradient goes to the cell that won it."""
    cdef const kernel *chosen = choose()
    cdef count n, c, size
    cdef bint usual = stride == 2 and height == width and (height == 2 or height == 3)
    cdef pooling s
    s.pitch, s.rows, s.height, s.width, s.stride = dx.shape[3], dx.shape[2], height, width, stride
    s.out_height, s.windows, s.border = dout.shape[2], dout.shape[3], (height - 1) // stride
    s.deep, s.line = s.border + up(s.rows, 2), up(up(s.pitch, 2), OVERHANG) * OVERHANG + 2 * OVERHANG
    size = s.deep * s.line
    cdef Memory room = Memory(2 * size if usual else 0, sizeof(real))
    cdef count away[256]  # how far each cell is from its window's first; a division for every window would cost most
    for n in range(height * width):
        away[n] = n // width * s.pitch + n % width
    if usual:
        memset(<real *>room.data + size, -1, size * sizeof(real))
    with nogil:
        n = take(&images.taken)
        while n < dx.shape[0]:
            for c in range(dx.shape[1]):
                if not usual:
                    scatter(&s, away, &dout[n, c, 0, 0], &winners[n, c, 0, 0], &dx[n, c, 0, 0])
                elif real is float:
                    chosen.pool_back_float(&s, &dout[n, c, 0, 0], &winners[n, c, 0, 0], &dx[n, c, 0, 0],
                                           <float *>room.data)
                else:
                    chosen.pool_back_double(&s, &dout[n, c, 0, 0], &winners[n, c, 0, 0], &dx[n, c, 0, 0],
                                            <double *>room.data)
            n = take(&images.taken)


cdef void scatter(const pooling *s, const count *away, const real *dout, const unsigned char *winners,
                  real *dx) noexcept nogil:
    """Add each gradient of one channel to the cell that won it, of windows of any size."""
    cdef count y, q
    memset(dx, 0, s.rows * s.pitch * sizeof(real))
    for y in range(s.out_height):
        for q in range(s.windows):
            dx[away[winners[q]] + q * s.stride] += dout[q]
        dout += s.windows
        winners += s.windows
        dx += s.stride * s.pitch


def kernels():
    """Name the kernels that this processor can run, the best first."""
    names = []
    while find_kernel(len(names)) is not NULL:
        names.append(find_kernel(<int>len(names)).name.decode())
    return names


cdef const kernel *choose() except NULL:
    """Give the kernel that ``FAST_LAYERS_KERNEL`` asks for, else the best."""
    asked = os.environ.get("FAST_LAYERS_KERNEL")
    if not asked:
        return find_kernel(0)
    if asked not in kernels():
        raise ValueError(f"FAST_LAYERS_KERNEL is {asked!r}; this processor can run {', '.join(kernels())} and numpy")
    return find_kernel(kernels().index(asked))


def kernel_name():
    """Name the kernel in use."""
    return choose().name.decode()
