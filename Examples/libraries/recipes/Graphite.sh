# The library, and from its own tests fonts and texts in several scripts.
fetch graphite2
keep . COPYING LICENSE include
keep src 'src/*.cpp'
keep src/inc 'src/inc/*.h'
keep data/texts 'tests/texts/*.txt'
keep data/fonts tests/fonts/Scheherazadegr.ttf tests/fonts/charis_r_gr.ttf tests/fonts/Annapurnarc2.ttf \
    tests/fonts/Awami_compressed_test.ttf
# Fonts as people have them.
fetch_files fonts-sil-padauk
keep data/fonts usr/share/fonts/truetype/padauk/Padauk-Regular.ttf
fetch_files fonts-sil-awami-nastaliq
keep data/fonts usr/share/fonts/truetype/awami/AwamiNastaliq-Regular.ttf
