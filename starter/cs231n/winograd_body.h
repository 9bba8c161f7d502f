/* Winograd's fast convolution for one number type and one instruction set, at stride 1; see docs/fast-layers.md.
 *
 * The output is cut into tiles of 4 neighbours in a row (4 x 4 pixels for filters of 3 x 3). All tiles go the same way,
 * so a vector holds one number of each of many tiles:
 *
 *   deal       pixel j of every tile, side by side:                  dealt[j][tile]
 *   pixels     Winograd's transform of the tiles:                    values[point][channel][tile]
 *   multiply   one small matrix product for each point:              sums[point][filter][tile]
 *   outputs    the transform back, which adds the bias:              lines[j][tile]
 *   weave      output j of every tile, back to their places in the image
 *
 * 3 x 3 filters are transformed both ways, 5 x 5 and 7 x 7 ones along x alone: their rows are added up by the product.
 */

/* Keeps a loop that copies from becoming a call of memcpy. */
#define APART __asm__ volatile("");
#define TERMS 64 /* of a sum that are added up before the next part of it begins */

/* Vectors that lie `from` numbers apart, as the transforms take them. */
TARGET static inline __attribute__((always_inline)) void NAME(load)(
    const int count, const REAL *source, ptrdiff_t apart, VECTOR *to)
{
    for (int i = 0; i < count; i++) to[i] = *(const VECTOR *)(source + i * apart);
}

/* Copy `count` numbers, a vector at a time: up to a vector's length more is copied, which is written again or never read. */
TARGET static inline __attribute__((always_inline)) void NAME(copy)(REAL *to, const REAL *from, ptrdiff_t count)
{
    for (ptrdiff_t i = 0; i < count; i += LANES) {
        *(VECTOR *)(to + i) = *(const VECTOR *)(from + i);
        APART
    }
}

/* Copy exactly `count` numbers. Rows are short: calling memcpy, which a compiler likes to, takes as long as copying. */
TARGET static inline __attribute__((always_inline)) void NAME(copy_row)(REAL *to, const REAL *from, ptrdiff_t count)
{
    ptrdiff_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        *(VECTOR *)(to + i) = *(const VECTOR *)(from + i);
        APART
    }
    for (; i < count; i++) {
        to[i] = from[i];
        APART
    }
}

/* Deal one channel of one image out: number t of row r of part j is pixel (r, 4 * t + j) of the padded image.
 *
 * `padded` holds the image in its border of zeros, which nothing but this writes to. Rows whose tiles follow one another are
 * packed end to end first, from pixel 4 * k on for parts 4 * k to 4 * k + 3, so that whole vectors are dealt even where rows
 * are short.
 */
TARGET static __attribute__((noinline)) void NAME(deal)(const winograd *s, const REAL *image, REAL *padded, REAL *packed, REAL *dealt)
{
    const ptrdiff_t parts = s->window + 3, across = 4 * s->tiles_x, rows_apart = s->both ? 4 : 1;
    for (ptrdiff_t y = 0; y < s->height; y++, image += s->width) {
        fetch(image + 2 * s->height * s->width, s->width * (ptrdiff_t)sizeof(REAL)); /* of the channel after the next */
        NAME(copy_row)(padded + (y + s->pad) * s->pitch + s->pad, image, s->width);
    }
    for (ptrdiff_t first = 0; first < rows_apart; first++)
        for (ptrdiff_t j = 0; j < parts; j += 4) {
            REAL *to = packed;
            for (ptrdiff_t r = first; r < s->rows; r += rows_apart, to += across)
                NAME(copy)(to, padded + r * s->pitch + j, across);
            const ptrdiff_t count = ((to - packed) / 4 + LANES - 1) / LANES * LANES;
            to = dealt + (first * parts + j) * s->part;
            if (parts - j >= 4) NAME(deal_row)(4, 4, packed, count, to, s->part);
            else NAME(deal_row)(2, 4, packed, count, to, s->part);
        }
}

/* Transform `count` tiles of one channel. Vectors may reach over the last; what is there belongs to tiles to come. */
TARGET static void NAME(pixels)(const winograd *s, const REAL *dealt, ptrdiff_t count, REAL *values, ptrdiff_t step)
{
    VECTOR d[36], t[36];
    for (ptrdiff_t q = 0; q < count; q += LANES) {
        if (s->both) {
            for (int i = 0; i < 6; i++)
                NAME(load)(6, dealt + i % 4 * 6 * s->part + i / 4 * s->tiles_x + q, s->part, d + 6 * i);
            UNROLL for (int j = 0; j < 6; j++) NAME(pixels_4_3)(d + j, 6, t + j, 6);
            UNROLL for (int i = 0; i < 6; i++) NAME(pixels_4_3)(t + 6 * i, 1, d + 6 * i, 1);
        } else if (s->window == 5) {
            NAME(load)(8, dealt + q, s->part, t);
            NAME(pixels_4_5)(t, 1, d, 1);
        } else {
            NAME(load)(10, dealt + q, s->part, t);
            NAME(pixels_4_7)(t, 1, d, 1);
        }
        for (ptrdiff_t point = 0; point < s->points; point++) *(VECTOR *)(values + point * step + q) = d[point];
    }
}

/* Transform the sums of `count` tiles of one filter back. */
TARGET static void NAME(outputs)(
    const winograd *s, const REAL *sums, ptrdiff_t step, ptrdiff_t count, REAL bias, REAL *lines)
{
    VECTOR d[36], t[24];
    for (ptrdiff_t q = 0; q < count; q += LANES) {
        if (s->both) {
            NAME(load)(36, sums + q, step, d);
            UNROLL for (int j = 0; j < 6; j++) NAME(outputs_4_3)(d + j, 6, t + j, 6);
            UNROLL for (int i = 0; i < 4; i++) NAME(outputs_4_3)(t + 6 * i, 1, d + 4 * i, 1);
        } else if (s->window == 5) {
            NAME(load)(8, sums + q, step, t);
            NAME(outputs_4_5)(t, 1, d, 1);
        } else {
            NAME(load)(10, sums + q, step, t);
            NAME(outputs_4_7)(t, 1, d, 1);
        }
        for (int j = 0; j < (s->both ? 16 : 4); j++) *(VECTOR *)(lines + j * s->line + q) = d[j] + bias;
    }
}

/* Put outputs together: number 4 * q + j is number q of line j. */
TARGET static __attribute__((noinline)) void NAME(weave)(const REAL *restrict lines, ptrdiff_t line, REAL *restrict woven)
{
    for (ptrdiff_t q = 0; q < line; q++)
        for (int j = 0; j < 4; j++) woven[4 * q + j] = lines[j * line + q];
}

/* Convolve `images` images, at most as many as s->group, with filters that `factors` has transformed. */
TARGET static void NAME(winograd)(
    const winograd *s, const REAL *x, ptrdiff_t images, const REAL *factors, const REAL *bias, REAL *out, REAL *room)
{
    const ptrdiff_t tiles = s->tiles_y * s->tiles_x, count = images * tiles, vectors = (count + LANES - 1) / LANES;
    const ptrdiff_t depth = s->channels * (s->both ? 1 : s->window), step = s->step;
    const ptrdiff_t sum_step = s->block * s->line, area = s->out_height * s->out_width;
    REAL *padded = room, *packed = padded + s->rows * s->pitch + LANES, *dealt = packed + s->rows * s->pitch + 4 * LANES;
    REAL *values = dealt + (s->both ? 4 : 1) * (s->window + 3) * s->part;
    REAL *sums = values + s->points * step, *lines = sums + s->points * sum_step;
    REAL *woven = lines + 16 * s->line;
    for (ptrdiff_t n = 0; n < images; n++)
        for (ptrdiff_t c = 0; c < s->channels; c++) {
            NAME(deal)(s, x + (n * s->channels + c) * s->height * s->width, padded, packed, dealt);
            NAME(pixels)(s, dealt, s->both ? tiles : s->part - LANES, values + c * s->plane + n * tiles, step);
        }
    for (ptrdiff_t first = 0; first < s->filters; first += s->block) {
        const ptrdiff_t filters = s->filters - first < s->block ? s->filters - first : s->block;
        for (ptrdiff_t point = 0; point < s->points; point++) {
            const REAL *left = factors + point * s->factor_step + first * depth;
            const matrix c = {sums + point * sum_step, s->sum_row, s->vector};
            /* In parts, for in a long sum each addition rounds a number that has grown large. */
            for (ptrdiff_t k = 0; k < depth; k += TERMS) {
                const matrix a = {(REAL *)left, s->factor_row, s->factor_column + k};
                const matrix b = {values + point * step, s->value_row + k, s->vector};
                NAME(multiply)(filters, vectors, depth - k < TERMS ? depth - k : TERMS, &a, &b, &c, k > 0);
            }
        }
        for (ptrdiff_t f = 0; f < filters; f++) {
            const REAL b = bias ? bias[first + f] : 0;
            NAME(outputs)(s, sums + f * s->line, sum_step, count, b, lines);
            for (int i = 0; i < (s->both ? 4 : 1); i++) NAME(weave)(lines + 4 * i * s->line, s->line, woven + 4 * i * s->line);
            for (ptrdiff_t n = 0; n < images; n++)
                for (ptrdiff_t y = 0; y < s->out_height; y++) {
                    const ptrdiff_t line = s->both ? y % 4 : 0, row = s->both ? y / 4 : y;
                    const REAL *from = woven + 4 * (line * s->line + n * tiles + row * s->tiles_x);
                    NAME(copy_row)(out + (n * s->filters + first + f) * area + y * s->out_width, from, s->out_width);
                }
        }
    }
}

/* Transform the filters: factors[point][filter][weight], where the weights of a filter that is transformed along x alone
 * are its channels and rows. They are computed in double, whatever REAL is.
 */
TARGET static inline __attribute__((always_inline)) void NAME(factors_of)(
    const int r, const int both, const double *g, const winograd *s, const REAL *w, REAL *factors)
{
    const int a = r + 3;
    const ptrdiff_t depth = s->channels * (both ? 1 : r);
    double along[10][7];
    for (ptrdiff_t f = 0; f < s->filters; f++)
        for (ptrdiff_t c = 0; c < s->channels; c++, w += r * r) {
            for (int p = 0; p < a; p++)
                for (int i = 0; i < r; i++) {
                    along[p][i] = 0;
                    for (int j = 0; j < r; j++) along[p][i] += g[p * r + j] * w[i * r + j];
                    if (!both) factors[p * s->factor_step + f * depth + c * r + i] = (REAL)along[p][i];
                }
            for (int q = 0; both && q < a; q++)
                for (int p = 0; p < a; p++) {
                    double sum = 0;
                    for (int i = 0; i < r; i++) sum += g[q * r + i] * along[p][i];
                    factors[(q * a + p) * s->factor_step + f * depth + c] = (REAL)sum;
                }
        }
}

TARGET static void NAME(factors)(const winograd *s, const REAL *w, REAL *factors)
{
    if (s->window == 3) NAME(factors_of)(3, 1, &NAME(weights_4_3)[0][0], s, w, factors);
    else if (s->window == 5) NAME(factors_of)(5, 0, &NAME(weights_4_5)[0][0], s, w, factors);
    else NAME(factors_of)(7, 0, &NAME(weights_4_7)[0][0], s, w, factors);
}
