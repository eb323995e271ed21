// Time limits: one POSIX timer a thread, whose signal stops sandboxed code wherever it stands.
//
// From the deadline on the signal comes every millisecond until it finds sandboxed code at a point where it can stop: the host
// is left to finish what it does. Where there is no sandbox to stop, the mark that the signal leaves refuses the next.

#if defined(__linux__)

#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

// Older C libraries lack the name.
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

/// Ignored where nobody handles it, so that one which comes late harms nothing.
#define DEADLINE_SIGNAL SIGURG
#define TICK_NANOSECONDS 1000000
#define SECOND ((uint64_t)1000000000)
/// The kernel counts in signed 64 bits.
#define LATEST ((uint64_t)INT64_MAX)

static struct sigaction previous;

static uint64_t monotonic_time(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

/// Ticks from that time on; 0 for never.
static bool arm(bulkhead_thread *thread, uint64_t time) {
    struct itimerspec setting = {0};
    if (time) {
        setting.it_value.tv_sec = (time_t)(time / SECOND);
        setting.it_value.tv_nsec = (long)(time % SECOND);
        setting.it_interval.tv_nsec = TICK_NANOSECONDS;
    }
    // Before the timer is set: its signal, which may come at once, has the last word.
    atomic_store_explicit(&thread->timer_expiry, time, memory_order_relaxed);
    if (timer_settime(thread->timer, TIMER_ABSTIME, &setting, 0) == 0) return true;
    atomic_store_explicit(&thread->timer_expiry, 0, memory_order_relaxed);
    return false;
}

/// Whether the timer fires at `time` or before. One that should have fired long ago has been kept from it: its signal is blocked.
static bool is_armed(bulkhead_thread *thread, uint64_t now, uint64_t time) {
    uint64_t expiry = atomic_load_explicit(&thread->timer_expiry, memory_order_relaxed);
    return expiry && expiry <= time && expiry + 10 * TICK_NANOSECONDS >= now;
}

static void pass_on(int signal, siginfo_t *info, void *context) {
    if (previous.sa_flags & SA_SIGINFO) {
        previous.sa_sigaction(signal, info, context);
    } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
        previous.sa_handler(signal);
    }
}

static void tick(int signal, siginfo_t *info, void *context) {
    bulkhead_thread *thread = &bulkhead_this_thread;
    if (info->si_code != SI_TIMER || info->si_value.sival_ptr != thread) {
        pass_on(signal, info, context);
        return;
    }
    int saved_errno = errno;
    // The signal may be a late one of a deadline that has ended.
    uint64_t deadline = atomic_load_explicit(&thread->deadline, memory_order_relaxed);
    if (!deadline) {
        arm(thread, 0);
    } else if (monotonic_time() < deadline) {
        // It was set for an earlier one.
        arm(thread, deadline);
    } else {
        atomic_store_explicit(&thread->is_overdue, true, memory_order_relaxed);
        bulkhead_activation *activation = thread->current;
        bool has_stopped = bulkhead_interrupt(thread, context);
        // With no sandbox under way the mark is enough.
        if (!activation || (has_stopped && !activation->previous)) arm(thread, 0);
    }
    errno = saved_errno;
}

static pthread_once_t install_once = PTHREAD_ONCE_INIT;
static int install_error;

/// A forked child has its parent's memory but not its timers.
static void forget_timer(void) {
    bulkhead_this_thread.timer_thread = 0;
    atomic_store_explicit(&bulkhead_this_thread.timer_expiry, 0, memory_order_relaxed);
}

static void install(void) {
    struct sigaction action = {.sa_sigaction = tick, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
    sigemptyset(&action.sa_mask);
    if (sigaction(DEADLINE_SIGNAL, &action, &previous) != 0) install_error = errno;
    pthread_atfork(0, 0, forget_timer);
}

static bool make_timer(bulkhead_thread *thread, bulkhead_error *error) {
    if (thread->timer_thread) return true;
    pid_t self = (pid_t)syscall(SYS_gettid);
    struct sigevent event = {
        .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = DEADLINE_SIGNAL, .sigev_value.sival_ptr = thread};
    event.sigev_notify_thread_id = self;
    if (timer_create(CLOCK_MONOTONIC, &event, &thread->timer) != 0)
        return bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "cannot make a timer: %s%s", strerror(errno),
                             errno == EAGAIN ? "; raise the limit on pending signals (ulimit -i)" : "");
    thread->timer_thread = self;
    return true;
}

void bulkhead_deadline_thread_exit(bulkhead_thread *thread) {
    if (thread->timer_thread) timer_delete(thread->timer);
}

static void change_mask(int how, sigset_t *old) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, DEADLINE_SIGNAL);
    pthread_sigmask(how, &set, old);
}

bool bulkhead_deadline_begin(bulkhead_deadline *deadline, uint64_t nanoseconds, bulkhead_error *error) {
    bulkhead_thread *thread = &bulkhead_this_thread;
    if (!thread->stack_top && !bulkhead_thread_prepare(thread))
        return bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "cannot make the thread's stacks for sandboxed code");
    pthread_once(&install_once, install);
    if (install_error)
        return bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "cannot install a handler for the timer's signal: %s",
                             strerror(install_error));
    uint64_t now = monotonic_time();
    uint64_t wanted = nanoseconds < LATEST - now ? now + nanoseconds : LATEST;
    *deadline = (bulkhead_deadline){.outer = thread->deadline};
    if (deadline->outer && deadline->outer <= wanted) return true;
    atomic_store(&thread->deadline, wanted);
    if (nanoseconds == 0) atomic_store(&thread->is_overdue, true);
    // In this order: a signal before the deadline was set may have stopped the timer, and one after it keeps it going.
    if (is_armed(thread, now, wanted)) return true;
    if (make_timer(thread, error)) {
        sigset_t old;
        sigemptyset(&old);
        change_mask(SIG_UNBLOCK, &old);
        deadline->was_blocked = sigismember(&old, DEADLINE_SIGNAL) == 1;
        if (arm(thread, wanted)) return true;
        bulkhead_fail(error, BULKHEAD_ERROR_SYSTEM, "cannot set a timer: %s", strerror(errno));
    }
    bulkhead_deadline_end(deadline);
    return false;
}

/// Returns whether a deadline ended: none began where the outer one was the nearer.
static bool bring_back(bulkhead_thread *thread, uint64_t outer) {
    if (thread->deadline == outer) return false;
    atomic_store(&thread->deadline, outer);
    // In this order: a signal meanwhile speaks of the outer deadline already, and what it says must not be lost.
    atomic_store(&thread->is_overdue, false);
    if (outer && monotonic_time() >= outer) atomic_store(&thread->is_overdue, true);
    return true;
}

void bulkhead_deadline_end(const bulkhead_deadline *deadline) {
    bulkhead_thread *thread = &bulkhead_this_thread;
    if (!bring_back(thread, deadline->outer)) return;
    // Even where the timer fires early enough: a signal that says nothing disturbs the host's waits.
    if (thread->timer_thread) arm(thread, deadline->outer);
    if (deadline->was_blocked) change_mask(SIG_BLOCK, 0);
}

void bulkhead_deadline_leave(const bulkhead_deadline *deadline) {
    bulkhead_thread *thread = &bulkhead_this_thread;
    if (!bring_back(thread, deadline->outer) || !deadline->outer || !thread->timer_thread) return;
    if (!is_armed(thread, monotonic_time(), deadline->outer)) arm(thread, deadline->outer);
}

#endif
