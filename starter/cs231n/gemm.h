/* The matrix product behind the convolution, compiled for several instruction sets.
 *
 *     c = a @ b         if add is 0
 *     c = c + a @ b     otherwise
 *
 * a is m x k, b is k x n and c is m x n. Element (i, p) of a lies at a[i * a_row + p * a_column], so a transposed
 * matrix is as good as any. Rows of b and c are contiguous, b_row and c_row numbers apart. Each row of b must be
 * readable, though its content does not matter, up to the next multiple of GEMM_PADDING numbers after n.
 */

#define GEMM_PADDING 64

typedef struct {
    const char *name;
    void (*multiply_float)(long m, long n, long k, const float *a, long a_row, long a_column,
                           const float *b, long b_row, float *c, long c_row, int add);
    void (*multiply_double)(long m, long n, long k, const double *a, long a_row, long a_column,
                            const double *b, long b_row, double *c, long c_row, int add);
} gemm_kernel;

/* The number-th best kernel that this processor can run, from 0; NULL after the last. */
const gemm_kernel *gemm_find(int number);
