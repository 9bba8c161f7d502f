/* Max pooling and its gradient, for one number type and one instruction set.
 *
 * Several windows are worked on at once: a vector holds one pixel of each. Windows lie `stride` pixels apart and a vector
 * wants neighbours, so the rows are dealt out first, as one deals cards: pixel (r, stride * q + a) is number q of line
 * (r, a). Which number is the larger is not asked with `if`: nobody can foresee the answer, and a processor that guesses
 * wrong stands still for some 20 cycles. Instead a comparison gives all ones or all zeros, which choose between the two
 * numbers bit by bit.
 */

/* Let a rival, which comes later in reading order, have the place if it is better. */
TARGET static inline __attribute__((always_inline)) void NAME(duel)(
    VECTOR *best, WHOLE *winner, const VECTOR rival, const WHOLE cell)
{
    /* "Not at most" lets a NaN win; once it has, the best differs from itself and stays. */
    const WHOLE better = ~(WHOLE)(rival <= *best) & (WHOLE)(*best == *best);
    *best = (VECTOR)(((WHOLE)rival & better) | ((WHOLE)*best & ~better));
    *winner = (cell & better) | (*winner & ~better);
}

/* Find the winners of all windows of one channel, whose pixels have been dealt out. The rows of a window have winners of
 * their own first, for which no duel waits for that of another row.
 */
TARGET static inline __attribute__((always_inline)) void NAME(compete)(
    const ptrdiff_t height, const ptrdiff_t width, const pooling *s, const REAL *lines, REAL *out, unsigned char *winners)
{
    const REAL *end = out + s->out_height * s->windows;
    for (ptrdiff_t y = 0; y < s->out_height; y++, out += s->windows, winners += s->windows, lines += s->stride * s->stride * s->line)
        for (ptrdiff_t left = 0; left < s->windows; left += LANES) {
            const REAL *window = lines + left;
            VECTOR best = {0};
            WHOLE winner = {0};
            for (ptrdiff_t i = 0; i < height; i++) {
                VECTOR of_row = *(const VECTOR *)(window + s->cell[i * width]);
                WHOLE cell = (WHOLE){0} + (INTEGER)(i * width);
                for (ptrdiff_t j = 1; j < width; j++)
                    NAME(duel)(&of_row, &cell, *(const VECTOR *)(window + s->cell[i * width + j]),
                               (WHOLE){0} + (INTEGER)(i * width + j));
                if (i == 0) best = of_row, winner = cell;
                else NAME(duel)(&best, &winner, of_row, cell);
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

TARGET static void NAME(pool)(const pooling *s, const REAL *pixels, REAL *out, unsigned char *winners, REAL *lines)
{
    /* All lines but the ends of the last ones are whole: beyond these a row may end. */
    const ptrdiff_t length = (s->windows - 1) * s->stride + s->width, whole = length / s->stride;
    const ptrdiff_t vectors = (whole + LANES - 1) / LANES * LANES; /* whole ones, where the image goes on as far */
    const ptrdiff_t rows = (s->out_height - 1) * s->stride + s->height;
    const REAL *end = pixels + rows * s->pitch;
    REAL *to = lines;
    for (ptrdiff_t r = 0; r < rows; r++, pixels += s->pitch, to += s->stride * s->line) {
        fetch(pixels + rows * s->pitch, length * (ptrdiff_t)sizeof(REAL));
        if (s->stride == 2) NAME(deal_row)(2, 2, pixels, end - pixels < 2 * vectors ? whole : vectors, to, s->line);
        else NAME(deal_row)(s->stride, s->stride, pixels, whole, to, s->line);
        for (ptrdiff_t i = whole * s->stride; i < length; i++) to[(i - whole * s->stride) * s->line + whole] = pixels[i];
    }
    if (s->height == 2 && s->width == 2) NAME(compete)(2, 2, s, lines, out, winners);
    else if (s->height == 3 && s->width == 3) NAME(compete)(3, 3, s, lines, out, winners);
    else NAME(compete)(s->height, s->width, s, lines, out, winners);
}

/* The gradient of windows of 2 x 2 or 3 x 3 at stride 2.
 *
 * Who hands gradients out one by one waits for each address. So pixels collect theirs: a vector holds pixels (2 * t + b,
 * 2 * q + a) for neighbouring q, and compares who won the windows that hold them with the pixels' own cell there. Windows are
 * asked in reading order, which is that of cells backward, so that sums round as in plain loops.
 */
TARGET static inline __attribute__((always_inline)) VECTOR NAME(collected)(
    const int size, const int b, const int a, ptrdiff_t line, const REAL *given, const INTEGER *won)
{
    VECTOR sum = {0};
    UNROLL for (int i = b + 2 * ((size - 1 - b) / 2); i >= 0; i -= 2)
        UNROLL for (int j = a + 2 * ((size - 1 - a) / 2); j >= 0; j -= 2) {
            const ptrdiff_t window = -(i / 2) * line - j / 2;
            const WHOLE mine = *(const WHOLE *)(won + window) == size * i + j;
            sum += (VECTOR)(*(const WHOLE *)(given + window) & mine);
        }
    return sum;
}

/* Put neighbours together in a row of which `left` numbers are to come, in an image of which `rest` are. What goes beyond
 * the row is written again, but for the last rows.
 */
TARGET static inline __attribute__((always_inline)) void NAME(weave_pair)(
    const VECTOR even, const VECTOR odd, REAL *row, ptrdiff_t left, ptrdiff_t rest)
{
    REAL woven[2 * LANES], *to = rest >= 2 * LANES ? row : woven;
    for (int i = 0; i < LANES; i++) to[2 * i] = even[i], to[2 * i + 1] = odd[i];
    for (ptrdiff_t i = 0; to == woven && i < left && i < 2 * LANES; i++) row[i] = woven[i];
}

TARGET static inline __attribute__((always_inline)) void NAME(collect)(
    const int size, const pooling *s, const REAL *given, const INTEGER *won, REAL *dx)
{
    const ptrdiff_t line = s->line, pitch = s->pitch;
    const REAL *end = dx + s->rows * pitch;
    for (; dx < end; dx += 2 * pitch, given += line, won += line)
        for (ptrdiff_t q = (pitch - 1) / 2 / LANES * LANES; q >= 0; q -= LANES) { /* backward: rows' ends first, which go beyond */
            REAL *row = dx + 2 * q;
            NAME(weave_pair)(NAME(collected)(size, 0, 0, line, given + q, won + q),
                             NAME(collected)(size, 0, 1, line, given + q, won + q), row, pitch - 2 * q, end - row);
            row += pitch;
            if (row < end)
                NAME(weave_pair)(NAME(collected)(size, 1, 0, line, given + q, won + q),
                                 NAME(collected)(size, 1, 1, line, given + q, won + q), row, pitch - 2 * q, end - row);
        }
}

/* The gradient of one channel. `room` holds dout and the winners, in a border that nobody won. */
TARGET static void NAME(pool_back)(
    const pooling *s, const REAL *dout, const unsigned char *winners, REAL *dx, REAL *room)
{
    const ptrdiff_t windows = s->windows, line = s->line;
    const REAL *end = dout + s->out_height * windows;
    REAL *given = room + s->border * line + LANES;
    INTEGER *won = (INTEGER *)given + s->deep * line;
    for (; dout < end; dout += windows, winners += windows, given += line, won += line) {
        for (ptrdiff_t q = 0; q < windows; q += LANES)
            if (end - dout - q >= LANES) {
                WHOLE wide;
                for (int i = 0; i < LANES; i++) wide[i] = winners[q + i];
                *(WHOLE *)(won + q) = wide;
                *(VECTOR *)(given + q) = *(const VECTOR *)(dout + q);
            } else
                for (ptrdiff_t i = q; i < windows; i++) {
                    won[i] = winners[i];
                    given[i] = dout[i];
                }
        *(WHOLE *)(won + windows) = (WHOLE){0} - 1; /* what was copied beyond the row */
    }
    given = room + s->border * line + LANES;
    won = (INTEGER *)given + s->deep * line;
    if (s->height == 2) NAME(collect)(2, s, given, won, dx);
    else NAME(collect)(3, s, given, won, dx);
}
