// System calls about memory that fail when a test says so. The definitions here take the C library's place in a program that this is linked to.

#ifndef FAULTS_H
#define FAULTS_H

/// Of the calls of `mmap`, `mprotect` and `madvise` on this thread, the one to fail, counted from 1; 0 for none.
void fail_system_call(int number);
/// The number that `fail_system_call` would have to be given now for the same call; 0 if it has failed.
int failing_system_call(void);

#endif
