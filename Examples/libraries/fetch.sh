#!/bin/bash
# Fetches the sources of the libraries from Debian and puts what is needed of them beside their manifests.
#
#   fetch.sh [--install] [NAME…]
#
# --install: as root, installs the Debian packages that fetching and building need first.
# In the environment: DEBIAN_MIRROR and DEBIAN_SUITE, where sources come from.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../debian.sh"

needed="wasi-libc libclang-rt-19-dev-wasm32 libc++-19-dev-wasm32 dpkg-dev debian-archive-keyring"

# For recipes: `keep DIRECTORY GLOB…` copies what the globs find in $source to that directory of the library's. A glob that finds
# nothing ends the script.
keep() {
    local destination=$upstream/$1 glob
    shift
    mkdir -p "$destination"
    for glob in "$@"; do (cd "$source" && cp -r $glob "$destination/"); done
}

# Runs recipes/NAME.sh, which calls `fetch` and puts what the manifest names into the directory $upstream.
bring() {
    local name=$1 recipe=$here/recipes/$1.sh final=$here/Sources/$1/sandbox/upstream
    if [[ ! -f $recipe ]]; then
        echo "There is no library \"$name\" here; there are: $(all_libraries | tr '\n' ' ')" >&2
        return 64
    fi
    # What the same recipe made stays as it is; its patches are called NAME-….patch.
    local state
    state=$(find "$here/recipes" -name "$name[.-]*" -print0 | sort -z | xargs -0 cat | sha256sum)
    if [[ $(cat "$final/.recipe" 2>/dev/null) = "$state" ]]; then return; fi
    upstream=$final.new
    rm -rf "$upstream"
    mkdir -p "$upstream"
    (cd "$upstream" && . "$recipe")
    echo "$state" >"$upstream/.recipe"
    rm -rf "$final"
    mv "$upstream" "$final"
    echo "$name: fetched"
}

all_libraries() { (cd "$here/recipes" && printf '%s\n' *.sh | sed 's,\.sh$,,'); }

read_arguments "$@"
[[ ${#names[@]} -gt 0 ]] || mapfile -t names < <(all_libraries)

if ! command -v dpkg-source >/dev/null || [[ ! -f /usr/share/keyrings/debian-archive-keyring.gpg ]]; then
    echo "Some Debian packages are missing. As root: apt-get install --no-install-recommends $needed" >&2
    echo "(or: $0 --install)" >&2
    exit 1
fi
failed=0
for name in "${names[@]}"; do
    # A process of its own, which ends at the first command that fails; in a condition it would not.
    (bring "$name") &
    if ! wait "$!"; then
        failed=1
        echo "$name: its sources can't be fetched from $mirror ($suite), or there are others there than recipes/$name.sh expects" >&2
    fi
done
exit "$failed"
