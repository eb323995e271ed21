-- Files: writing, seeking, reading in every form, renaming, removing, and what can't be opened.

local file = io.open("numbers.txt", "w")
for i = 1, 1000 do file:write(i, " ", i * i, " ", i / 7, "\n") end
print(file:seek("cur"), file:seek("end"), file:close())

local lines, total = 0, 0
for line in io.lines("numbers.txt") do
    lines, total = lines + 1, total + #line
end
print(lines, total)

file = io.open("numbers.txt", "r+")
print(file:read("n", "n", "n", "l", "L", 5, "n"))
print(file:seek("set", 100), file:read("l"))
file:seek("end", -20)
print(file:read("a"))
file:seek("set", 0)
file:write("first line\n")
file:close()

local out = io.open("copy.bin", "wb")
for block in io.lines("numbers.txt", 777) do out:write(block) end
out:setvbuf("full", 1024)
out:close()
print(os.rename("copy.bin", "renamed.bin"), io.open("copy.bin"), os.remove("numbers.txt"))
-- The third is the error's number, which is another in WASI.
print((select(2, io.open("missing/file", "w"))))
print(io.type(out), io.type(io.stdout), io.type(1))

local append = io.open("renamed.bin", "ab")
append:write(("\0\1\2\255"):rep(1000))
append:close()
print(#io.open("renamed.bin", "rb"):read("a"))
io.stderr:write("to standard error\n")
os.exit(3, true)
