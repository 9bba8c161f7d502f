/* Winograd's transforms for one number type and one instruction set. Written by winograd_matrices.py. */

static const double NAME(weights_4_3)[6][3] = {{(2.), (0.), (0.)}, {(16. / 65), (24. / 65), (36. / 65)}, {(16. / 65), (-24. / 65), (36. / 65)}, {(-81. / 65), (-54. / 65), (-36. / 65)}, {(-81. / 65), (54. / 65), (-36. / 65)}, {(0.), (0.), (2.)}};
TARGET static inline __attribute__((always_inline)) void NAME(pixels_4_3)(
    const VECTOR *d, const ptrdiff_t from, VECTOR *v, const ptrdiff_t to)
{
    v[0] = (REAL)(1. / 2) * d[0 * from] + (REAL)(-97. / 72) * d[2 * from] + (REAL)(1. / 2) * d[4 * from];
    { const VECTOR even = (REAL)(-2. / 9) * d[2 * from] + (REAL)(1. / 2) * d[4 * from], odd = (REAL)(-1. / 3) * d[1 * from] + (REAL)(3. / 4) * d[3 * from]; v[1 * to] = even + odd; v[2 * to] = even - odd; }
    { const VECTOR even = (REAL)(-9. / 8) * d[2 * from] + (REAL)(1. / 2) * d[4 * from], odd = (REAL)(-3. / 4) * d[1 * from] + (REAL)(1. / 3) * d[3 * from]; v[3 * to] = even + odd; v[4 * to] = even - odd; }
    v[5 * to] = (REAL)(1. / 2) * d[1 * from] + (REAL)(-97. / 72) * d[3 * from] + (REAL)(1. / 2) * d[5 * from];
}
TARGET static inline __attribute__((always_inline)) void NAME(outputs_4_3)(
    const VECTOR *d, const ptrdiff_t from, VECTOR *v, const ptrdiff_t to)
{
    const VECTOR sum1 = d[1 * from] + d[2 * from], difference1 = d[1 * from] - d[2 * from];
    const VECTOR sum3 = d[3 * from] + d[4 * from], difference3 = d[3 * from] - d[4 * from];
    v[0 * to] = d[0] + sum1 + sum3;
    v[1 * to] = (REAL)(3. / 2) * difference1 + (REAL)(2. / 3) * difference3;
    v[2 * to] = (REAL)(9. / 4) * sum1 + (REAL)(4. / 9) * sum3;
    v[3 * to] = (REAL)(27. / 8) * difference1 + (REAL)(8. / 27) * difference3 + d[5 * from];
}
TARGET static inline __attribute__((always_inline)) void NAME(spread_4_3)(
    const VECTOR *d, const ptrdiff_t from, VECTOR *v, const ptrdiff_t to)
{
    v[0] = d[0 * from];
    { const VECTOR even = d[0 * from] + (REAL)(9. / 4) * d[2 * from], odd = (REAL)(3. / 2) * d[1 * from] + (REAL)(27. / 8) * d[3 * from]; v[1 * to] = even + odd; v[2 * to] = even - odd; }
    { const VECTOR even = d[0 * from] + (REAL)(4. / 9) * d[2 * from], odd = (REAL)(2. / 3) * d[1 * from] + (REAL)(8. / 27) * d[3 * from]; v[3 * to] = even + odd; v[4 * to] = even - odd; }
    v[5 * to] = d[3 * from];
}
TARGET static inline __attribute__((always_inline)) void NAME(gather_4_3)(
    const VECTOR *d, const ptrdiff_t from, VECTOR *v, const ptrdiff_t to)
{
    const VECTOR sum1 = d[1 * from] + d[2 * from], difference1 = d[1 * from] - d[2 * from];
    const VECTOR sum3 = d[3 * from] + d[4 * from], difference3 = d[3 * from] - d[4 * from];
    v[0 * to] = (REAL)(2.) * d[0] + (REAL)(16. / 65) * sum1 + (REAL)(-81. / 65) * sum3;
    v[1 * to] = (REAL)(24. / 65) * difference1 + (REAL)(-54. / 65) * difference3;
    v[2 * to] = (REAL)(36. / 65) * sum1 + (REAL)(-36. / 65) * sum3 + (REAL)(2.) * d[5 * from];
}

static const double NAME(weights_4_5)[8][5] = {{(-2.), (0.), (0.), (0.), (0.)}, {(-8. / 9), (-8. / 9), (-8. / 9), (-8. / 9), (-8. / 9)}, {(-8. / 9), (8. / 9), (-8. / 9), (8. / 9), (-8. / 9)}, {(2. / 45), (4. / 45), (8. / 45), (16. / 45), (32. / 45)}, {(2. / 45), (-4. / 45), (8. / 45), (-16. / 45), (32. / 45)}, {(128. / 45), (64. / 45), (32. / 45), (16. / 45), (8. / 45)}, {(128. / 45), (-64. / 45), (32. / 45), (-16. / 45), (8. / 45)}, {(0.), (0.), (0.), (0.), (2.)}};
TARGET static inline __attribute__((always_inline)) void NAME(pixels_4_5)(
    const VECTOR *d, const ptrdiff_t from, VECTOR *v, const ptrdiff_t to)
{
    v[0] = (REAL)(-1. / 2) * d[0 * from] + (REAL)(21. / 8) * d[2 * from] + (REAL)(-21. / 8) * d[4 * from] + (REAL)(1. / 2) * d[6 * from];
    { const VECTOR even = (REAL)(1. / 4) * d[2 * from] + (REAL)(-17. / 16) * d[4 * from] + (REAL)(1. / 4) * d[6 * from], odd = (REAL)(1. / 4) * d[1 * from] + (REAL)(-17. / 16) * d[3 * from] + (REAL)(1. / 4) * d[5 * from]; v[1 * to] = even + odd; v[2 * to] = even - odd; }
    { const VECTOR even = (REAL)(1. / 16) * d[2 * from] + (REAL)(-5. / 16) * d[4 * from] + (REAL)(1. / 4) * d[6 * from], odd = (REAL)(1. / 8) * d[1 * from] + (REAL)(-5. / 8) * d[3 * from] + (REAL)(1. / 2) * d[5 * from]; v[3 * to] = even + odd; v[4 * to] = even - odd; }
    { const VECTOR even = d[2 * from] + (REAL)(-5. / 4) * d[4 * from] + (REAL)(1. / 4) * d[6 * from], odd = (REAL)(1. / 2) * d[1 * from] + (REAL)(-5. / 8) * d[3 * from] + (REAL)(1. / 8) * d[5 * from]; v[5 * to] = even + odd; v[6 * to] = even - odd; }
    v[7 * to] = (REAL)(-1. / 2) * d[1 * from] + (REAL)(21. / 8) * d[3 * from] + (REAL)(-21. / 8) * d[5 * from] + (REAL)(1. / 2) * d[7 * from];
}
TARGET static inline __attribute__((always_inline)) void NAME(outputs_4_5)(
    const VECTOR *d, const ptrdiff_t from, VECTOR *v, const ptrdiff_t to)
{
    const VECTOR sum1 = d[1 * from] + d[2 * from], difference1 = d[1 * from] - d[2 * from];
    const VECTOR sum3 = d[3 * from] + d[4 * from], difference3 = d[3 * from] - d[4 * from];
    const VECTOR sum5 = d[5 * from] + d[6 * from], difference5 = d[5 * from] - d[6 * from];
    v[0 * to] = d[0] + sum1 + sum3 + sum5;
    v[1 * to] = difference1 + (REAL)(2.) * difference3 + (REAL)(1. / 2) * difference5;
    v[2 * to] = sum1 + (REAL)(4.) * sum3 + (REAL)(1. / 4) * sum5;
    v[3 * to] = difference1 + (REAL)(8.) * difference3 + (REAL)(1. / 8) * difference5 + d[7 * from];
}

static const double NAME(weights_4_7)[10][7] = {{(1024. / 225), (0.), (0.), (0.), (0.), (0.), (0.)}, {(512. / 32175), (1024. / 32175), (2048. / 32175), (4096. / 32175), (8192. / 32175), (16384. / 32175), (32768. / 32175)}, {(512. / 32175), (-1024. / 32175), (2048. / 32175), (-4096. / 32175), (8192. / 32175), (-16384. / 32175), (32768. / 32175)}, {(-8192. / 1575), (-4096. / 1575), (-2048. / 1575), (-1024. / 1575), (-512. / 1575), (-256. / 1575), (-128. / 1575)}, {(-8192. / 1575), (4096. / 1575), (-2048. / 1575), (1024. / 1575), (-512. / 1575), (256. / 1575), (-128. / 1575)}, {(8192. / 2475), (2048. / 825), (512. / 275), (384. / 275), (288. / 275), (216. / 275), (162. / 275)}, {(8192. / 2475), (-2048. / 825), (512. / 275), (-384. / 275), (288. / 275), (-216. / 275), (162. / 275)}, {(-8192. / 20475), (-2048. / 4095), (-512. / 819), (-640. / 819), (-800. / 819), (-1000. / 819), (-1250. / 819)}, {(-8192. / 20475), (2048. / 4095), (-512. / 819), (640. / 819), (-800. / 819), (1000. / 819), (-1250. / 819)}, {(0.), (0.), (0.), (0.), (0.), (0.), (4.)}};
TARGET static inline __attribute__((always_inline)) void NAME(pixels_4_7)(
    const VECTOR *d, const ptrdiff_t from, VECTOR *v, const ptrdiff_t to)
{
    v[0] = (REAL)(225. / 1024) * d[0 * from] + (REAL)(-6001. / 4096) * d[2 * from] + (REAL)(2793. / 1024) * d[4 * from] + (REAL)(-51. / 32) * d[6 * from] + (REAL)(1. / 4) * d[8 * from];
    { const VECTOR even = (REAL)(-225. / 4096) * d[2 * from] + (REAL)(361. / 1024) * d[4 * from] + (REAL)(-19. / 32) * d[6 * from] + (REAL)(1. / 4) * d[8 * from], odd = (REAL)(-225. / 2048) * d[1 * from] + (REAL)(361. / 512) * d[3 * from] + (REAL)(-19. / 16) * d[5 * from] + (REAL)(1. / 2) * d[7 * from]; v[1 * to] = even + odd; v[2 * to] = even - odd; }
    { const VECTOR even = (REAL)(-225. / 256) * d[2 * from] + (REAL)(2401. / 1024) * d[4 * from] + (REAL)(-49. / 32) * d[6 * from] + (REAL)(1. / 4) * d[8 * from], odd = (REAL)(-225. / 512) * d[1 * from] + (REAL)(2401. / 2048) * d[3 * from] + (REAL)(-49. / 64) * d[5 * from] + (REAL)(1. / 8) * d[7 * from]; v[3 * to] = even + odd; v[4 * to] = even - odd; }
    { const VECTOR even = (REAL)(-25. / 64) * d[2 * from] + (REAL)(489. / 256) * d[4 * from] + (REAL)(-93. / 64) * d[6 * from] + (REAL)(1. / 4) * d[8 * from], odd = (REAL)(-75. / 256) * d[1 * from] + (REAL)(1467. / 1024) * d[3 * from] + (REAL)(-279. / 256) * d[5 * from] + (REAL)(3. / 16) * d[7 * from]; v[5 * to] = even + odd; v[6 * to] = even - odd; }
    { const VECTOR even = (REAL)(-9. / 64) * d[2 * from] + (REAL)(217. / 256) * d[4 * from] + (REAL)(-77. / 64) * d[6 * from] + (REAL)(1. / 4) * d[8 * from], odd = (REAL)(-45. / 256) * d[1 * from] + (REAL)(1085. / 1024) * d[3 * from] + (REAL)(-385. / 256) * d[5 * from] + (REAL)(5. / 16) * d[7 * from]; v[7 * to] = even + odd; v[8 * to] = even - odd; }
    v[9 * to] = (REAL)(225. / 1024) * d[1 * from] + (REAL)(-6001. / 4096) * d[3 * from] + (REAL)(2793. / 1024) * d[5 * from] + (REAL)(-51. / 32) * d[7 * from] + (REAL)(1. / 4) * d[9 * from];
}
TARGET static inline __attribute__((always_inline)) void NAME(outputs_4_7)(
    const VECTOR *d, const ptrdiff_t from, VECTOR *v, const ptrdiff_t to)
{
    const VECTOR sum1 = d[1 * from] + d[2 * from], difference1 = d[1 * from] - d[2 * from];
    const VECTOR sum3 = d[3 * from] + d[4 * from], difference3 = d[3 * from] - d[4 * from];
    const VECTOR sum5 = d[5 * from] + d[6 * from], difference5 = d[5 * from] - d[6 * from];
    const VECTOR sum7 = d[7 * from] + d[8 * from], difference7 = d[7 * from] - d[8 * from];
    v[0 * to] = d[0] + sum1 + sum3 + sum5 + sum7;
    v[1 * to] = (REAL)(2.) * difference1 + (REAL)(1. / 2) * difference3 + (REAL)(3. / 4) * difference5 + (REAL)(5. / 4) * difference7;
    v[2 * to] = (REAL)(4.) * sum1 + (REAL)(1. / 4) * sum3 + (REAL)(9. / 16) * sum5 + (REAL)(25. / 16) * sum7;
    v[3 * to] = (REAL)(8.) * difference1 + (REAL)(1. / 8) * difference3 + (REAL)(27. / 64) * difference5 + (REAL)(125. / 64) * difference7 + d[9 * from];
}
