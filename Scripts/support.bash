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

# Where the tools are that the scripts make.
tools=$PWD/.build/tools

# make_tool NAME FLAG...: compiles Tests/Tools/NAME.c, without the .so of a library's name, unless that was done already.
make_tool() {
    local name=$1 source=Tests/Tools/${1%.so}.c
    shift
    mkdir -p "$tools"
    if [[ ! $tools/$name -nt $source ]]; then
        say "$name: compiling $source"
        cc -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror "$source" -o "$tools/$name" "$@"
    fi
}

# build_release LOG: builds the command as it is released, and sets release to its path.
build_release() {
    local build=(swift build -c release --product kafka-producer --static-swift-stdlib)
    say "build: release"
    "${build[@]}" >"$1" 2>&1 || { tail -n 20 "$1" >&2; fail "the build failed"; }
    release=$("${build[@]}" --show-bin-path)/kafka-producer
}

make_lines() { python3 Tests/Tools/lines.py "$@"; }

# start_server COMMAND...: starts a server whose first line on stdout ends in its address, and sets bootstrap. Its stdin
# stays open until stop_server.
server=
start_server() {
    local line=
    coproc SERVER { exec "$@"; }
    server=$SERVER_PID
    IFS= read -r -t 60 line <&"${SERVER[0]}" || fail "$1 did not start"
    bootstrap=${line##* }
}

stop_server() {
    [[ -n $server ]] || return 0
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
}
