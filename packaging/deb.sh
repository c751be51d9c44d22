#!/bin/sh
# A Debian package out of a tarball: packaging/deb.sh TARBALL VERSION OUTDIR
set -eu
tarball=$1 out=$3
# 1.0.0-rc1 comes before 1.0.0 where it is written 1.0.0~rc1
upstream=$(echo "$2" | sed 's/-/~/')

rm -rf "$out"
mkdir -p "$out"
cp "$tarball" "$out/mxtrend_$upstream.orig.tar.gz"
tar -xzf "$tarball" -C "$out"
tree=$out/mxtrend-$2
cp -R "$tree/packaging/debian" "$tree/debian"
cp "$tree"/packaging/systemd/mxtrend.* "$tree/debian/"
# What make was called with here is none of the package's affair.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL BUILD VARIANT CFLAGS CPPFLAGS \
    LDFLAGS
(cd "$tree" && dpkg-buildpackage -us -uc -b)
if command -v lintian >/dev/null; then
	lintian --fail-on error,warning "$out"/*.changes
fi
ls -l "$out"/*.deb
