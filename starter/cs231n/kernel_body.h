/* The matrix product for one number type and one instruction set; kernels.c includes this text once for each pair.
 *
 * kernels.c says beforehand:
 *   NAME(word)  gives a function its own name, such as multiply_avx2_float
 *   TARGET      lets the compiler use this instruction set, and only in these functions
 *   REAL        float or double, INTEGER whole numbers of that size
 *   BYTES       the length of a vector register
 *   WIDE        how many vectors lie side by side in a tile
 *   STEPS       how far to unroll the loop along k
 */

/* Vectors as gcc and clang offer them: + and * work on all lanes at once. They may start at any number of an array. */
typedef REAL NAME(vector) __attribute__((vector_size(BYTES), aligned(sizeof(REAL)), may_alias));
#define VECTOR NAME(vector)

/* Whole numbers as long as a vector's. */
typedef INTEGER NAME(whole) __attribute__((vector_size(BYTES), aligned(sizeof(REAL)), may_alias));
#define WHOLE NAME(whole)
#define LANES (BYTES / (ptrdiff_t)sizeof(REAL))

/* The product is computed tile by tile. A tile of c, `rows` high and `wide` vectors wide, stays in registers while the
 * loop runs along k: each step loads one number from each row of the tile's part of a and `wide` vectors of b. So every
 * number that is loaded is used several times: with 6 rows of 4 vectors, 24 multiplications wait for only 10 loads.
 * Both sizes are constants wherever this function is called, so that every loop over them can be unrolled.
 */
TARGET static inline __attribute__((always_inline)) void NAME(tile)(
    const int rows, const int wide, ptrdiff_t k, const matrix *a, const matrix *b, const matrix *c,
    ptrdiff_t top, ptrdiff_t left, int add)
{
    const REAL *a_row[ROWS], *b_column[WIDEST];
    VECTOR sum[ROWS][WIDEST] = {0};
    UNROLL for (int i = 0; i < rows; i++) a_row[i] = (const REAL *)a->data + a->row[top + i];
    UNROLL for (int j = 0; j < wide; j++) b_column[j] = (const REAL *)b->data + b->column[left + j];

    const ptrdiff_t *a_column = a->column, *b_row = b->row;
    STEPS for (ptrdiff_t p = 0; p < k; p++) {
        if (wide > WIDE) { /* the other way round: keep the numbers of a, for there are fewer */
            REAL left[ROWS];
            UNROLL for (int i = 0; i < rows; i++) left[i] = a_row[i][a_column[p]];
            UNROLL for (int j = 0; j < wide; j++) {
                const VECTOR right = *(const VECTOR *)(b_column[j] + b_row[p]);
                UNROLL for (int i = 0; i < rows; i++) sum[i][j] += left[i] * right;
                IN_ORDER
            }
            continue;
        }
        VECTOR right[WIDE];
        UNROLL for (int j = 0; j < wide; j++) right[j] = *(const VECTOR *)(b_column[j] + b_row[p]);
        UNROLL for (int i = 0; i < rows; i++) {
            UNROLL for (int j = 0; j < wide; j++) sum[i][j] += a_row[i][a_column[p]] * right[j];
            IN_ORDER
        }
    }

    UNROLL for (int i = 0; i < rows; i++)
        UNROLL for (int j = 0; j < wide; j++) {
            VECTOR *place = (VECTOR *)((REAL *)c->data + c->row[top + i] + c->column[left + j]);
            if (add) sum[i][j] += *place;
            *place = sum[i][j];
        }
}

/* Tiles of every height, and at the right edge narrower ones, have code of their own. */
TARGET static void NAME(any_tile)(
    int rows, int wide, ptrdiff_t k, const matrix *a, const matrix *b, const matrix *c, ptrdiff_t top, ptrdiff_t left,
    int add)
{
#define TILE(rows, wide) \
    case rows * 8 + wide: NAME(tile)(rows, wide, k, a, b, c, top, left, add); break;
#define TILES(wide) TILE(1, wide) TILE(2, wide) TILE(3, wide) TILE(4, wide) TILE(5, wide) TILE(6, wide)
    switch (rows * 8 + wide) {
        TILES(1)
        TILES(2)
#if WIDE > 2
        TILES(4)
#endif
    }
#undef TILE
#undef TILES
}

#if WIDE < WIDEST
/* Few rows leave room for more vectors, and need them: a sum must be ready before more can be added to it. */
TARGET static __attribute__((noinline)) void NAME(low_tile)(
    int rows, ptrdiff_t k, const matrix *a, const matrix *b, const matrix *c, ptrdiff_t left, int add)
{
    switch (rows) {
    case 1: NAME(tile)(1, WIDEST, k, a, b, c, 0, left, add); break;
    case 2: NAME(tile)(2, WIDEST, k, a, b, c, 0, left, add); break;
    case 3: NAME(tile)(3, WIDEST, k, a, b, c, 0, left, add); break;
    }
}
#endif

TARGET static void NAME(multiply)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const matrix *a, const matrix *b, const matrix *c, int add)
{
    int wide = WIDE;
    ptrdiff_t left = 0;
#if WIDE < WIDEST
    if (m <= LOW)
        for (; left + WIDEST <= n; left += WIDEST) NAME(low_tile)((int)m, k, a, b, c, left, add);
#endif
    for (; left < n; left += wide) {
        while (wide > n - left) wide /= 2;
        /* Tiles of equal height, or nearly: 32 rows as 6 + 6 + 5 + 5 + 5 + 5, not as 5 * 6 + 2. */
        int rows;
        for (ptrdiff_t top = 0, tiles = (m + ROWS - 1) / ROWS; tiles > 0; tiles--, top += rows) {
            rows = (m - top + tiles - 1) / tiles;
            NAME(any_tile)(rows, wide, k, a, b, c, top, left, add);
        }
    }
}

/* Deal `count` times `apart` neighbours to lines, as one deals cards; of each round the first `hands` count. With constants
 * compilers shuffle vectors.
 */
TARGET static inline __attribute__((always_inline)) void NAME(deal_row)(
    const ptrdiff_t hands, const ptrdiff_t apart, const REAL *restrict row, ptrdiff_t count, REAL *restrict lines, ptrdiff_t line)
{
    for (ptrdiff_t q = 0; q < count; q++)
        for (ptrdiff_t a = 0; a < hands; a++) lines[a * line + q] = row[q * apart + a];
}

#include "winograd_matrices.h"
#include "winograd_body.h"
#include "winograd_gradient_body.h"
#include "pool_body.h"

#undef LANES
#undef TERMS
#undef APART

#undef VECTOR
#undef WHOLE
