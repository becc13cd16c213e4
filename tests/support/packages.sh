# Sourced by ./quickstart and ./check: the Debian and Ubuntu packages that Holdfast needs, and how to get those that are missing.

hf_build_packages="build-essential pkg-config meson ninja-build libigraph-dev libgraphviz-dev graphviz libcjson-dev libzip-dev zlib1g-dev
nettle-dev libglpk-dev libsqlite3-dev fonts-dejavu-core"
hf_valgrind_packages="valgrind libc6-dbg"

hf_is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# hf_install PACKAGE...: installs what is not there yet; no network and no root needed when nothing is missing.
hf_install() {
    local missing=() as_root=() package
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        echo "This is not Debian or Ubuntu: please install the equivalents of: $*" >&2
        return 0
    fi
    for package in "$@"; do
        hf_is_installed "$package" || missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        echo "All packages that are needed are installed."
        return 0
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "Missing: ${missing[*]}. Install them as root with: apt-get install ${missing[*]}" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    echo "Installing with apt${as_root:+ (through sudo)}: ${missing[*]}"
    "${as_root[@]}" apt-get update -q </dev/null || echo "apt-get update failed; trying with the package lists at hand." >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" </dev/null
}

# hf_configure FOLDER OPTION...: makes a build folder, or keeps the one that is there.
hf_configure() {
    local folder=$1
    shift
    [ -f "$folder/build.ninja" ] || meson setup "$folder" "$@" </dev/null
}
