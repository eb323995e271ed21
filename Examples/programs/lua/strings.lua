-- Strings: patterns, formats, packing, UTF-8, and a count of the words of a file.

local file <close> = io.open(arg[1], "r")
local text = file:read("a")
print(#text, select(2, text:gsub("\n", "\n")))

local counts, words = {}, {}
for word in text:gmatch("%a+") do
    word = word:lower()
    if not counts[word] then
        counts[word] = 0
        words[#words + 1] = word
    end
    counts[word] = counts[word] + 1
end
table.sort(words, function(a, b)
    if counts[a] ~= counts[b] then return counts[a] > counts[b] end
    return a < b
end)
for i = 1, 25 do print(string.format("%-12s %6d %5.2f%%", words[i], counts[words[i]], 100 * counts[words[i]] / #words)) end

local plain = text:gsub("<[^>]*>", ""):gsub("&(%w+);", { lt = "<", gt = ">", amp = "&", nbsp = " " })
print(#plain, plain:sub(1000, 1200):gsub("%s+", " "))
print(text:find("function", 1, true), text:find("(%w+)%s*=%s*(%b())"))
print(("key = value; other=thing"):gsub("(%w+)%s*=%s*(%w+)", "%2=%1"))
print(("x"):rep(10, "-"), ("reverse"):reverse(), ("%d%%"):format(50), ("%q"):format("a\n\"b\"\0c"))
print(("%5s|%-5s|%05d|%+d|%x|%X|%o|%c|%e|%g|%a"):format("a", "b", 42, 42, 255, 255, 8, 65, 12345.678, 1e20, 1.5))

local packed = string.pack("<i4 >i8 z s2 d f", -2, 1 << 40, "zero", "counted", math.pi, 0.1)
print(#packed, packed:byte(1, -1))
print(string.unpack("<i4 >i8 z s2 d f", packed))

local accents = "naïve café — 日本語 🚢"
print(#accents, utf8.len(accents), utf8.char(0x1F6A2, 0x65E5), utf8.codepoint(accents, 1, 3))
for position, code in utf8.codes(accents) do io.write(position, ":", code, " ") end
print()

local parts = {}
for i = 1, 20000 do parts[#parts + 1] = ("%d:%s"):format(i, ("ab"):rep(i % 7)) end
local joined = table.concat(parts, ",")
local hash = 5381
for i = 1, #joined do hash = (hash * 33 + joined:byte(i)) & 0xffffffff end
print(#joined, hash)
