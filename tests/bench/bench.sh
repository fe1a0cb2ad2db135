#!/bin/sh
# Measure ctr against crun, runc and the floor (the system calls alone) on this machine,
# in interleaved rounds. Usage: tests/bench/bench.sh CTR PBENCH FLOOR [ROUNDS]
# (make bench [BENCH_ROUNDS=N]). Needs root and crun; runc is measured when it is there.
#
# Processor time counts the command and the children it waited for, so it is little
# disturbed by whatever else runs. ctr and crun go without cgroups (crun 1.8 can do
# nothing else on a host with v1 and v2); runc cannot be told so and pays for its own.
# Where v2 is not at /sys/fs/cgroup, that is arranged in a mount namespace of our own;
# the host's mounts stay as they are.
exec </dev/null
[ $# -ge 3 ] || { echo "usage: $0 CTR PBENCH FLOOR [ROUNDS]" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "bench: needs root" >&2; exit 1; }
for tool in crun busybox unshare; do
	command -v $tool >/dev/null || { echo "bench: $tool is missing" >&2; exit 1; }
done
v2=/sys/fs/cgroup/unified
if [ -z "$BENCH_INSIDE" ]; then
	mounts=:
	[ -e /sys/fs/cgroup/cgroup.controllers ] || [ ! -e $v2/cgroup.controllers ] ||
		mounts="mount --bind $v2 /sys/fs/cgroup"
	BENCH_INSIDE=yes exec unshare -m --propagation private sh -c "$mounts"' && exec "$@"' sh "$0" "$@"
fi

here=$(cd "$(dirname "$0")" && pwd)
ctr=$(realpath "$1") pbench=$(realpath "$2") floor=$(realpath "$3") rounds=${4:-40}
crun=$(command -v crun)
runc=$(command -v runc)
work=$(mktemp -d /tmp/ctr-bench.XXXXXX) || exit 1

c="$ctr --root $work/ctr --cgroup-manager=disabled"
x="$crun --root $work/crun --cgroup-manager=disabled"
r="$runc --root $work/runc"

each_runtime() # COMMAND ARG...: with its options before them, each runtime in turn
{
	"$ctr" --root "$work/ctr" --cgroup-manager=disabled "$@" &&
		"$crun" --root "$work/crun" --cgroup-manager=disabled "$@" &&
		{ [ -z "$runc" ] || "$runc" --root "$work/runc" "$@"; }
}
clean()
{
	for dir in "$work"/ctr/*; do
		case ${dir##*/} in stop?*) continue ;; esac # a mere copy
		$c delete --force "${dir##*/}" >/dev/null 2>&1
	done
	$x delete --force hold >/dev/null 2>&1
	[ -z "$runc" ] || $r delete --force hold >/dev/null 2>&1
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM HUP

rootfs()
{
	mkdir -p "$1/bin" "$1/proc" "$1/dev" "$1/sys" "$1/tmp" "$1/etc"
	cp "$(command -v busybox)" "$1/bin/busybox"
	for applet in sh true sleep; do ln -s busybox "$1/bin/$applet"; done
}
bundle() # NAME CONFIG PROGRAM
{
	rootfs "$work/$1/rootfs"
	sed "s|\"/bin/true\"|$3|" "$here/$2" >"$work/$1/config.json"
}
bundle default config-default.json '"/bin/true"'
bundle seccomp config-docker-seccomp.json '"/bin/true"'
bundle hold config-default.json '"/bin/sleep", "100000"'

# One line of the script for each runtime that is here: what LABEL COMMAND...
for_each() # time|also LABEL COMMAND...
{
	how=$1 label=$2
	shift 2
	for runtime in ctr crun runc; do
		case $runtime in ctr) call=$c ;; crun) call=$x ;; runc) call=$r ;; esac
		[ $runtime = runc ] && [ -z "$runc" ] && continue
		[ $how = time ] && echo "time $label/$runtime $call $*" || echo "also $call $*"
	done
}

echo "ctr $($ctr --version | sed -n 's/^ctr version //p;q'), $($crun --version | head -n 1)${runc:+, $($runc --version | head -n 1)}; kernel $(uname -r), $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg), $rounds rounds"
: >"$work/result"

# Each comparison by itself, so that what one leaves to the kernel (namespaces are taken down
# behind the command's back) is not paid for by another.
measure() { "$pbench" "$rounds" 3 >>"$work/result" || exit 1; }

export FLOOR_ROOT="$work/default/rootfs"
{
	for_each time run run -b "$work/default" default%d
	echo "time run/floor $floor run pniumcRPDTSQYGKOVLHCXv"
	echo reap
} | measure
{
	for_each time run-seccomp run -b "$work/seccomp" seccomp%d
	echo reap
} | measure
{
	for_each time create create -b "$work/hold" cycle%d
	for_each time start start cycle%d
	for_each time state state cycle%d
	for_each also kill kill cycle%d KILL
	echo reap
	for_each time delete delete cycle%d
} | measure

each_runtime run -d -b "$work/hold" hold </dev/null >/dev/null 2>"$work/errors" || {
	cat "$work/errors" >&2
	exit 1
}
{
	for_each time exec exec hold /bin/true
	pid=$($c state hold | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p')
	echo "time exec/floor $floor exec $pid pniumcCXv"
	echo reap
} | measure

# list: a thousand stopped containers, copies of one record under other names.
thousand() # ROOT RECORD-FILE
{
	i=1000
	while [ $i -lt 2000 ]; do
		mkdir "$1/stop$i"
		sed "s/\"stop\"/\"stop$i\"/" "$1/stop/$2" >"$1/stop$i/$2"
		chmod 600 "$1/stop$i/$2"
		i=$((i + 1))
	done
	chmod 700 "$1"/stop*
}
for runtime in ctr crun; do
	case $runtime in ctr) call=$c record=state.json ;; crun) call=$x record=status ;; esac
	printf 'also %s create -b %s stop\nalso %s kill stop KILL\nreap\n' "$call" "$work/hold" "$call" |
		"$pbench" 1 0
	[ -e "$work/$runtime/stop/$record" ] || { echo "bench: no record of $runtime" >&2; exit 1; }
	thousand "$work/$runtime" $record
	cp "$work/hold/config.json" "$work/$runtime/stop1000/" # runtimes that want one find one
	listed=$($call list | grep -c '^stop')
	[ "$listed" -ge 1000 ] || { echo "bench: $runtime lists $listed of 1001 containers" >&2; exit 1; }
done
printf 'time list/ctr %s list\ntime list/crun %s list\n' "$c" "$x" |
	"$pbench" "$(((rounds + 3) / 4))" 1 >>"$work/result"

awk -F '\t' '
function row(label,    other) {
	other = label; sub(/\/.*/, "/crun", other)
	printf "%-20s %9d %9d %9d %9d  %s%s\n", label, cpu[label], min[label], wall[label], rss[label], cpu[other] ? sprintf("%5.2f", cpu[label] / cpu[other]) : "    -", bad[label] ? "  " bad[label] " FAILED" : ""
}
function target(what, got, want, form) {
	printf "  %-28s " form "  (wanted at most " form ")  %s\n", what, got, want, got <= want ? "ok" : "MISSED"
	if (got > want) missed = 1
}
function ratio(label) { return cpu[label "/crun"] && !bad[label "/ctr"] ? cpu[label "/ctr"] / cpu[label "/crun"] : 99 }
{ order[++n] = $1; cpu[$1] = $2; min[$1] = $3; wall[$1] = $4; rss[$1] = $5; bad[$1] = $6 }
END {
	printf "%-20s %9s %9s %9s %9s  %s\n", "us", "cpu med", "wall min", "wall med", "peak KB", "cpu : crun"
	for (i = 1; i <= n; i++) row(order[i])
	print "ctr : crun, processor time"
	target("run, default", ratio("run"), 0.60, "%.2f")
	target("run, Docker seccomp", ratio("run-seccomp"), 0.25, "%.2f")
	target("start", ratio("start"), 0.35, "%.2f")
	target("state", ratio("state"), 0.35, "%.2f")
	target("delete", ratio("delete"), 0.35, "%.2f")
	target("exec", ratio("exec"), 0.50, "%.2f")
	target("list, 1000 containers", ratio("list"), 0.50, "%.2f")
	target("peak resident set, KB", rss["run/ctr"] > rss["run-seccomp/ctr"] ? rss["run/ctr"] : rss["run-seccomp/ctr"], 1536, "%d")
	exit missed
}' "$work/result"
