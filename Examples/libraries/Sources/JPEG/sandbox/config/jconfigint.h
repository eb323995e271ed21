#define BUILD ""
#define PACKAGE_NAME "libjpeg-turbo"
#define VERSION "2.1.5"

#undef inline
#define INLINE inline __attribute__((always_inline))
#define THREAD_LOCAL

#define SIZEOF_SIZE_T __SIZEOF_SIZE_T__
#define HAVE_BUILTIN_CTZL
#define FALLTHROUGH __attribute__((fallthrough));
