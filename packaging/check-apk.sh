#!/bin/sh
# Runs the functions of the APKBUILD as abuild would, on whatever system has
# the libraries, and looks at what they install:
#   packaging/check-apk.sh TARBALL VERSION
# On Alpine, `abuild checksum` and `abuild -r` are the real thing.
set -eu
tarball=$(realpath "$1") version=$2
# shellcheck source=tests/support/tap.sh
. tests/support/tap.sh
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
tree=$PWD

mkdir "$top/src" "$top/pkg" "$top/bin"
tar -xzf "$tarball" -C "$top/src"
# No user of that name stands here.
# shellcheck disable=SC2016 # for the script that is written
printf '#!/bin/sh\nfor a; do shift; case $a in mxtrend) ;; -o|-g) ;; *) set -- "$@" "$a";; esac; done\nexec /usr/bin/install "$@"\n' \
    >"$top/bin/install"
chmod +x "$top/bin/install"
cat >"$top/abuild" <<'ABUILD'
set -e
srcdir=$1/src pkgdir=$1/pkg
. "$2/packaging/alpine/APKBUILD"
cd "$builddir"
build
check
package
for file in $install; do test -f "$2/packaging/alpine/$file"; done
echo "$pkgver" >"$1/pkgver"
ABUILD
if PATH=$top/bin:$PATH sh "$top/abuild" "$top" "$tree" >"$top/log" 2>&1; then
	ok 'build, check and package run'
else
	not_ok 'build, check and package run' "$(tail -n 20 "$top/log")"
	finish
	exit 1
fi
: >"$top/bad"
[ "$(cat "$top/pkgver")" = "$(echo "$version" | sed 's/-/_/')" ] ||
    cat "$top/pkgver" >"$top/bad"
check 'it is of this version, as Alpine writes it' "$top/bad"
(cd "$top/pkg" && find . -type f | sort) >"$top/files"
: >"$top/bad"
for f in man/*.[157]; do
	grep -q "/${f#man/}" "$top/files" || echo "no $f" >>"$top/bad"
done
for f in /usr/bin/mxtrend /etc/mxtrend.conf \
    /usr/share/mxtrend/rules/providers.tsv; do
	grep -qx "\.$f" "$top/files" || echo "no $f" >>"$top/bad"
done
[ -d "$top/pkg/var/lib/mxtrend" ] || echo 'no state directory' >>"$top/bad"
check 'it holds the program, its data and every page' "$top/bad"
finish
