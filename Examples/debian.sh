# What the examples' scripts share that get sources from Debian, to be read by them (`. ../debian.sh`).
#
# In the environment: DEBIAN_MIRROR and DEBIAN_SUITE, where sources come from.

# Packages as fetched and unpacked, for all of the repository's examples. Safe to delete.
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.sources
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

# `fetch PACKAGE` downloads a source package and unpacks it, with Debian's patches applied, to $source.
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

# `fetch_files PACKAGE` downloads a binary package, of fonts or dictionaries, and unpacks its files to $source. Nothing of it
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

# Reads a script's arguments: [--install] [NAME…]. Sets $names; --install installs what $needed names; --help prints the script's
# first comment.
read_arguments() {
    names=()
    local argument
    for argument in "$@"; do
        case $argument in
        --install) apt-get install -y --no-install-recommends $needed ;;
        --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit ;;
        -*) echo "unknown option $argument" >&2; exit 64 ;;
        *) names+=("$argument") ;;
        esac
    done
}
