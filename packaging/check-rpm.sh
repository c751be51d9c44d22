#!/bin/sh
# Builds the RPM on whatever system has rpmbuild, without its build
# requirements (they carry Fedora's names), and looks into it:
#   packaging/check-rpm.sh TARBALL VERSION
# On Fedora, `rpmbuild -ta TARBALL` with the requirements is the real thing.
set -eu
tarball=$(realpath "$1") version=$2
# shellcheck source=tests/support/tap.sh
. tests/support/tap.sh
spec=packaging/rpm/mxtrend.spec
command -v rpmbuild >/dev/null || { echo '1..0 # SKIP no rpmbuild'; exit 0; }
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
mkdir -p "$top/SOURCES"
cp "$tarball" "$top/SOURCES/"

# What systemd-rpm-macros would define.
cat >"$top/macros" <<'MACROS'
%_unitdir /usr/lib/systemd/system
%systemd_requires %{nil}
%systemd_post() %{nil}
%systemd_preun() %{nil}
%systemd_postun_with_restart() %{nil}
MACROS
rpmspec -P --define "_topdir $top" --load="$top/macros" $spec \
    >"$top/spec" 2>"$top/bad" || true
check 'the spec file parses' "$top/bad"
grep -q "^Source0: *mxtrend-$version.tar.gz" $spec ||
    echo "Source0 is not mxtrend-$version.tar.gz" >"$top/bad"
check 'it is of this version' "$top/bad"
if rpmbuild -bb --nodeps --define "_topdir $top" --load="$top/macros" \
    --define 'debug_package %{nil}' $spec >"$top/log" 2>&1; then
	ok 'rpmbuild -bb'
else
	not_ok 'rpmbuild -bb' "$(tail -n 20 "$top/log")"
	finish
	exit 1
fi
rpm=$(find "$top/RPMS" -name '*.rpm')
mkdir "$top/root"
(cd "$top/root" && rpm2cpio "$rpm" | cpio -idm --quiet)
(cd "$top/root" && find . -type f | sort) >"$top/files"
: >"$top/bad"
for f in man/*.[157]; do
	grep -q "/${f#man/}" "$top/files" || echo "no $f" >>"$top/bad"
done
for f in /usr/bin/mxtrend /etc/mxtrend.conf \
    /usr/share/mxtrend/rules/providers.tsv \
    /usr/lib/systemd/system/mxtrend.service \
    /usr/lib/systemd/system/mxtrend.timer; do
	grep -qx "\.$f" "$top/files" || echo "no $f" >>"$top/bad"
done
check 'it holds the program, its data, units and every page' "$top/bad"
rpm -qp --configfiles "$rpm" | grep -qx /etc/mxtrend.conf ||
    echo 'the configuration is no configuration file' >"$top/bad"
check 'the configuration survives an upgrade' "$top/bad"
"$top/root/usr/bin/mxtrend" --version >"$top/version"
grep -q "^mxtrend $version" "$top/version" || cat "$top/version" >"$top/bad"
check 'its program is of this version' "$top/bad"
if command -v rpmlint >/dev/null; then
	# Of these the build system of a distribution takes care: signature,
	# packager, stripping and compression, scriptlets out of its macros. Old
	# versions know no SPDX names and want tags that have gone. libcurl is
	# named as it is loaded by its name, which rpm cannot see.
	rpmlint "$rpm" $spec 2>/dev/null | grep -E ': [EW]: ' | grep -vE \
	    'invalid-url|no-signature|no-packager-tag|unstripped-binary|manpage-not-compressed|empty-%p|invalid-license|no-group-tag|no-buildroot-tag|explicit-lib-dependency libcurl|no-manual-page-for-binary|bad-manual-page-folder.*manconf' \
	    >"$top/bad" || true
	check 'rpmlint has nothing to say' "$top/bad"
else
	skip 'rpmlint has nothing to say' 'no rpmlint here'
fi
finish
