/* The inner loops of the layers: the matrix product behind a convolution, and a row of max pooling. */

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

typedef struct {
    const char *name;
    int vector_bytes;
    product *multiply_float, *multiply_double;
} kernel;

/* The kernel with this number among those that this processor can run, the best being 0; NULL after the last. */
const kernel *find_kernel(int number);

/* Max pooling of windows of height x width pixels, `stride` apart, along one row of an image whose rows are `pitch` apart.
 * Writes each window's maximum and the number, counted row by row, of its cell that held it first; a NaN is larger than
 * all numbers. height * width is at most 256.
 */
void pool_row_float(const float *pixels, ptrdiff_t pitch, ptrdiff_t height, ptrdiff_t width, ptrdiff_t stride,
                    ptrdiff_t windows, float *out, unsigned char *winners);
void pool_row_double(const double *pixels, ptrdiff_t pitch, ptrdiff_t height, ptrdiff_t width, ptrdiff_t stride,
                     ptrdiff_t windows, double *out, unsigned char *winners);

/* The next number, from 0, that no thread has taken yet. */
static inline ptrdiff_t take(ptrdiff_t *taken)
{
    return __atomic_fetch_add(taken, 1, __ATOMIC_RELAXED);
}
