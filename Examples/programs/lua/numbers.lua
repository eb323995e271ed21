-- Numbers: what integers and floats print as, and a few computations in floating point.

print(1e15, 1e16, 1e100, 0.1, 1 / 3, -0.0, 1 / 0, -1 / 0, 2 ^ 53, 2 ^ 63, 123456789012345678)
print(math.maxinteger, math.mininteger, math.maxinteger + 1 == math.mininteger, math.tointeger(3.0), 7 // 2, -7 // 2, 7 % -3, -7 % 3, 7.5 // 2, 5.3 % -2)
print(math.huge // 1, math.type(1), math.type(1.0), math.type("1"), 10 // 0.0, 3 | 5, 3 & 5, 3 ~ 5, ~0, 1 << 63, 1 >> 1, "10" + 5, "0x10" * 2)
for _, text in ipairs({ "0x1p-1074", "1e308", "4.9e-324", "0x.8p1", "1e-400", "9007199254740993", "0.1e1", "123456789.123456789", "  12  ", "1e", "0x", "nan" }) do
    io.write(tostring(tonumber(text)), " ")
end
print()
for _, format in ipairs({ "%.0f", "%.3f", "%10.4f", "%e", "%.15e", "%g", "%.17g", "%.20f", "%+.2f", "%#g" }) do
    io.write(format)
    for _, value in ipairs({ 0.5, 1.5, 2.5, 1 / 3, 1e21, 123456.789, 1e-7, 5e-324, 1.7976931348623157e308 }) do
        io.write(" ", string.format(format, value))
    end
    print()
end
-- C libraries differ in what they make of a subnormal number here.
print(string.format("%a %.3a %a %a", 0.5, 1 / 3, 1e21, -123456.789))
for _, value in ipairs({ 0.5, 1, 2, 10 }) do
    print(string.format("%.10f %.10f %.10f %.10f %.10f", math.sqrt(value), math.sin(value), math.cos(value), math.exp(value), math.log(value)))
end
print(math.floor(-3.5), math.ceil(-3.5), math.fmod(-7, 3), math.modf(-3.25), math.ult(1, -1), math.abs(-5), math.max(1, 2.5), math.min(3, 1))
math.randomseed(42)
print(math.random(100), math.random(-5, 5), math.random(), math.random(0))

-- The motion of five bodies.
local bodies = {
    { 0, 0, 0, 0, 0, 0, 39.47841760435743 },
    { 4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0.606326392995832, 2.81198684491626, -0.02521836165988763, 0.03769367487038949 },
    { 8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -1.01077434617879, 1.82566237123041, 0.008415761376584154, 0.011286326131968767 },
    { 12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 1.08279100644154, 0.868713018169608, -0.010832637401363636, 0.0017237240570597112 },
    { 15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0.979090732243898, 0.594698998647676, -0.034755955504078104, 0.0020336868699246304 },
}
local function energy()
    local e = 0
    for i, a in ipairs(bodies) do
        e = e + 0.5 * a[7] * (a[4] ^ 2 + a[5] ^ 2 + a[6] ^ 2)
        for j = i + 1, #bodies do
            local b = bodies[j]
            e = e - a[7] * b[7] / math.sqrt((a[1] - b[1]) ^ 2 + (a[2] - b[2]) ^ 2 + (a[3] - b[3]) ^ 2)
        end
    end
    return e
end
local function advance(dt)
    for i, a in ipairs(bodies) do
        for j = i + 1, #bodies do
            local b = bodies[j]
            local dx, dy, dz = a[1] - b[1], a[2] - b[2], a[3] - b[3]
            local square = dx * dx + dy * dy + dz * dz
            local magnitude = dt / (square * math.sqrt(square))
            a[4], a[5], a[6] = a[4] - dx * b[7] * magnitude, a[5] - dy * b[7] * magnitude, a[6] - dz * b[7] * magnitude
            b[4], b[5], b[6] = b[4] + dx * a[7] * magnitude, b[5] + dy * a[7] * magnitude, b[6] + dz * a[7] * magnitude
        end
    end
    for _, a in ipairs(bodies) do a[1], a[2], a[3] = a[1] + dt * a[4], a[2] + dt * a[5], a[3] + dt * a[6] end
end
print(string.format("%.17g", energy()))
for _ = 1, 50000 do advance(0.01) end
print(string.format("%.17g", energy()))

-- The spectral norm of an infinite matrix, cut off.
local n = 200
local function element(i, j) return 1 / ((i + j) * (i + j + 1) // 2 + i + 1) end
local function multiply(vector, transposed)
    local result = {}
    for i = 0, n - 1 do
        local total = 0
        for j = 0, n - 1 do total = total + (transposed and element(j, i) or element(i, j)) * vector[j] end
        result[i] = total
    end
    return result
end
local u, v = {}, nil
for i = 0, n - 1 do u[i] = 1 end
for _ = 1, 10 do
    v = multiply(multiply(u, false), true)
    u = multiply(multiply(v, false), true)
end
local vBv, vv = 0, 0
for i = 0, n - 1 do vBv, vv = vBv + u[i] * v[i], vv + v[i] * v[i] end
print(string.format("%.15f", math.sqrt(vBv / vv)))
