-- The language: closures, metatables, variadic functions, integers and floats, goto, load.

print(arg[0], #arg, table.unpack(arg))

local function counter(step)
    local value = 0
    return function() value = value + step return value end, function() value = 0 end
end
local next, reset = counter(3)
next() next()
print(next(), reset(), next())

local Vector = {}
Vector.__index = Vector
function Vector.new(x, y) return setmetatable({ x = x, y = y }, Vector) end
function Vector.__add(a, b) return Vector.new(a.x + b.x, a.y + b.y) end
function Vector.__mul(a, k) return Vector.new(a.x * k, a.y * k) end
function Vector.__eq(a, b) return a.x == b.x and a.y == b.y end
function Vector.__lt(a, b) return a:norm() < b:norm() end
function Vector.__concat(a, b) return tostring(a) .. tostring(b) end
function Vector.__call(self, scale) return self * scale end
function Vector.__len() return 2 end
function Vector.__tostring(v) return "(" .. v.x .. ", " .. v.y .. ")" end
function Vector:norm() return math.sqrt(self.x ^ 2 + self.y ^ 2) end
local v, w = Vector.new(3, 4), Vector.new(1, 2)
print(tostring(v + w), tostring(v * 2.5), v == Vector.new(3, 4), w < v, v .. w, tostring(v(10)), #v, v:norm())

local log = {}
local proxy = setmetatable({}, {
    __index = function(_, key) log[#log + 1] = "get " .. key return #key end,
    __newindex = function(_, key, value) log[#log + 1] = "set " .. key .. "=" .. tostring(value) end,
})
proxy.a = proxy.hello
print(table.concat(log, "; "))

local function sum(...)
    local total = 0
    for _, value in ipairs({ ... }) do total = total + value end
    return select("#", ...), total
end
print(sum(1, 2, 3, 4.5), (sum()))

local function fibonacci(n)
    if n < 2 then return n end
    return fibonacci(n - 1) + fibonacci(n - 2)
end
print(fibonacci(27))

-- A tail call takes no stack.
local function count(n, total)
    if n == 0 then return total end
    return count(n - 1, total + n)
end
print(count(1000000, 0))

-- The Y combinator, and functions made at run time.
local fix = function(f) return (function(x) return x(x) end)(function(x) return f(function(...) return x(x)(...) end) end) end
print(fix(function(again) return function(n) return n == 0 and 1 or n * again(n - 1) end end)(20))
print(load("local a, b = ... return a // b, a % b, a / b, a ~ b, a << b")(-17, 5))

for i = 1, 3 do
    for j = 1, 3 do
        if j == 2 then goto continue end
        io.write(i, "-", j, " ")
        ::continue::
    end
end
print()

local list = {}
for i = 1, 200000 do list[i] = function() return i end end
local total = 0
for i = 1, #list, 1000 do total = total + list[i]() end
print(total, #list)
list = nil
collectgarbage()
print(collectgarbage("count") < 1000)
