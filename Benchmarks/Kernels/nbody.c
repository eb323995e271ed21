// Five bodies under gravity.
#include "kernel.h"

typedef struct {
    double x, y, z, vx, vy, vz, mass;
} body;
enum { BODIES = 5 };
static body bodies[BODIES];

static NOINLINE void advance(double dt) {
    for (int i = 0; i < BODIES; i++) {
        body *p = &bodies[i];
        for (int j = i + 1; j < BODIES; j++) {
            body *q = &bodies[j];
            double dx = p->x - q->x, dy = p->y - q->y, dz = p->z - q->z;
            double square = dx * dx + dy * dy + dz * dz;
            double magnitude = dt / (square * __builtin_sqrt(square));
            p->vx -= dx * q->mass * magnitude;
            p->vy -= dy * q->mass * magnitude;
            p->vz -= dz * q->mass * magnitude;
            q->vx += dx * p->mass * magnitude;
            q->vy += dy * p->mass * magnitude;
            q->vz += dz * p->mass * magnitude;
        }
    }
    for (int i = 0; i < BODIES; i++) {
        bodies[i].x += dt * bodies[i].vx;
        bodies[i].y += dt * bodies[i].vy;
        bodies[i].z += dt * bodies[i].vz;
    }
}

u32 EXPORT(run)(u32 n) {
    for (int i = 0; i < BODIES; i++)
        bodies[i] = (body){i * 3.1 + 0.2, i * i * 1.7 - 2, 0.3 * i - 1, 0.1 * i, 0.4 - 0.2 * i, 0.05, 39. / (i * i * 9 + 1)};
    for (u32 round = 0; round < n; round++) advance(0.001);
    u32 sum = 0;
    for (int i = 0; i < BODIES; i++) sum = mix_double(mix_double(sum, bodies[i].x), bodies[i].vz);
    return sum;
}
