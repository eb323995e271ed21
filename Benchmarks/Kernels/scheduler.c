// Tasks of four kinds that pass packets to each other, run by priority: calls through a table, as in the Richards benchmark.
#include "kernel.h"

enum { TASKS = 12, PACKETS = 64 };
typedef struct packet {
    struct packet *next;
    u32 value, target;
} packet;
typedef struct task task;
struct task {
    u32 (*step)(task *, packet *);
    packet *queue;
    u32 state, count, priority;
};

static task tasks[TASKS];
static packet packets[PACKETS];

static void send(packet *p, u32 target) {
    packet **last = &tasks[target].queue;
    while (*last) last = &(*last)->next;
    p->next = 0;
    p->target = target;
    *last = p;
}

static u32 idle(task *self, packet *p) {
    self->state = self->state & 1 ? self->state >> 1 ^ 0xD008u : self->state >> 1;
    send(p, (self->state + 1) % TASKS);
    return self->state;
}

static u32 worker(task *self, packet *p) {
    self->state++;
    p->value = mix(p->value, self->state);
    send(p, (p->target + 1) % TASKS);
    return p->value;
}

static u32 handler(task *self, packet *p) {
    self->state = mix(self->state, p->value);
    send(p, p->value & 1 ? 0 : (self->state >> 9) % TASKS);
    return self->state;
}

static u32 device(task *self, packet *p) {
    if (self->state++ & 3) send(p, (p->target + 5) % TASKS);
    else send(p, (p->value >> 5) % TASKS);
    return p->value;
}

static NOINLINE u32 schedule(u32 steps) {
    u32 sum = 0;
    while (steps--) {
        task *best = 0;
        for (int i = 0; i < TASKS; i++)
            if (tasks[i].queue && (!best || tasks[i].priority + tasks[i].count / 64 < best->priority + best->count / 64))
                best = &tasks[i];
        packet *p = best->queue;
        best->queue = p->next;
        best->count++;
        sum = mix(sum, best->step(best, p));
    }
    return sum;
}

u32 EXPORT(run)(u32 n) {
    static u32 (*const kinds[])(task *, packet *) = {idle, worker, handler, device};
    u32 sum = 0;
    for (u32 round = 0; round < n; round++) {
        for (u32 i = 0; i < TASKS; i++) tasks[i] = (task){kinds[i & 3], 0, i + round, 0, i * 3 % 7};
        for (u32 i = 0; i < PACKETS; i++) {
            packets[i].value = i;
            send(&packets[i], i % TASKS);
        }
        sum = mix(sum, schedule(2000));
    }
    return sum;
}
