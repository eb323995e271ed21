# What build.sh and run.sh share: where things are.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/Examples/debian.sh"
# One directory per program: native, NAME.wasm, input/ and build.log.
builds=$root/.build-programs

# The programs there are: every directory with a program.sh.
all_programs() { (cd "$here" && printf '%s\n' */program.sh | sed 's,/.*,,'); }

# Loads NAME/program.sh, which defines:
#   package     the Debian source package
#   compile     calls `cc` with the sources in $source and the options that both builds need
#   prepare     optional: generates files in $generated before that
#   inputs      optional: makes what the program is to work on in the current directory, from $source
#   case_NAME   calls `run ARGUMENTS…` in a directory that holds the inputs and what lies beside program.sh
load_program() {
    name=$1
    if [[ ! -f $here/$name/program.sh ]]; then
        echo "There is no program \"$name\" here; there are: $(all_programs | tr '\n' ' ')" >&2
        exit 64
    fi
    output=$builds/$name
    prepare() { :; }
    inputs() { :; }
    # The order of the file is the order of the cases.
    cases=$(sed -n 's/^case_\([a-z0-9_]*\)().*/\1/p' "$here/$name/program.sh")
    . "$here/$name/program.sh"
}
