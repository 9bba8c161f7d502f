/* One row of max pooling, for one number type and one instruction set.
 *
 * Several windows are worked on at once: a vector holds one pixel of each. Windows lie `stride` pixels apart and a vector
 * wants neighbours, so the rows are dealt out first, as one deals cards: pixel (r, stride * q + a) is number q of line
 * (r, a). Which number is the larger is not asked with `if`: nobody can foresee the answer, and a processor that guesses
 * wrong stands still for some 20 cycles. Instead a comparison gives all ones or all zeros, which choose between the two
 * numbers bit by bit.
 */

/* With steps that are constants compilers shuffle vectors. */
TARGET static inline __attribute__((always_inline)) void NAME(deal_row)(
    const ptrdiff_t stride, const REAL *restrict row, ptrdiff_t count, REAL *restrict lines, ptrdiff_t line)
{
    for (ptrdiff_t q = 0; q < count; q++)
        for (ptrdiff_t a = 0; a < stride; a++) lines[a * line + q] = row[q * stride + a];
}

TARGET static void NAME(pool)(const pooling *s, const REAL *pixels, REAL *out, unsigned char *winners, REAL *lines)
{
    /* All lines but the ends of the last ones are whole: beyond these a row may end. */
    const ptrdiff_t length = (s->windows - 1) * s->stride + s->width, whole = length / s->stride;
    const ptrdiff_t row = s->stride * s->line, cells = s->height * s->width;
    for (ptrdiff_t r = 0; r < (s->out_height - 1) * s->stride + s->height; r++, pixels += s->pitch) {
        REAL *to = lines + r * row;
        if (s->stride == 2) NAME(deal_row)(2, pixels, whole, to, s->line);
        else NAME(deal_row)(s->stride, pixels, whole, to, s->line);
        for (ptrdiff_t i = whole * s->stride; i < length; i++) to[(i - whole * s->stride) * s->line + whole] = pixels[i];
    }
    const REAL *end = out + s->out_height * s->windows;
    for (ptrdiff_t y = 0; y < s->out_height; y++, out += s->windows, winners += s->windows, lines += s->stride * row)
        for (ptrdiff_t left = 0; left < s->windows; left += LANES) {
            VECTOR best = *(const VECTOR *)(lines + left);
            WHOLE winner = {0}, cell = {0};
            for (ptrdiff_t i = 0; i < cells; i++) {
                const VECTOR rival = *(const VECTOR *)(lines + s->cell[i] + left);
                /* "Not at most" lets a NaN win; once it has, the best differs from itself and stays. */
                const WHOLE better = ~(WHOLE)(rival <= best) & (WHOLE)(best == best);
                best = (VECTOR)(((WHOLE)rival & better) | ((WHOLE)best & ~better));
                winner = (cell & better) | (winner & ~better);
                cell += 1;
            }
            /* What is written beyond the row belongs to rows to come, but for the last ones. */
            const ptrdiff_t rest = s->windows - left;
            if (end - out - left >= LANES) {
                *(VECTOR *)(out + left) = best;
                for (int i = 0; i < LANES; i++) winners[left + i] = (unsigned char)winner[i];
            } else {
                for (ptrdiff_t i = 0; i < (rest < LANES ? rest : LANES); i++) {
                    out[left + i] = best[i];
                    winners[left + i] = (unsigned char)winner[i];
                }
            }
        }
}
