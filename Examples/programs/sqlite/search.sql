-- SQLite's own source in a full-text index: a large import, searched.

create table lines(number integer primary key, line text);
.mode ascii
.separator "\001" "\n"
.import text raw
insert into lines select rowid, * from raw;
drop table raw;
.mode list
.separator "|" "\n"
select count(*), sum(length(line)), max(length(line)) from lines;
create virtual table search using fts5(line, content = 'lines', content_rowid = 'number');
-- As much memory as it likes: how much counts the sizes of pointers, and decides what lies where in the file.
insert into search(search, rank) values ('hashsize', 100000000);
insert into search(search) values ('rebuild');
select count(*) from search where search match 'btree AND page';
select rowid, snippet(search, 0, '[', ']', '...', 8) from search where search match 'NEAR(corrupt database)' order by rank, rowid limit 10;
select count(*) from lines where line like '%sqlite3_malloc%';
select substr(line, 1, 12) start, count(*) from lines where line glob '[a-z]*' group by start order by 2 desc, 1 limit 10;
insert into search(search) values ('integrity-check');
pragma integrity_check;
