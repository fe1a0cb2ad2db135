# What every integration test starts with: . ./lib.sh
#
# A test runs in a mount and a pid namespace of its own, in which / is shared (as on a
# systemd host) and /run and /dev/shm are empty: what a container leaks there is seen, is
# nobody else's, and is gone with the test, however that ends. Cgroups are the host's;
# the names of those made here contain $P.
#
#	$CTR	the command to test		$T	a directory of the test's own
#	$P	the prefix of every id		$B	the bundle, $B/rootfs with a busybox
#
# Commands that the tests run leave $rc, $out and $err (files $T/out and $T/err).
# shellcheck shell=sh disable=SC2034

skip() # reason
{
	echo "$*"
	exit 77
}

need() # program...
{
	for _program; do
		command -v "$_program" >/dev/null 2>&1 || skip "needs $_program"
	done
}

# The caller's side: start the test again in its namespaces, and clear up behind it.
_cgroups() { find /sys/fs/cgroup -depth -type d -path "*$P*" 2>/dev/null; }

_sweep_cgroups()
{
	_cgroups | while read -r _dir; do
		[ -w "$_dir/cgroup.kill" ] && echo 1 >"$_dir/cgroup.kill"
	done
	for _try in 1 2 3 4 5 6 7 8 9 10; do
		_cgroups | while read -r _dir; do rmdir "$_dir"; done 2>/dev/null
		[ -z "$(_cgroups)" ] && return
		sleep 0.1
	done
}

if [ -z "${P-}" ]; then
	[ "$(id -u)" = 0 ] || skip "needs root"
	need jq unshare mount busybox timeout ps
	[ -x "${CTR-}" ] || { echo "lib.sh: CTR is not the command to test" >&2; exit 2; }
	_own_tmp=
	if [ -z "${CTR_TEST_TMP-}" ]; then
		CTR_TEST_TMP=$(mktemp -d /tmp/ctr-test.XXXXXX) || exit 2
		chmod 711 "$CTR_TEST_TMP"
		_own_tmp=$CTR_TEST_TMP
	fi
	P=ctrtest-$$
	export P CTR_TEST_TMP CTR
	trap 'kill "$_child" 2>/dev/null' TERM INT HUP
	unshare --mount --pid --fork --kill-child --propagation private -- "$0" "$@" &
	_child=$!
	wait "$_child"
	_status=$?
	kill -0 "$_child" 2>/dev/null && wait "$_child"
	_sweep_cgroups
	[ -n "$_own_tmp" ] && rm -rf "$_own_tmp"
	exit "$_status"
fi

# Inside.
set -u
umask 022
mount --make-rshared / && mount -t proc proc /proc && mount -t tmpfs -o mode=755 run /run &&
	mount -t tmpfs -o mode=1777 shm /dev/shm || exit 2
T=$CTR_TEST_TMP
B=$T/bundle
LIB=$PWD
ROOT=/run/ctr
CGROUP=/sys/fs/cgroup/unified
[ -f /sys/fs/cgroup/cgroup.controllers ] && CGROUP=/sys/fs/cgroup
failed=0
n_checks=0
rc=0
out=
err=
unset LISTEN_FDS LISTEN_PID NOTIFY_SOCKET

ctr() { timeout -k 1 20 "$CTR" "$@"; }

# --- results -----------------------------------------------------------------

ok() # text
{
	n_checks=$((n_checks + 1))
	echo "ok - $*"
}

not_ok() # text
{
	n_checks=$((n_checks + 1))
	failed=$((failed + 1))
	echo "not ok - $*"
}

note() { printf '%s\n' "$*" | sed 's/^/#	/'; }

show() # the last command's end
{
	note "status $rc"
	[ -n "$out" ] && note "out: $(printf %s "$out" | head -n 12)"
	[ -n "$err" ] && note "err: $(printf %s "$err" | head -n 12)"
}

check() # text command...
{
	_text=$1
	shift
	if "$@"; then ok "$_text"; else
		not_ok "$_text"
		note "failed: $*"
		show
	fi
}

refuse() # text command...: the command must fail
{
	_text=$1
	shift
	if "$@"; then
		not_ok "$_text"
		note "must fail: $*"
	else ok "$_text"; fi
}

is() # text actual expected
{
	if [ "$2" = "$3" ]; then ok "$1"; else
		not_ok "$1"
		note "expected: $3"
		note "got:      $2"
		[ -n "$err" ] && note "err: $err"
	fi
}

matches() # text pattern: a shell pattern, * and all
{
	# shellcheck disable=SC2254
	case $1 in $2) return 0 ;; esac
	return 1
}

like() # text actual pattern
{
	if matches "$2" "$3"; then ok "$1"; else
		not_ok "$1"
		note "expected: $3"
		note "got:      $2"
		[ -n "$err" ] && note "err: $err"
	fi
}

# --- commands ----------------------------------------------------------------

try() # command...: keeps status, output and errors
{
	"$@" >"$T/out" 2>"$T/err"
	rc=$?
	out=$(cat "$T/out")
	err=$(cat "$T/err")
	return 0
}

lines() { printf '%s' "${1:+$1
}" | wc -l; }

# Fails in the one way a command may: status, one line on stderr that names things, no output.
fails() # text status pattern command...
{
	_text=$1 _status=$2 _pattern=$3
	shift 3
	try "$@"
	if [ "$rc" = "$_status" ] && [ -z "$out" ] && [ "$(lines "$err")" = 1 ] &&
		matches "$err" "$_pattern"; then ok "$_text"; else
		not_ok "$_text"
		note "expected: status $_status and one line $_pattern"
		show
	fi
}

# Succeeds without a word on stderr.
works() # text command...
{
	_text=$1
	shift
	try "$@"
	if [ "$rc" = 0 ] && [ -z "$err" ]; then ok "$_text"; else
		not_ok "$_text"
		note "expected: status 0 and silence on stderr: $*"
		show
	fi
}

# Until the command succeeds, at most 5 seconds.
wait_for() # command...
{
	_left=500
	until "$@" >/dev/null 2>&1; do
		_left=$((_left - 1))
		[ "$_left" -gt 0 ] || return 1
		sleep 0.01
	done
}

# --- bundles -----------------------------------------------------------------

# A root filesystem with busybox and its applets: a copy of that which the runner keeps.
make_rootfs() # directory
{
	mkdir -p "$1"
	if [ -d "${CTR_TEST_ROOTFS-}" ]; then
		cp -a "$CTR_TEST_ROOTFS/." "$1"
		return
	fi
	(
		cd "$1" || exit
		mkdir -p bin etc proc sys dev tmp mnt root home/user var/tmp usr/bin
		chmod 1777 tmp var/tmp
		cp "$(command -v busybox)" bin/busybox
		for _applet in $(bin/busybox --list); do
			[ "$_applet" = busybox ] || ln -s busybox "bin/$_applet"
		done
		echo 'root:x:0:0:root:/root:/bin/sh
user:x:1000:1000:user:/home/user:/bin/sh' >etc/passwd
		echo 'root:x:0:
user:x:1000:
more:x:2000:user' >etc/group
	)
	[ -n "${CTR_TEST_ROOTFS-}" ] || return 0
	_made=$(mktemp -d "$CTR_TEST_ROOTFS.XXXXXX") && cp -a "$1" "$_made/" &&
		mv -nT "$_made/${1##*/}" "$CTR_TEST_ROOTFS"
	rm -rf "$_made"
}

# The document of `ctr spec`, without a terminal; $BASE is what every edit begins with.
make_bundle() # directory
{
	make_rootfs "$1/rootfs"
	rm -f "$1/config.json"
	"$CTR" spec --bundle "$1" && jq -c '.process.terminal = false | .root.readonly = false |
		.process.args = ["true"]' "$1/config.json" >"$1/base.json"
}

# Write config.json: the base through a jq filter, and what to run.
config() # filter [command...]
{
	_filter=$1
	shift
	jq -c "$_filter | if (\$ARGS.positional | length) > 0
		then .process.args = \$ARGS.positional else . end" \
		"$B/base.json" --args -- "$@" >"$B/config.json" || echo "config: bad filter $_filter" >&2
}

# Run a command in a container made from an edited config.
run_in() # filter command...
{
	config "$@"
	try ctr run --bundle "$B" "$P"
}

# What that prints must be this, its status 0 and stderr silent.
gives() # text filter expected command...
{
	_text=$1 _filter=$2 _expected=$3
	shift 3
	run_in "$_filter" "$@"
	if [ "$rc" = 0 ] && [ -z "$err" ] && matches "$out" "$_expected"; then ok "$_text"; else
		not_ok "$_text"
		note "config: $_filter"
		note "expected: $_expected"
		show
		ctr delete --force "$P" 2>/dev/null
	fi
}

leaves_nothing()
{
	[ -z "$(find "$ROOT" -mindepth 1 -maxdepth 1 -name "$P*" 2>/dev/null)" ] &&
		[ -z "$(_cgroups)" ]
}

# Create must refuse this: status 1, one line, nothing left.
expect_error() # text filter pattern [command...]
{
	_text=$1 _filter=$2 _pattern=$3
	shift 3
	config "$_filter" "$@"
	refused "$_text" "$_pattern" --bundle "$B"
}

refused() # text pattern option...: `ctr create` with the config as it is
{
	_text=$1 _pattern=$2
	shift 2
	try ctr create "$@" "$P" </dev/null
	_left=
	leaves_nothing || _left="left: $(find "$ROOT" -name "$P*") $(_cgroups)"
	if [ "$rc" = 1 ] && [ -z "$out$_left" ] && [ "$(lines "$err")" = 1 ] &&
		matches "$err" "$_pattern"; then ok "$_text"; else
		not_ok "$_text"
		note "expected: status 1, one line $_pattern, nothing left"
		[ -n "$_left" ] && note "$_left"
		show
		ctr delete --force "$P" 2>/dev/null
	fi
}

# A container that waits in `sleep`, created and started.
start_sleeper() # [filter [id]]
{
	config "${1:-.}" sleep 1000
	ctr create --bundle "$B" "${2:-$P}" </dev/null >"$T/sleeper" 2>&1 &&
		ctr start "${2:-$P}" || { not_ok "start ${2:-$P}"; note "$(cat "$T/sleeper")"; return 1; }
}

status_of() { ctr state "$1" 2>/dev/null | jq -r .status; }
pid_of() { ctr state "$1" 2>/dev/null | jq -r .pid; }
cgroup_of() { sed -n 's/^0:://p' "/proc/$1/cgroup"; }

# A static program from helpers/NAME.c, in $T/bin: for the host and for any rootfs. Where
# there is no compiler, $CTR_TEST_HELPERS/SUITE has it.
helper() # name...
{
	_made=${CTR_TEST_HELPERS-}/${LIB##*/}
	[ -d "$_made" ] || command -v gcc >/dev/null 2>&1 || skip "needs gcc"
	mkdir -p "$T/bin"
	for _name; do
		[ ! -x "$_made/$_name" ] || cp "$_made/$_name" "$T/bin/"
		[ -x "$T/bin/$_name" ] || gcc -std=gnu11 -D_GNU_SOURCE -O1 -Wall -Wextra -static \
			-o "$T/bin/$_name" "$LIB/helpers/$_name.c" || exit 2
		[ -d "$B/rootfs/bin" ] && cp "$T/bin/$_name" "$B/rootfs/bin/"
	done
	PATH=$PATH:$T/bin
}

# --- the host before and after -----------------------------------------------

snap() # file
{
	ps -eo pid=,stat=,args= >"$T/ps"
	{
		_cgroups
		sort /proc/self/mountinfo | cut -d' ' -f3-6,7- | sed 's/^/mount /'
		awk '$1 != 1 && $2 !~ /^Z/ && $0 !~ /ps -eo pid=,stat=/ {
			$1 = $2 = ""; print "process", $0 }' "$T/ps"
		find "$ROOT" -mindepth 1 -maxdepth 1 -name "$P*" -printf 'state %P %m %U\n' 2>/dev/null
		find /dev/shm -mindepth 1
		find /run -mindepth 1 -path "$ROOT" -prune -o -print
		grep -o "_ses.$P.*" /proc/keys
		for _file in core_pattern hostname domainname; do
			echo "$_file $(cat /proc/sys/kernel/$_file)"
		done
		for _ns in /proc/self/ns/*; do echo "$_ns $(readlink "$_ns")"; done
	} >"$1" 2>/dev/null
}

# Nothing of a container is left; `snap` compared with the beginning.
clean() # text
{
	_left=30
	while snap "$T/snap.now" && ! cmp -s "$T/snap.base" "$T/snap.now"; do
		_left=$((_left - 1))
		if [ $_left = 0 ]; then
			not_ok "$1"
			note "$(diff "$T/snap.base" "$T/snap.now")"
			return 1
		fi
		sleep 0.03
	done
	ok "$1"
}

delete_all()
{
	for _dir in "$ROOT/$P"*; do
		[ -d "$_dir" ] && ctr delete --force "${_dir##*/}" 2>/dev/null
	done
}

# Every test ends with this; the trap is for those that end early.
finish()
{
	trap - EXIT
	clean "nothing is left of the test"
	delete_all
	echo "# $n_checks checks, $failed failed"
	[ "$failed" = 0 ] && exit 0
	exit 1
}

_bail()
{
	_status=$?
	delete_all
	[ $_status = 77 ] && exit 77
	echo "not ok - the test ended early with status $_status"
	exit 1
}
trap _bail EXIT

make_bundle "$B" || exit 2
ctr list >/dev/null 2>&1
snap "$T/snap.base"
