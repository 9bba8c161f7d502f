/* The gradient of filters of 3 x 3 at stride 1 by Winograd's way, for one number type and one instruction set.
 *
 * Each tile of 4 x 4 outputs says how its 6 x 6 pixels change a filter: y = AT @ ((G @ w) * (BT @ pixels)) @ A both ways
 * gives dw = G.T @ ((A @ dout) * (BT @ pixels)), summed over all tiles. So, too, there is one matrix product for each of
 * 36 points, now over the tiles, and the transform back comes once, at the end. Vectors hold neighbouring channels here:
 *
 *   by_pixel   one pixel after another, with its channels side by side:   laid[y][x][channel]
 *   spread     the transforms of pixels and of dout:                      values[point][tile][channel]
 *   multiply   one small matrix product for each point:                   sums[point][channel][filter]
 *   gather     the transform back:                                        dw[channel][3 * i + j][filter]
 */

/* Lay an image out pixel by pixel, each of which takes `apart` numbers, inside a border of `pad` pixels. */
TARGET static __attribute__((noinline)) void NAME(by_pixel)(
    const REAL *image, ptrdiff_t channels, ptrdiff_t height, ptrdiff_t width, ptrdiff_t pad, ptrdiff_t pitch,
    ptrdiff_t apart, REAL *laid)
{
    const ptrdiff_t area = height * width;
    for (ptrdiff_t y = 0; y < height; y++) {
        REAL *row = laid + ((y + pad) * pitch + pad) * apart;
        ptrdiff_t c = 0;
        for (; c + 4 <= channels; c += 4) { /* four channels go to neighbouring places */
            const REAL *restrict from = image + c * area + y * width;
            REAL *restrict to = row + c;
            for (ptrdiff_t q = 0; q < width; q++)
                for (int j = 0; j < 4; j++) to[q * apart + j] = from[j * area + q];
        }
        for (; c < channels; c++)
            for (ptrdiff_t q = 0; q < width; q++) row[q * apart + c] = image[c * area + y * width + q];
    }
}

/* Transform a row of tiles: of pixels, 6 x 6 of each, or of dout, 4 x 4. */
TARGET static inline __attribute__((always_inline)) void NAME(spread)(
    const int side, const winograd_gradient *s, const REAL *row, ptrdiff_t pitch, ptrdiff_t apart, REAL *values,
    ptrdiff_t step)
{
    VECTOR d[36], t[36];
    for (ptrdiff_t tile = 0; tile < s->tiles_x; tile++, row += 4 * apart, values += apart)
        for (ptrdiff_t c = 0; c < apart; c += LANES) {
            for (int i = 0; i < side; i++) NAME(load)(side, row + i * pitch * apart + c, apart, d + 6 * i);
            if (side == 6) {
                UNROLL for (int j = 0; j < 6; j++) NAME(pixels_4_3)(d + j, 6, t + j, 6);
                UNROLL for (int i = 0; i < 6; i++) NAME(pixels_4_3)(t + 6 * i, 1, d + 6 * i, 1);
            } else {
                UNROLL for (int j = 0; j < 4; j++) NAME(spread_4_3)(d + j, 6, t + j, 6);
                UNROLL for (int i = 0; i < 6; i++) NAME(spread_4_3)(t + 6 * i, 1, d + 6 * i, 1);
            }
            for (int point = 0; point < 36; point++) *(VECTOR *)(values + point * step + c) = d[point];
        }
}

/* Transform the sums back to the gradients of the weights, a row of filters for each. */
TARGET static void NAME(gather)(const winograd_gradient *s, const REAL *sums, REAL *dw)
{
    VECTOR d[36], t[18];
    for (ptrdiff_t c = 0; c < s->channels; c++)
        for (ptrdiff_t f = 0; f < s->dout_apart; f += LANES) {
            NAME(load)(36, sums + c * s->dout_apart + f, s->sum_step, d);
            UNROLL for (int j = 0; j < 6; j++) NAME(gather_4_3)(d + j, 6, t + j, 6);
            UNROLL for (int i = 0; i < 3; i++) NAME(gather_4_3)(t + 6 * i, 1, d + 3 * i, 1);
            for (int i = 0; i < 9; i++) *(VECTOR *)(dw + (9 * c + i) * s->dout_apart + f) = d[i];
        }
}

/* Fill `dw` over `images` images: 9 rows for each channel, and last db. */
TARGET static void NAME(gradient)(
    const winograd_gradient *s, const REAL *x, const REAL *dout, ptrdiff_t images, REAL *dw, REAL *room)
{
    const ptrdiff_t pitch = 4 * s->tiles_x + 2, out_pitch = 4 * s->tiles_x, rows = images * s->tiles_y;
    REAL *laid = room, *dout_laid = laid + (4 * s->tiles_y + 2) * pitch * s->pixel_apart;
    REAL *values = dout_laid + 4 * s->tiles_y * out_pitch * s->dout_apart;
    REAL *dout_values = values + 36 * s->pixel_step, *sums = dout_values + 36 * s->dout_step;
    REAL *db = dw + 9 * s->channels * s->dout_apart;
    const matrix c = {NULL, s->sum_row, s->vector};
    for (ptrdiff_t f = 0; f < s->dout_apart; f++) db[f] = 0;
    for (ptrdiff_t first = 0; first < rows; first += s->group) {
        const ptrdiff_t some = rows - first < s->group ? rows - first : s->group, tiles = some * s->tiles_x;
        for (ptrdiff_t r = 0; r < some; r++) {
            const ptrdiff_t n = (first + r) / s->tiles_y, ty = (first + r) % s->tiles_y;
            if (ty == 0) {
                NAME(by_pixel)(x + n * s->channels * s->height * s->width, s->channels, s->height, s->width, s->pad,
                               pitch, s->pixel_apart, laid);
                NAME(by_pixel)(dout + n * s->filters * s->out_height * s->out_width, s->filters, s->out_height,
                               s->out_width, 0, out_pitch, s->dout_apart, dout_laid);
                for (ptrdiff_t f = 0; f < s->dout_apart; f += LANES) {
                    VECTOR sum = {0};
                    for (ptrdiff_t q = 0; q < s->out_height * out_pitch; q++)
                        sum += *(const VECTOR *)(dout_laid + q * s->dout_apart + f);
                    *(VECTOR *)(db + f) += sum;
                }
            }
            NAME(spread)(6, s, laid + 4 * ty * pitch * s->pixel_apart, pitch, s->pixel_apart,
                         values + r * s->tiles_x * s->pixel_apart, s->pixel_step);
            NAME(spread)(4, s, dout_laid + 4 * ty * out_pitch * s->dout_apart, out_pitch, s->dout_apart,
                         dout_values + r * s->tiles_x * s->dout_apart, s->dout_step);
        }
        for (ptrdiff_t point = 0; point < 36; point++) {
            const matrix a = {values + point * s->pixel_step, s->channel, s->pixel_tile};
            const matrix b = {dout_values + point * s->dout_step, s->dout_tile, s->vector};
            matrix to = c;
            to.data = sums + point * s->sum_step;
            NAME(multiply)(s->channels, s->dout_apart / LANES, tiles, &a, &b, &to, first > 0);
        }
    }
    NAME(gather)(s, sums, dw);
}
