fetch libogg
keep . COPYING
keep src 'src/*.[ch]'
keep include/ogg 'include/ogg/*.h'
