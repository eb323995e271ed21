# The library itself, without the programs, tests and documentation around it.
fetch expat
keep . expat/COPYING
keep lib 'expat/lib/*.[ch]'
