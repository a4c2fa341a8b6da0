#!/bin/sh
# Builds build/liandong and the demo's pictures; with `install PREFIX` puts them below DESTDIR.
set -eu
cd "$(dirname "$0")/.."
compiler=${CC:-gcc}
command -v ccache >/dev/null 2>&1 && compiler="ccache $compiler"
if [ ! -f build/release/build.ninja ]; then
    CC="$compiler" meson setup build/release -Dbuildtype=release -Ddebug=true >build.log 2>&1 ||
        { cat build.log >&2; exit 1; }
    rm -f build.log
fi
ninja -C build/release --quiet src/app/liandong
ln -sf release/src/app/liandong build/liandong
tools/draw_pictures.sh demo/pictures build/release/src/app/demo/pictures
if [ "${1:-}" = install ]; then
    prefix=$2
    install -D -s build/release/src/app/liandong "${DESTDIR:-}$prefix/bin/liandong"
    mkdir -p "${DESTDIR:-}$prefix/share/liandong/demo"
    cp -r build/release/src/app/demo/pictures "${DESTDIR:-}$prefix/share/liandong/demo/"
fi
