-- Numbers, recursion, JSON, dates and blobs, in memory.

create table numbers(i integer primary key, x real);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000)
insert into numbers select i, i * 1.1 / 7 from n;
create index by_x on numbers(x);
select count(*), sum(x), avg(x), min(x), max(x), total(i) from numbers;
select round(x), count(*) from numbers group by 1 having round(x) % 5000 = 0;
select i, x from numbers where x between 1000 and 1000.5;
select group_concat(i) from (select i from numbers where i % 50000 = 1 order by x desc);
select 1e15, 1e16, 0.1, 1.0 / 3, -0.0, 9e999, 123456789.123456789, 1e-7, 3.0, 9223372036854775807, 9223372036854775807 + 1;
select printf('%.3f %10.2e %g %x %,d %s %q', 2.0 / 3, 12345.678, 1e-5, 255, 1234567, 'text', 'it''s');
select sqrt(2), pow(2, 0.5), floor(-2.5), ceil(-2.5), 7 % 3, -7 / 2, 5 / 2.0, mod(7.5, 2);
select hex(zeroblob(4)), hex('é'), length('日本'), unicode('é'), char(26085, 26412), upper('abc'), instr('haystack', 'st'), quote(x'00ff');
select date('2024-02-28', '+2 days'), julianday('2000-01-01 12:00'), strftime('%s %j %w', '2023-06-15 10:11:12'), datetime(1700000000, 'unixepoch');
select json_extract('{"a":[1,2,{"b":"c"}]}', '$.a[2].b'), json_array_length('[1,2,3]'), json_group_array(i) from numbers where i < 6;
select json_patch('{"a":1,"b":2}', '{"b":null,"c":3.5}'), json_valid('{'), json_quote('"');

-- A sudoku.
with recursive
    input(s) as (values ('53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79')),
    digits(z, lp) as (values ('1', 1) union all select cast(lp + 1 as text), lp + 1 from digits where lp < 9),
    x(s, ind) as (
        select s, instr(s, '.') from input
        union all
        select substr(s, 1, ind - 1) || z || substr(s, ind + 1),
            instr(substr(s, 1, ind - 1) || z || substr(s, ind + 1), '.')
        from x, digits as z
        where ind > 0 and not exists (
            select 1 from digits as lp
            where z.z = substr(s, ((ind - 1) / 9) * 9 + lp, 1)
                or z.z = substr(s, ((ind - 1) % 9) + (lp - 1) * 9 + 1, 1)
                or z.z = substr(s, (((ind - 1) / 3) % 3) * 3 + ((ind - 1) / 27) * 27 + lp + ((lp - 1) / 3) * 6, 1)))
select s from x where ind = 0;

-- The Mandelbrot set.
with recursive
    xaxis(x) as (values (-2.0) union all select x + 0.05 from xaxis where x < 1.2),
    yaxis(y) as (values (-1.0) union all select y + 0.1 from yaxis where y < 1.0),
    m(iter, cx, cy, x, y) as (
        select 0, x, y, 0.0, 0.0 from xaxis, yaxis
        union all
        select iter + 1, cx, cy, x * x - y * y + cx, 2.0 * x * y + cy from m where (x * x + y * y) < 4.0 and iter < 28),
    m2(iter, cx, cy) as (select max(iter), cx, cy from m group by cx, cy),
    a(t) as (select group_concat(substr(' .+*#', 1 + min(iter / 7, 4), 1), '') from m2 group by cy)
select group_concat(rtrim(t), x'0a') from a;

create virtual table boxes using rtree(id, x0, x1, y0, y1);
insert into boxes select i, i % 100, i % 100 + 0.5, i / 100, i / 100 + 0.5 from numbers where i < 5000;
select count(*), sum(id) from boxes where x0 > 20.25 and x1 < 30 and y0 >= 10 and y1 < 40;
