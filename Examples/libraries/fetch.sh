#!/bin/bash
# Fetches the sources of the libraries from Debian and puts what is needed of them beside their manifests.
#
#   fetch.sh [--install] [NAME…]
#
# --install: as root, installs the Debian packages that fetching and building need first.
# In the environment: DEBIAN_MIRROR and DEBIAN_SUITE, where sources come from.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Source packages as fetched and unpacked, for all of the repository's examples. Safe to delete.
sources=$(cd "$here/../.." && pwd)/.sources

needed="wasi-libc libclang-rt-19-dev-wasm32 libc++-19-dev-wasm32 dpkg-dev debian-archive-keyring"
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
suite=${DEBIAN_SUITE:-bookworm}

# apt with files of its own, so that /etc/apt stays as it is. Signatures are checked as ever.
private_apt() {
    local apt=$sources/.apt
    mkdir -p "$apt/lists/partial" "$apt/archives/partial"
    cat >"$apt/sources.list" <<END
deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main
deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main
END
    apt-get -qq -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=- \
        -o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt" -o Dir::Cache::Archives="$apt/archives" \
        -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none "$@"
}

# Updates the lists of packages where those of a kind, Sources or Packages, are missing or a day old.
update_lists() {
    [[ -n $(find "$sources/.apt/lists" -name "*_$1*" -mtime -1 2>/dev/null) ]] || private_apt update
}

# Whether a file is what the source package says it is.
is_genuine() {
    local description=$1 file=$2
    (cd "$(dirname "$file")" && sed -n '/^Checksums-Sha256:/,/^[^ ]/s/^ \([0-9a-f]*\) [0-9]* /\1  /p' "$description" |
        grep -F "  $(basename "$file")" | sha256sum --check --quiet --status)
}

# For recipes: `fetch PACKAGE` downloads a source package and unpacks it, with Debian's patches applied, to $source.
fetch() {
    local package=$1 files=$sources/.files
    source=$sources/$package
    if [[ -d $source ]]; then return; fi
    mkdir -p "$files"
    update_lists Sources || return 1
    local complete=1 description
    (cd "$files" && private_apt source --download-only "$package") || complete=0
    description=$(find "$files" -name "${package}_*.dsc" | sort -V | tail -1)
    [[ -n $description ]] || return 1
    rm -rf "$source.new"
    if [[ $complete = 1 ]]; then
        dpkg-source --no-check --no-copy -x "$description" "$source.new" >/dev/null || return 1
    else
        # A mirror may lack the archive of the patches. The original does without.
        local version original
        version=$(sed -n 's/^Version: \([0-9]*:\)\?//p' "$description" | head -1)
        original=$(find "$files" -name "${package}_${version%-*}.orig.tar.*" ! -name '*.asc' | head -1)
        [[ -n $original ]] && is_genuine "$description" "$original" || return 1
        echo "$package: only $(basename "$original") is to be had; using it without Debian's patches"
        mkdir -p "$source.new"
        tar -xf "$original" -C "$source.new" --strip-components=1 || return 1
    fi
    mv "$source.new" "$source"
}

# For recipes: `fetch_files PACKAGE` downloads a binary package, of fonts or dictionaries, and unpacks its files to $source. Nothing of it
# is installed or run.
fetch_files() {
    local package=$1 files=$sources/.files archive
    source=$sources/$package.files
    if [[ -d $source ]]; then return; fi
    mkdir -p "$files"
    update_lists Packages || return 1
    (cd "$files" && private_apt download "$package") || return 1
    archive=$(find "$files" -name "${package}_*.deb" | sort -V | tail -1)
    rm -rf "$source.new"
    dpkg-deb -x "$archive" "$source.new" || return 1
    mv "$source.new" "$source"
}

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

names=()
for argument in "$@"; do
    case $argument in
    --install) apt-get install -y --no-install-recommends $needed ;;
    --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit ;;
    -*) echo "unknown option $argument" >&2; exit 64 ;;
    *) names+=("$argument") ;;
    esac
done
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
