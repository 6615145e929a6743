#!/bin/sh
# Makes sure that the Debian packages vtrack needs are there: scripts/install-dependencies.sh [--tests]
#
# Missing ones are installed with apt-get where that works without a question (root, or sudo without a password).
# Otherwise the exact command is printed and the exit status is 1. --tests adds what only the tests use; of that, zzuf may
# stay missing, and the tests with damaged clips are then skipped.
# Where everything is there already, nothing is run but dpkg-query.
set -eu

needed='libavformat-dev libavcodec-dev libswscale-dev libavutil-dev libdnnl-dev zlib1g-dev libcurl4-openssl-dev'
optional=
if [ "${1:-}" = --tests ]; then
    needed="$needed ffmpeg"
    optional=zzuf
fi

if ! command -v swift >/dev/null 2>&1; then
    echo "vtrack needs Swift 6.2 or later, and no 'swift' is on the PATH: https://www.swift.org/install/linux/" >&2
    exit 1
fi

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is not a Debian system. vtrack needs the development files of FFmpeg 5.1 or later (libavformat," >&2
    echo "libavcodec, libswscale, libavutil), of oneDNN 2.6 or later, of zlib and of libcurl; going on in the hope that they are there." >&2
    exit 0
fi

missing=
required=no
for package in $needed $optional; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] && continue
    missing="$missing $package"
    [ "$package" = "$optional" ] || required=yes
done
missing=${missing# }
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root='sudo -n'
else
    if [ "$required" = yes ]; then
        echo "Missing Debian packages. Install them and try again:" >&2
    else
        echo "A Debian package that some tests need is missing; they are skipped. To run them as well:" >&2
    fi
    echo >&2
    echo "    sudo apt-get update && sudo apt-get install --no-install-recommends $missing" >&2
    echo >&2
    [ "$required" = no ] && exit 0
    exit 1
fi

install() {
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing </dev/null
}

echo "Installing Debian packages: $missing" >&2
# A fresh machine has no package lists, and old lists name versions that are gone: fetch them only where it takes that.
if ! install; then
    { $as_root apt-get update </dev/null && install; } || [ "$required" = no ]
fi
