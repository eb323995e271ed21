# libpng once more, with a hole that was there until 2004.
. "$here/recipes/PNG.sh"
rm -r images
patch -s -p1 <"$here/recipes/PlantedPNG-transparency.patch"
