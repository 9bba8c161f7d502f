/* One matrix product, for one number type and one instruction set; gemm.c includes this text once for each pair.
 *
 * gemm.c says beforehand:
 *   NAME(word)  gives a function its own name, such as multiply_avx2_float
 *   TARGET      allows the compiler this instruction set, and only here
 *   REAL        float or double
 *   BYTES       the length of a vector register
 *   WIDE        how many vectors lie side by side in a tile
 *
 * The product is computed tile by tile. A tile of c, ROWS high and WIDE vectors wide, stays in registers while the
 * loop runs along k: each step loads WIDE vectors from one row of b, and multiplies them by one number of each row
 * of a. So every number that is loaded is used several times, which is what makes a matrix product fast: with
 * 6 rows of 4 vectors, 24 multiplications wait for only 10 loads.
 */

#define LANES ((long)(BYTES / sizeof(REAL)))

/* Vectors as the compiler's own types: + and * work on all lanes. They may start at any address of a number. */
typedef REAL NAME(vector) __attribute__((vector_size(BYTES), aligned(sizeof(REAL)), may_alias));
#define VECTOR NAME(vector)

/* `rows` and `wide` are constants at every call, so that all loops over them are unrolled and `sum` is in registers. */
TARGET static inline __attribute__((always_inline)) void NAME(tile)(
    const int rows, const int wide, long k, const REAL *a, long a_row, long a_column, const REAL *b, long b_row,
    REAL *c, long c_row, int add)
{
    VECTOR sum[ROWS][WIDE];
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < wide; j++)
            sum[i][j] = add ? *(VECTOR *)(c + i * c_row + j * LANES) : (VECTOR){0};

    for (; k > 0; k--, a += a_column, b += b_row)
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < wide; j++)
                sum[i][j] += a[i * a_row] * *(const VECTOR *)(b + j * LANES);

    for (int i = 0; i < rows; i++)
        for (int j = 0; j < wide; j++)
            *(VECTOR *)(c + i * c_row + j * LANES) = sum[i][j];
}

/* A tile at the lower or right edge of c is smaller; every height has code of its own. */
TARGET static void NAME(any_tile)(
    int rows, int wide, long k, const REAL *a, long a_row, long a_column, const REAL *b, long b_row,
    REAL *c, long c_row, int add)
{
#define TILE(height)                                                                                   \
    case height:                                                                                       \
        if (wide == WIDE) NAME(tile)(height, WIDE, k, a, a_row, a_column, b, b_row, c, c_row, add);     \
        else NAME(tile)(height, WIDE / 2, k, a, a_row, a_column, b, b_row, c, c_row, add);              \
        break;
    switch (rows) { TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6) }
#undef TILE
}

TARGET static void NAME(multiply)(
    long m, long n, long k, const REAL *a, long a_row, long a_column, const REAL *b, long b_row,
    REAL *c, long c_row, int add)
{
    for (long j = 0; j < n;) {
        const int wide = n - j > WIDE / 2 * LANES ? WIDE : WIDE / 2;
        const long columns = n - j < wide * LANES ? n - j : wide * LANES;
        for (long i = 0; i < m; i += ROWS) {
            const int rows = m - i < ROWS ? m - i : ROWS;
            const REAL *a_tile = a + i * a_row;
            REAL *c_tile = c + i * c_row + j;
            if (columns == wide * LANES) {
                NAME(any_tile)(rows, wide, k, a_tile, a_row, a_column, b + j, b_row, c_tile, c_row, add);
                continue;
            }
            /* c ends within this tile: compute it on the side and copy what belongs to c. */
            REAL side[ROWS * WIDE * LANES];
            NAME(any_tile)(rows, wide, k, a_tile, a_row, a_column, b + j, b_row, side, wide * LANES, 0);
            for (int r = 0; r < rows; r++)
                for (long q = 0; q < columns; q++)
                    c_tile[r * c_row + q] = side[r * wide * LANES + q] + (add ? c_tile[r * c_row + q] : 0);
        }
        j += columns;
    }
}

#undef VECTOR
#undef LANES
