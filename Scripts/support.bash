# SPDX-License-Identifier: Apache-2.0
# What the scripts here and .ci/run share. Sourced, not run.

say() { printf '==> %s\n' "$*"; }

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# What every build wants: a linker with C's and C++'s libraries, what SwiftPM fetches sources with, the codecs.
build_packages=(g++ git ca-certificates pkg-config zlib1g-dev liblz4-dev libzstd-dev libsnappy-dev)
# What the tests want beside them: other programs that speak Kafka's protocol, what Kafka's own client runs on, a
# Kerberos server with its other side, and a browser.
test_packages=(librdkafka-dev kcat openssl python3-venv default-jdk-headless krb5-kdc krb5-admin-server krb5-user python3-gssapi
    chromium)

# prepare [PACKAGE ...]: sees to the toolchain, to what builds want and to the named Debian packages.
prepare() {
    local wanted
    command -v swift >/dev/null ||
        fail "no swift command: install a Swift toolchain, 6.3 or newer (https://www.swift.org/install), and put it on the PATH"
    wanted=$(toolchain_packages) || exit 1
    # shellcheck disable=SC2086 # One word for each package.
    install_packages $wanted "${build_packages[@]}" "$@"
    swift --version >/dev/null 2>&1 || fail "swift does not run: $(swift --version 2>&1 | head -n 1)"
}

# The libraries that the programs of the toolchain want, and that this system does not have.
missing_libraries() {
    local folder
    folder=$(dirname "$(readlink -f "$(command -v swift)")")
    ldd "$folder"/swift{,-frontend,-build,-package,-test} "$folder"/{clang,lld} 2>/dev/null |
        awk '/=> not found/ { print $1 }' | sort -u
}

# The Debian packages of those libraries.
toolchain_packages() {
    local library
    for library in $(missing_libraries); do
        case $library in
            libcurl.so.4) echo libcurl4 ;;
            libedit.so.2) echo libedit2 ;;
            libform.so.6 | libncurses.so.6 | libpanel.so.6) echo libncurses6 ;;
            libgcc_s.so.1) echo libgcc-s1 ;;
            libpython3.*.so.1.0) echo "${library%.so.1.0}" ;;
            libsqlite3.so.0) echo libsqlite3-0 ;;
            libstdc++.so.6) echo libstdc++6 ;;
            libtinfo.so.6) echo libtinfo6 ;;
            libuuid.so.1) echo libuuid1 ;;
            libxml2.so.2) echo libxml2 ;;
            libz.so.1) echo zlib1g ;;
            libz3.so.4) echo libz3-4 ;;
            *) fail "the Swift toolchain wants $library, which is not here: install it, or a toolchain made for this system" ;;
        esac
    done | sort -u
}

has_header() { printf '#include <stdio.h>\n#include <%s>\n' "$1" | cc -E - >/dev/null 2>&1; }

# The browser that needs no screen, as a path.
browser() { command -v chromium || command -v chromium-headless-shell; }

# Whether what a Debian package is wanted for is there, however it came.
is_there() {
    case $1 in
        git | kcat | openssl | pkg-config | python3) command -v "$1" >/dev/null ;;
        g++) has_header stdlib.h && [[ $(cc -print-file-name=libstdc++.so) == /* ]] ;;
        ca-certificates) [[ -s /etc/ssl/certs/ca-certificates.crt || -s /etc/pki/tls/certs/ca-bundle.crt ]] ;;
        chromium) browser >/dev/null ;;
        zlib1g-dev) has_header zlib.h ;;
        liblz4-dev) has_header lz4frame.h ;;
        libzstd-dev) has_header zstd.h ;;
        default-jdk-headless) java --version >/dev/null 2>&1 && javac --version >/dev/null 2>&1 ;;
        libsnappy-dev) has_header snappy-c.h ;;
        librdkafka-dev) has_header librdkafka/rdkafka.h && pkg-config --exists rdkafka ;;
        krb5-kdc) [[ -x /usr/sbin/krb5kdc && -x /usr/sbin/kdb5_util ]] ;;
        krb5-admin-server) [[ -x /usr/sbin/kadmin.local ]] ;;
        krb5-user) command -v kinit >/dev/null ;;
        python3-gssapi) /usr/bin/python3 -c 'import gssapi' >/dev/null 2>&1 ;;
        python3-venv) python3 -c 'import ensurepip, venv' >/dev/null 2>&1 ;;
        lib* | zlib1g) ! toolchain_packages | grep -qxF -e "$1" ;;
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
    command -v apt-get >/dev/null || fail "there is no apt-get here; install by hand what provides ${missing[*]}"
    if [[ $(id -u) -ne 0 ]]; then
        command -v sudo >/dev/null ||
            fail "packages are missing, and there is no sudo; as root: apt-get update && apt-get install ${missing[*]}"
        sudo=(sudo)
    fi
    say "packages: installing ${missing[*]}"
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

# run_build COMMAND...: runs a build with all output in .build/build.log. Prints twice a minute where it is, and what was
# wrong when it fails.
run_build() {
    local log=$PWD/.build/build.log line next=$((SECONDS + 30))
    mkdir -p .build
    say "build: $*"
    if ! "$@" 2>&1 | tee "$log" | while IFS= read -r line; do
        [[ $SECONDS -ge $next && $line == \[* ]] || continue
        say "build: ${line:0:100} ($SECONDS s)"
        next=$((SECONDS + 30))
    done; then
        grep -a -m 20 'error:' "$log" >&2 || tail -n 20 "$log" >&2
        fail "the build failed; the whole output is in $log"
    fi
}

# build_release: builds the command as it is released, and sets release to its path.
build_release() {
    local build=(swift build -c release --product kafka-producer --static-swift-stdlib)
    run_build "${build[@]}"
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
