/* What the programs ask of POSIX that WASI preview 1 and its C library lack. Included before every file of a program that is
 * built to Wasm, so that no program need be changed. See posix.c for what each function does. */

#ifndef BULKHEAD_EXAMPLES_POSIX_H
#define BULKHEAD_EXAMPLES_POSIX_H

#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>

int chmod(const char *path, mode_t mode);
int fchmod(int fd, mode_t mode);
int chown(const char *path, uid_t owner, gid_t group);
int lchown(const char *path, uid_t owner, gid_t group);
int fchown(int fd, uid_t owner, gid_t group);
mode_t umask(mode_t mask);
char *realpath(const char *path, char *resolved);
uid_t getuid(void);
uid_t geteuid(void);

int system(const char *command);
FILE *popen(const char *command, const char *mode);
int pclose(FILE *stream);

/* Record locks are not there to be taken: `fcntl` refuses them. */
#define F_RDLCK 0
#define F_WRLCK 1
#define F_UNLCK 2
#define F_GETLK 12
#define F_SETLK 13
#define F_SETLKW 14

int getpagesize(void);

#define L_tmpnam 20
FILE *tmpfile(void);
char *tmpnam(char *name);
int mkstemp(char *name);

#endif
