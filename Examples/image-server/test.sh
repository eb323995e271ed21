#!/bin/bash
# Builds the server, sends it good images and hostile ones, and sees that it stays up.
#
#   test.sh
#
# Needs curl, and what Examples/libraries/fetch.sh needs.

set -euo pipefail
cd "$(dirname "$0")"

../libraries/fetch.sh JPEG PNG PlantedPNG
swift build --build-system native -c release
bin=$(swift build --build-system native -c release --show-bin-path)

work=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

libpng=../libraries/Sources/PNG/sandbox/upstream/images
"$bin/test-images" "$work" ../libraries/Sources/JPEG/sandbox/upstream/testimages/testorig.jpg \
    "$libpng/basn3p04.png" "$libpng/ibasn6a16.png" "$libpng/pngtest.png"

passed=0
failed=0
# check WHAT CONDITION…: the condition is a command.
check() {
    local what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok      $what"
    else
        failed=$((failed + 1))
        echo "FAILED  $what"
    fi
}

# start OPTION…: starts the server; its process is then $server and its address $url. $descriptors, if set, is how many files it may open.
start() {
    (
        [[ -z ${descriptors:-} ]] || ulimit -n "$descriptors"
        exec "$bin/image-server" --port 0 "$@"
    ) >"$work/log" 2>&1 &
    server=$!
    url=
    for _ in $(seq 100); do
        url=$(sed -n 's/.*listening on //p' "$work/log")
        [[ -z $url ]] || return 0
        sleep 0.1
    done
    cat "$work/log"
    exit 1
}

stop() {
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
}

# send FILE [CURL-OPTION…]: uploads a file. The status is then $status, the header in $work/header, and the body in $work/body.
send() {
    local file=$1
    shift
    status=$(curl -s -m 60 -H 'Expect:' -H 'Content-Type: application/octet-stream' -D "$work/header" -o "$work/body" \
        -w '%{http_code}' --data-binary "@$file" "$@" "$url/") || status="none, curl: $?"
}

header() { tr -d '\r' <"$work/header" | sed -n "s/^$1: //Ip"; }
error() { sed -n 's/.*"error":"\([^"]*\)".*/\1/p' "$work/body"; }
healthy() { curl -sf -m 10 "$url/health" >"$work/health" && grep -q '"status":"ok"' "$work/health"; }
counter() { curl -sf -m 10 "$url/health" | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }
# KiB of memory that the server has.
resident() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$server/status"; }
is_alive() { kill -0 "$server" 2>/dev/null; }

# The width and height of a JPEG image, as its frame header has them.
jpeg_size() {
    od -An -v -tu1 -w1 "$1" | awk '
        { byte[NR] = $1 + 0 }
        END {
            for (at = 3; byte[at] == 255 && byte[at + 1] != 192 && byte[at + 1] != 194;) {
                at += 2 + byte[at + 2] * 256 + byte[at + 3]
            }
            print byte[at + 7] * 256 + byte[at + 8] "x" byte[at + 5] * 256 + byte[at + 6]
        }'
}

# thumbnail FILE SIZE THUMBNAIL-SIZE [CURL-OPTION…]
thumbnail() {
    local file=$1 size=$2 small=$3
    shift 3
    send "$file" "$@"
    [[ $status = 200 && "$(header X-Image-Width)x$(header X-Image-Height)" = "$size" ]] &&
        [[ $(jpeg_size "$work/body") = "$small" && -n $(header X-Time-Milliseconds) ]]
}

# refused FILE STATUS ERROR
refused() {
    send "$1"
    [[ $status = "$2" && $(error) = "$3" ]] && return
    echo "        was $status: $(head -c 200 "$work/body")"
    return 1
}

form() {
    status=$(curl -s -m 60 -o "$work/body" -w '%{http_code}' -F "note=nothing" -F "image=@$1" "$url/")
    [[ $status = 200 && $(jpeg_size "$work/body") = "$2" ]]
}

# --- Good images

start --memory 64 --time 0.5 --upload 2
echo "The server is at $url."
check "it is healthy" healthy
curl -s "$url/" >"$work/page"
check "the page has a form" grep -q '<form method="post"' "$work/page"
check "and nothing from elsewhere" bash -c "! grep -qE '(src|href)=\"|https?://' '$work/page'"
check "a JPEG" thumbnail "$work/good.jpg" 1021x767 256x192
cp "$work/body" "$work/first.jpg"
check "a progressive JPEG" thumbnail "$work/progressive.jpg" 1021x767 256x192
check "a small JPEG keeps its size" thumbnail "$work/small.jpg" 60x40 60x40
check "a PNG" thumbnail "$work/good.png" 300x500 154x256
cp "$work/body" "$work/first-of-png.jpg"
check "a PNG in pieces of unknown number" thumbnail "$work/good.png" 300x500 154x256 -H 'Transfer-Encoding: chunked'
check "a JPEG from a form" form "$work/good.jpg" 256x192
check "a PNG from a form" form "$work/good.png" 154x256
check "thumbnails are the same each time" cmp -s "$work/body" "$work/first-of-png.jpg"

# --- Others

head -c 100000 /dev/urandom >"$work/garbage"
: >"$work/empty"
head -c $((3 << 20)) /dev/zero >"$work/long"
head -c 3000 "$work/good.png" >"$work/half.png"
check "garbage" refused "$work/garbage" 415 "not an image"
check "nothing" refused "$work/empty" 400 "empty"
check "too many bytes" refused "$work/long" 413 "upload too large"
check "half an image" refused "$work/half.png" 422 "damaged"
check "a PNG of 50000 x 50000" refused "$work/large.png" 422 "too many pixels"
check "a JPEG of 50000 x 50000" refused "$work/large.jpg" 422 "too many pixels"
check "an image that takes a minute is stopped" refused "$work/slow.jpg" 422 "stopped"
check "by its time limit" grep -q interrupted "$work/body"
check "and is counted" test "$(counter stopped)" = 1
check "an exploit of an old hole is an image like others" thumbnail "$work/exploit-long.png" 1x1 1x1
status=$(curl -s -m 60 -o "$work/body" -w '%{http_code}' -F "note=nothing" "$url/")
check "a form without a file" test "$status $(error)" = "415 not an image"
for method in DELETE PUT; do
    status=$(curl -s -o /dev/null -w '%{http_code}' -X "$method" --data-binary "@$work/long" "$url/") || status=none
    check "$method is refused" test "$status" = 405
done
status=$(curl -s -o /dev/null -w '%{http_code}' "$url/../../etc/passwd")
check "no other path" test "$status" = 404
# This one ends much later, below.
curl -s -m 60 -o /dev/null -w '%{http_code}' -H 'Content-Length: 100000' --data-binary "@$work/empty" "$url/" >"$work/waiting" &
waiting=$!

# --- Many, several at a time

# A line for each: the status and the file.
storm() {
    find "$work/hostile" -type f | sort |
        xargs -P 6 -I{} curl -s -m 60 -H 'Expect:' -o /dev/null -w '%{http_code} {}\n' --data-binary '@{}' "$url/" >"$work/storm" || true
    cut -d' ' -f1 "$work/storm" | sort | uniq -c | sed 's/^ */        /' | tr '\n' ' '
    echo
}
all_answered() {
    [[ $(wc -l <"$work/storm") = "$(find "$work/hostile" -type f | wc -l)" ]] && ! grep -qvE '^(200|400|415|422) ' "$work/storm"
}

storm
check "$(wc -l <"$work/storm") truncated and mutated images are answered" all_answered
before=$(resident)
senders=()
storm
check "and again" all_answered
for _ in 1 2 3; do
    for file in slow.jpg slow.jpg large.png good.png exploit-long.png slow.jpg; do
        curl -s -m 60 -H 'Expect:' -o /dev/null --data-binary "@$work/$file" "$url/" &
        senders+=($!)
    done
done
wait "${senders[@]}" || true
after=$(resident)
echo "        $before KiB of memory before, $after KiB after"
check "it needs no more memory" test "$after" -lt $((before + before / 2 + 65536))

for number in $(seq 40); do
    curl -s -m 60 -H 'Expect:' -o /dev/null -w '%{http_code}\n' --data-binary "@$work/slow.jpg" "$url/" >"$work/busy-$number" &
    senders+=($!)
done
sleep 0.5
check "all cores at work, it answers at once" curl -sf -m 2 -o /dev/null "$url/health"
wait "${senders[@]}" || true
echo "       $(cat "$work"/busy-* | sort | uniq -c | sed 's/^ */ /' | tr '\n' ' ')"
check "of too many uploads some are put off" grep -q '^503' "$work"/busy-*
check "and the others are answered" bash -c "! cat '$work'/busy-* | grep -qvE '^(422|503)'"
wait "$waiting" || true
check "an upload that doesn't arrive is given up" test "$(cat "$work/waiting")" = 408
check "it is healthy after all" healthy
check "a JPEG is what it was" thumbnail "$work/good.jpg" 1021x767 256x192
check "byte by byte" cmp -s "$work/body" "$work/first.jpg"
send "$work/good.png"
check "a PNG too" cmp -s "$work/body" "$work/first-of-png.jpg"
check "it has not been started again" is_alive
check "a line in the log for each request" test "$(grep -c 'POST /' "$work/log")" -gt "$(wc -l <"$work/storm")"
stop

# --- More connections than it may have

descriptors=64 start
address=${url#http://}
(
    for _ in $(seq 100); do exec {connection}<>"/dev/tcp/${address%:*}/${address#*:}"; done
    sleep 2
) 2>/dev/null || true
check "it can't have so many" grep -q "stopped listening" "$work/log"
check "it listens again" healthy
check "and works" thumbnail "$work/good.jpg" 1021x767 256x192
check "it has not been started again" is_alive
stop

# --- A library with a hole

start --planted
check "with a hole in libpng a PNG is what it was" thumbnail "$work/good.png" 300x500 154x256
check "byte by byte" cmp -s "$work/body" "$work/first-of-png.jpg"
for _ in $(seq 20); do send "$work/exploit.png"; done
check "an exploit does its worst in a sandbox" test "$status" = 200 -o "$status" = 422
check "a longer one dies in its sandbox" refused "$work/exploit-long.png" 422 "stopped"
stopped=$(counter stopped)
storm
check "hostile images are answered" all_answered
check "deaths are counted" test "$stopped" -ge 1
check "the page says so" bash -c "curl -s '$url/' | grep -q '<b>[1-9][0-9]*</b> sandboxes died'"
send "$work/good.png"
check "and a PNG is what it was" cmp -s "$work/body" "$work/first-of-png.jpg"
check "it has not been started again" is_alive
stop

# The same library without a sandbox.
for file in exploit.png exploit-long.png; do
    start --planted --unprotected
    check "without a sandbox a PNG is the same" thumbnail "$work/good.png" 300x500 154x256
    send "$work/$file"
    sleep 0.5
    check "and $file is the end of the server" bash -c "! kill -0 $server 2>/dev/null"
    stop
done

echo "$passed passed, $failed failed"
[[ $failed = 0 ]]
