-- A shop: tables, indices, triggers, transactions, joins, aggregates and windows, on disk.

create table customers(id integer primary key, name text not null, city text);
create table products(id integer primary key, name text unique, price real check (price > 0));
create table orders(id integer primary key, customer integer references customers(id), day text);
create table items(orderid integer, product integer, quantity integer, primary key (orderid, product)) without rowid;
create table log(what text, id integer);
create trigger logged after delete on orders begin insert into log values ('deleted', old.id); end;

begin;
with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
insert into customers select i, printf('Customer %04d', i), 'City ' || (i * 7919 % 23) from n;
with recursive n(i) as (select 1 union all select i + 1 from n where i < 500)
insert into products select i, 'Product ' || i, round(0.99 + (i * 104729 % 10000) / 100.0, 2) from n;
with recursive n(i) as (select 1 union all select i + 1 from n where i < 30000)
insert into orders select i, 1 + i * 6151 % 2000, date('2020-01-01', '+' || (i * 31 % 1461) || ' days') from n;
insert into items select o.id, 1 + (o.id * 31 + k.value * 17) % 500, 1 + (o.id + k.value) % 9
    from orders o, json_each('[1,2,3]') k;
commit;
create index orders_by_customer on orders(customer);
create index orders_by_day on orders(day);
analyze;

.mode column
.headers on
select city, count(*) customers, round(sum(i.quantity * p.price), 2) total, round(avg(i.quantity * p.price), 4) average
    from customers c join orders o on o.customer = c.id join items i on i.orderid = o.id join products p on p.id = i.product
    group by city order by total desc limit 10;
select strftime('%Y-%m', day) month, count(*) orders,
    sum(count(*)) over (order by strftime('%Y-%m', day)) running from orders group by month limit 12;
.mode csv
select name, price, rank() over (order by price desc) place, ntile(4) over (order by price) quarter from products limit 15;
explain query plan select * from orders where customer = 7 and day > '2021';
.mode list
begin;
delete from orders where id % 3 = 0;
select count(*), (select count(*) from log) from orders;
rollback;
select count(*), (select count(*) from log) from orders;
delete from orders where day < '2020-02-01';
select count(*), (select count(*) from log) from orders;
vacuum;
pragma integrity_check;
pragma foreign_key_check;
pragma page_count;
insert into products values (1, 'twice', 1.0);
insert into products values (1000, 'free', -1.0);
