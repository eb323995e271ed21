// Iterations to escape over a grid of the complex plane.
#include "kernel.h"

u32 EXPORT(run)(u32 n) {
    u32 sum = 0;
    for (u32 py = 0; py < n; py++)
        for (u32 px = 0; px < 64; px++) {
            double cx = px * (3. / 64) - 2.25, cy = py * (2.5 / 64) - 1.25 - (py / 64) * 2.5;
            double x = 0, y = 0;
            u32 count = 0;
            while (count < 200) {
                double xx = x * x, yy = y * y;
                if (xx + yy > 4) break;
                y = 2 * x * y + cy;
                x = xx - yy + cx;
                count++;
            }
            sum = mix(sum, count);
        }
    return sum;
}
