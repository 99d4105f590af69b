# SPDX-License-Identifier: Apache-2.0
# What Scripts/test, Scripts/quickstart and .ci/run share. Sourced, not run.

say() { printf '==> %s\n' "$*"; }

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

require_swift() {
    command -v swift >/dev/null || fail "no swift command: install a Swift toolchain, 6.3 or newer, and put it on the PATH"
}

has_header() { printf '#include <stdio.h>\n#include <%s>\n' "$1" | cc -E - >/dev/null 2>&1; }

# Whether what a Debian package is wanted for is there, however it came.
is_there() {
    case $1 in
        pkg-config | kcat) command -v "$1" >/dev/null ;;
        gcc) command -v cc >/dev/null ;;
        libc6-dev) has_header stdlib.h ;;
        zlib1g-dev) has_header zlib.h ;;
        liblz4-dev) has_header lz4frame.h ;;
        libzstd-dev) has_header zstd.h ;;
        libsnappy-dev) has_header snappy-c.h ;;
        librdkafka-dev) has_header librdkafka/rdkafka.h && pkg-config --exists rdkafka ;;
        python3-venv) python3 -c 'import ensurepip, venv' >/dev/null 2>&1 ;;
        *) fail "is_there does not know $1" ;;
    esac
}

# Installs those of the named Debian packages that are missing.
install_packages() {
    local package missing=() sudo=()
    for package in "$@"; do
        is_there "$package" || missing+=("$package")
    done
    if [[ ${#missing[@]} -eq 0 ]]; then
        say "packages: all there ($*)"
        return
    fi
    say "packages: installing ${missing[*]}"
    command -v apt-get >/dev/null || fail "there is no apt-get here; install by hand what provides ${missing[*]}"
    if [[ $(id -u) -ne 0 ]]; then
        command -v sudo >/dev/null || fail "not root, and no sudo; as root: apt-get install ${missing[*]}"
        sudo=(sudo)
    fi
    local log
    log=$(mktemp)
    if ! {
        "${sudo[@]}" apt-get update -q -o Acquire::Retries=3 &&
            "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y -q --no-install-recommends -o Acquire::Retries=3 "${missing[@]}"
    } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        fail "apt-get could not install ${missing[*]}"
    fi
    rm -f "$log"
    for package in "${missing[@]}"; do
        is_there "$package" || fail "$package was installed and is still not found"
    done
}
