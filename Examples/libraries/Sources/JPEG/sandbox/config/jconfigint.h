#define BUILD ""
#define PACKAGE_NAME "libjpeg-turbo"
#define VERSION "2.1.5"

#undef inline
#define INLINE inline __attribute__((always_inline))
#define THREAD_LOCAL

#define SIZEOF_SIZE_T __SIZEOF_SIZE_T__
#define HAVE_BUILTIN_CTZL
#define FALLTHROUGH __attribute__((fallthrough));

#ifdef __wasm__
// A machine of 64 bits whose pointers have 32, as x32 is: for that, the library gives its bit buffers 64 bits.
#define __x86_64__
#endif
