# The libjpeg API without the programs, TurboJPEG and the parts in assembly; and some images for the tests.
fetch libjpeg-turbo
keep . LICENSE.md README.ijg 'j*.[ch]'
keep testimages 'testimages/*.jpg' testimages/testorig.ppm
