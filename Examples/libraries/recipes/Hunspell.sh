# The library without the program, and the dictionaries that it is tested with.
fetch hunspell
keep . license.hunspell
keep hunspell 'src/hunspell/*.[ch]xx' 'src/hunspell/*.h'
patch --silent -p1 <"$here/recipes/Hunspell-hash.patch"
keep data/tests 'tests/*.aff' 'tests/*.dic' 'tests/*.good' 'tests/*.wrong'
# A dictionary as people have it.
fetch_files hunspell-en-us
keep data usr/share/hunspell/en_US.aff usr/share/hunspell/en_US.dic
