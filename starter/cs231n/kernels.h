/* The matrix product behind the convolution, compiled for several instruction sets. */

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
