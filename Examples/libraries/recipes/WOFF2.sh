# The two libraries without their programs.
fetch woff2
keep . LICENSE include
keep src 'src/*.cc' 'src/*.h'
fetch brotli
keep brotli LICENSE c/include c/common c/dec c/enc
# Fonts in both forms.
fetch_files fonts-sil-padauk
keep data usr/share/fonts-sil-padauk/woff2/Padauk-Regular.woff2 usr/share/fonts/truetype/padauk/Padauk-Regular.ttf
fetch_files fonts-sil-gentiumplus
keep data usr/share/fonts-sil-gentiumplus/woff2/GentiumPlus-Italic.woff2
