/* The inner loops of the layers: the matrix product behind a convolution, and max pooling there and back. */

#include <stddef.h>

/* A matrix whose element (i, j) lies row[i] + column[j] numbers after `data`.
 *
 * With the two tables one product serves matrices that are laid out row by row, transposed matrices, and those that
 * exist nowhere as such: the windows of an image, a column for each, are the image itself and two tables.
 */
typedef struct {
    void *data;
    const ptrdiff_t *row, *column;
} matrix;

/* c = a @ b, or c += a @ b if `add`. a is m x k, b is k x n vectors and c is m x n vectors: column[j] of b and
 * of c is where vector j begins in every row.
 */
typedef void product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const matrix *a, const matrix *b, const matrix *c, int add);

/* What Winograd's convolution knows of a layer; made by `describe_winograd` in the extension. */
typedef struct {
    ptrdiff_t channels, height, width, filters, window, pad, out_height, out_width;
    int both;                       /* transformed along y, too */
    ptrdiff_t points, tiles_y, tiles_x;
    ptrdiff_t rows, pitch;          /* of a padded image as far as tiles reach */
    ptrdiff_t group, block;         /* images and filters that are worked on together */
    ptrdiff_t part, plane, line;    /* numbers of one part of a dealt image, of one channel, of one line of outputs */
    ptrdiff_t step, factor_step;    /* numbers from point to point; no power of two, which would crowd the cache's sets */
    const ptrdiff_t *factor_row, *factor_column, *value_row, *sum_row, *vector;
} winograd;

/* What it knows of the gradient of a layer's filters; made by `winograd_weight_gradient`. */
typedef struct {
    ptrdiff_t channels, height, width, filters, pad, out_height, out_width, tiles_y, tiles_x;
    ptrdiff_t group;                    /* rows of tiles that are worked on together */
    ptrdiff_t pixel_apart, dout_apart;  /* numbers from pixel to pixel: whole vectors */
    ptrdiff_t pixel_step, dout_step, sum_step; /* numbers from point to point */
    const ptrdiff_t *channel, *pixel_tile, *dout_tile, *sum_row, *vector;
} winograd_gradient;

typedef void winograd_float(const winograd *s, const float *x, ptrdiff_t images, const float *factors, const float *bias,
                            float *out, float *room);
typedef void winograd_double(const winograd *s, const double *x, ptrdiff_t images, const double *factors,
                             const double *bias, double *out, double *room);
typedef void factors_float(const winograd *s, const float *w, float *factors);
typedef void factors_double(const winograd *s, const double *w, double *factors);

typedef void gradient_float(const winograd_gradient *s, const float *x, const float *dout, ptrdiff_t images, float *dw,
                            float *room);
typedef void gradient_double(const winograd_gradient *s, const double *x, const double *dout, ptrdiff_t images, double *dw,
                             double *room);

/* Max pooling of windows of height x width pixels, `stride` apart, along a row of an image whose rows are `pitch` apart.
 * Pixels are dealt to `stride` lines for each row, of which cell[i] is where cell i of the first window lies.
 */
typedef struct {
    ptrdiff_t pitch, height, width, stride, out_height, windows, line;
    const ptrdiff_t *cell;
    ptrdiff_t rows, border, deep; /* backward: of the image, around dout, of dout in its border */
} pooling;

/* Write each window's maximum and the number, counted row by row, of its cell that held it first; a NaN is larger than
 * all numbers. height * width is at most 256.
 */
typedef void pool_float(const pooling *s, const float *pixels, float *out, unsigned char *winners, float *lines);
typedef void pool_double(const pooling *s, const double *pixels, double *out, unsigned char *winners, double *lines);

/* Give each window's gradient to the cell that won it. */
typedef void pool_back_float(const pooling *s, const float *dout, const unsigned char *winners, float *dx, float *room);
typedef void pool_back_double(const pooling *s, const double *dout, const unsigned char *winners, double *dx, double *room);

typedef struct {
    const char *name;
    int vector_bytes;
    product *multiply_float, *multiply_double;
    winograd_float *winograd_float;
    winograd_double *winograd_double;
    factors_float *factors_float;
    factors_double *factors_double;
    gradient_float *gradient_float;
    gradient_double *gradient_double;
    pool_float *pool_float;
    pool_double *pool_double;
    pool_back_float *pool_back_float;
    pool_back_double *pool_back_double;
} kernel;

/* The kernel with this number among those that this processor can run, the best being 0; NULL after the last. */
const kernel *find_kernel(int number);

/* Ask for memory that is needed a little later. Who waits for it then, does nothing meanwhile. */
static inline void fetch(const void *data, ptrdiff_t bytes)
{
    for (ptrdiff_t i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)data + i);
}

/* The next number, from 0, that no thread has taken yet. */
static inline ptrdiff_t take(ptrdiff_t *taken)
{
    return __atomic_fetch_add(taken, 1, __ATOMIC_RELAXED);
}
