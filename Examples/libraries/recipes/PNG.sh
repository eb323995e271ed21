# libpng without its programs, zlib without files; and images for the tests, some of which were made to crash decoders.
fetch libpng1.6
keep png 'LICENSE' 'png*.[ch]'
rm png/pngtest.c
# As it is configured by default, but for what needs longjmp.
sed -e '/PNG_SETJMP_SUPPORTED/d' -e '/PNG_SIMPLIFIED_/d' -e '/PNG_FORMAT_/d' "$source/scripts/pnglibconf.h.prebuilt" >png/pnglibconf.h
keep images 'contrib/pngsuite/*.png' pngtest.png pngbar.png contrib/testpngs/crashers
fetch zlib
keep zlib LICENSE '*.[ch]'
rm zlib/gz*.c
