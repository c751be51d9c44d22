#!/bin/sh
# A real MTA against the scripted sink, in a network, mount and process
# namespace of its own; its logs and the sink's record are the result.
#
#   tests/real/run.sh MTA OUTDIR        MTA: one of the files in mta/
#
# Needs root, python3, and (the first time) Debian's archive. The package is
# installed into an overlay over / that lives in $REAL_ROOTS (default
# /var/tmp/mxtrend-real), never into the running system, and no daemon
# outlives the run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
roots=${REAL_ROOTS:-/var/tmp/mxtrend-real}

fail() {
	echo "run.sh: $*" >&2
	exit 1
}

# In the new mount namespace: LOWER with the overlay UPPER on top.
mount_overlay() { # LOWER UPPER WORK
	root=$roots/$mta/root
	mount -t overlay overlay \
	    -o "lowerdir=$1,upperdir=$2,workdir=$3" "$root"
}

mount_devices() {
	mount -t tmpfs tmpfs "$root/run"
	mount -t tmpfs tmpfs "$root/dev"
	for node in null:3 zero:5 full:7 random:8 urandom:9; do
		mknod -m 666 "$root/dev/${node%:*}" c 1 "${node#*:}"
	done
	mknod -m 666 "$root/dev/tty" c 5 0
	ln -s /proc/self/fd "$root/dev/fd"
	mkdir -p "$root/proc" "$root/real" "$root/out"
	mount --bind "$here" "$root/real"
}

install_packages() {
	mount --make-rprivate /
	mount_overlay / "$roots/$mta/upper" "$roots/$mta/work"
	mount_devices
	mount --bind /proc "$root/proc"
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	# shellcheck disable=SC2016
	chroot "$root" sh -euc '
		. "/real/mta/$1"
		export DEBIAN_FRONTEND=noninteractive
		preseed | debconf-set-selections
		apt-get -qq update
		apt-get -qq -y --no-install-recommends install $packages' \
	    sh "$mta" >"$roots/$mta/install.log" 2>&1 ||
	    fail "installation failed, see $roots/$mta/install.log"
}

# What the run itself writes goes to memory and is gone with it.
run_inside() {
	mount --make-rprivate /
	scratch=$roots/$mta/scratch
	mount -t tmpfs tmpfs "$scratch"
	mkdir "$scratch/upper" "$scratch/work"
	mount_overlay / "$roots/$mta/upper" "$roots/$mta/work"
	mount_overlay "$root" "$scratch/upper" "$scratch/work"
	mount_devices
	mount --bind "$out" "$root/out"
	[ -z "${REAL_INSTALL-}" ] ||
	    make -s -C "$REAL_INSTALL" install DESTDIR="$root" >/dev/null
	mount -t proc proc "$root/proc"
	mount -t tmpfs tmpfs "$root/tmp"
	chmod 1777 "$root/tmp"
	echo 'nameserver 127.0.0.1' >"$root/tmp/resolv.conf"
	mount --bind "$root/tmp/resolv.conf" "$root/etc/resolv.conf"
	hostname mail.example.org
	ip link set lo up
	# All addresses of the scenario stand on the loopback device, and so
	# the logs read as if there were a world.
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here python3 -c '
from world import scenario
print("\n".join(scenario.ADDRESSES))' | while read -r address; do
		ip address add "$address" dev lo noprefixroute
	done
	# Not exec: some daemons do not detach from a parent with the number 1.
	chroot "$root" /real/inside.sh "$mta"
}

case ${1-} in
--install)
	mta=$2
	install_packages
	;;
--inside)
	mta=$2 out=$3
	export REAL_MTA="$mta"
	run_inside
	;;
'' | -*)
	fail "usage: run.sh MTA OUTDIR"
	;;
*)
	mta=$1 out=${2:?usage: run.sh MTA OUTDIR}
	[ -f "$here/mta/$mta" ] || fail "no such MTA: $mta"
	[ "$(id -u)" -eq 0 ] || fail "needs root"
	mkdir -p "$out" "$roots/$mta/upper" "$roots/$mta/work" \
	    "$roots/$mta/root" "$roots/$mta/scratch"
	out=$(cd "$out" && pwd)
	if [ ! -f "$roots/$mta/installed" ]; then
		unshare -m "$0" --install "$mta"
		touch "$roots/$mta/installed"
	fi
	# With the process namespace goes every process in it.
	unshare -m -n -u -p -f --kill-child "$0" --inside "$mta" "$out"
	# A story has a check of its own.
	[ -n "${REAL_STORY-}" ] || "$here/check_$mta.py" "$out"
	;;
esac
