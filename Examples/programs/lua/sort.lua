-- Sorting: the library's, a heap sort and a merge sort, on numbers, strings and records.

local seed = 42
local function random(n)
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    return (seed >> 8) % n
end

local function checksum(list)
    local sum = 0
    for i, value in ipairs(list) do sum = (sum * 31 + i * value) & 0xffffffffffff end
    return sum
end

local function is_sorted(list, less)
    for i = 2, #list do
        if less(list[i], list[i - 1]) then return false end
    end
    return true
end

local function heap_sort(list)
    local count = #list
    local function sift(root, last)
        while root * 2 <= last do
            local child = root * 2
            if child < last and list[child] < list[child + 1] then child = child + 1 end
            if list[root] >= list[child] then return end
            list[root], list[child] = list[child], list[root]
            root = child
        end
    end
    for root = count // 2, 1, -1 do sift(root, count) end
    for last = count, 2, -1 do
        list[1], list[last] = list[last], list[1]
        sift(1, last - 1)
    end
end

local function merge_sort(list)
    if #list < 2 then return list end
    local middle = #list // 2
    local left = merge_sort(table.move(list, 1, middle, 1, {}))
    local right = merge_sort(table.move(list, middle + 1, #list, 1, {}))
    local result, i, j = {}, 1, 1
    while i <= #left and j <= #right do
        if right[j] < left[i] then
            result[#result + 1], j = right[j], j + 1
        else
            result[#result + 1], i = left[i], i + 1
        end
    end
    table.move(left, i, #left, #result + 1, result)
    return table.move(right, j, #right, #result + 1, result)
end

local numbers = {}
for i = 1, 100000 do numbers[i] = random(1000000) end
local a, b = table.move(numbers, 1, #numbers, 1, {}), table.move(numbers, 1, #numbers, 1, {})
table.sort(a)
heap_sort(b)
local c = merge_sort(numbers)
print("numbers", checksum(a), checksum(b), checksum(c), is_sorted(a, function(x, y) return x < y end))

table.sort(a, function(x, y) return x > y end)
print("descending", a[1], a[#a], checksum(a))

local words = {}
for i = 1, 20000 do
    local letters = {}
    for j = 1, 3 + random(8) do letters[j] = string.char(97 + random(26)) end
    words[i] = table.concat(letters)
end
table.sort(words)
print("words", words[1], words[10000], words[20000])

local records = {}
for i = 1, 20000 do records[i] = { key = random(500), order = i } end
table.sort(records, function(x, y)
    if x.key ~= y.key then return x.key < y.key end
    return x.order < y.order
end)
print("records", records[1].order, records[10000].order, records[20000].order)
