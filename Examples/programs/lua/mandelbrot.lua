-- The Mandelbrot set as a portable bitmap.

local size = tonumber(arg[1])
io.write("P4\n", size, " ", size, "\n")
for y = 0, size - 1 do
    local ci, row, bits = 2 * y / size - 1, {}, 0
    for x = 0, size - 1 do
        local cr, zr, zi, inside = 2 * x / size - 1.5, 0.0, 0.0, 1
        for _ = 1, 50 do
            zr, zi = zr * zr - zi * zi + cr, 2 * zr * zi + ci
            if zr * zr + zi * zi > 4 then
                inside = 0
                break
            end
        end
        bits = bits << 1 | inside
        if x % 8 == 7 then
            row[#row + 1] = string.char(bits)
            bits = 0
        end
    end
    if size % 8 ~= 0 then row[#row + 1] = string.char(bits << (8 - size % 8)) end
    io.write(table.concat(row))
end
