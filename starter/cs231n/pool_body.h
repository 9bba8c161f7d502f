/* One row of max pooling, for one number type; kernels.c includes this text once for each.
 *
 * kernels.c says beforehand:
 *   NAME(word)         gives a function its own name, such as pool_row_float
 *   REAL               float or double
 *   SPREAD(p, step)    a vector's numbers: p[0], p[step], p[2 * step], ...
 */

/* Several windows are worked on at once: a vector holds one pixel of each, and two vectors take turns, since the
 * processor would else wait for one's comparison before it can begin the next. Which number is the larger is not
 * asked with `if`: nobody can foresee the answer, and a processor that guesses wrong stands still for some 20 cycles.
 * Instead a comparison gives all ones or all zeros, which choose between the two numbers bit by bit.
 */
#define LANES ((ptrdiff_t)(16 / sizeof(REAL)))
#define VECTOR NAME(pool_vector)
typedef REAL VECTOR __attribute__((vector_size(16)));

void NAME(pool_row)(const REAL *pixels, ptrdiff_t pitch, ptrdiff_t height, ptrdiff_t width, ptrdiff_t stride,
                    ptrdiff_t windows, REAL *out, unsigned char *winners)
{
    /* Two vectors of neighbouring windows. In a row too short for that they overlap; in one too short for a single
     * vector all lanes do the same. */
    const ptrdiff_t lanes = windows < LANES ? 1 : LANES, step = windows < LANES ? 0 : stride;
    const ptrdiff_t second = windows < 2 * lanes ? windows - lanes : lanes;
    for (ptrdiff_t done = 0; done < windows; done += lanes + second) {
        /* The last ones begin earlier, to end with the row. */
        const ptrdiff_t left = done + lanes + second > windows ? windows - lanes - second : done;
        const REAL *window[2] = {pixels + left * stride, pixels + (left + second) * stride};
        VECTOR best[2] = {SPREAD(window[0], step), SPREAD(window[1], step)};
        bits winner[2] = {{0}, {0}}, cell = {0};
        for (ptrdiff_t row = 0; row < height; row++)
            for (ptrdiff_t column = 0; column < width; column++) {
                UNROLL for (int v = 0; v < 2; v++) {
                    const REAL *pixel = window[v] + row * pitch + column;
                    const VECTOR rival = SPREAD(pixel, step);
                    /* "Not at most" lets a NaN win; once it has, the best differs from itself and stays. */
                    const bits better = ~(bits)(rival <= best[v]) & (bits)(best[v] == best[v]);
                    best[v] = (VECTOR)(((bits)rival & better) | ((bits)best[v] & ~better));
                    winner[v] = (cell & better) | (winner[v] & ~better);
                }
                cell += 1;
            }
        UNROLL for (int v = 0; v < 2; v++)
            UNROLL for (int i = 0; i < LANES; i++) {
                if (i == lanes) break;
                out[left + v * second + i] = best[v][i];
                winners[left + v * second + i] = (unsigned char)winner[v][i * (int)(sizeof(REAL) / sizeof(int))];
            }
    }
}

#undef LANES
#undef VECTOR
