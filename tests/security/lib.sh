# What every security bar starts with: . ./lib.sh
#
# It is the integration tests' lib.sh with a smaller bundle, a victim on the host that must
# never change, and the choice of another runtime: CTR=/usr/bin/crun CTR_KIND=crun makes the
# bar run against crun (or runc), to see it red with a runtime known to be bad.
#
#	$OUT	the victim: a directory outside every root filesystem
#	$B	the bundle; `bundle` makes a fresh one with an unspoilt rootfs
#
# A check's text names what must hold. tests/security/controls quotes these texts.
# shellcheck shell=sh disable=SC2034,SC2154
KIND=${CTR_KIND:-ctr}
if [ "$KIND" != ctr ] && [ -z "${P-}" ]; then
	OTHER=$CTR
	CTR=$PWD/helpers/other
	export OTHER CTR CTR_KIND
fi
. ../integration/lib.sh

# Other runtimes want a pure v2 hierarchy; this one is our namespace's only.
# They also give away /dev/null, so it is a device of our own.
if [ "$KIND" != ctr ]; then
	mknod -m 666 "$T/null" c 1 3 && mount --bind "$T/null" /dev/null || exit 2
	mount -t cgroup2 none /sys/fs/cgroup || exit 2
	CGROUP=/sys/fs/cgroup
	ROOT=/run/$KIND
	ctr list >/dev/null 2>&1
	snap "$T/snap.base"
fi

# The bar is about what only ctr has, or only ctr promises.
only_ctr() { [ "$KIND" = ctr ] || skip "only for ctr"; }

# --- bundles -----------------------------------------------------------------

_small=$T/small
mkdir -p "$_small/bin" "$_small/etc" "$_small/proc" "$_small/sys" "$_small/dev" \
	"$_small/tmp" "$_small/mnt" "$_small/run"
ln "$B/rootfs/bin/busybox" "$_small/bin/busybox"
for _applet in sh cat ls id grep touch mkdir mknod mount stat sleep true readlink dd cut env; do
	ln -s busybox "$_small/bin/$_applet"
done
_bundles=0

bundle()
{
	_bundles=$((_bundles + 1))
	B=$T/b$_bundles
	mkdir "$B" && cp -a "$_small" "$B/rootfs" && cp base.json "$B/base.json"
}

# Put helpers into every bundle that is made from here on.
tool() # name...
{
	helper "$@"
	for _tool; do cp "$T/bin/$_tool" "$_small/bin/"; done
}

# A jq text for one more bind mount.
bind() # source destination [option...]
{
	jq -cn '$ARGS.positional | {type: "bind", source: .[0], destination: .[1],
		options: (["bind"] + .[2:])}' --args "$@"
}

# --- the victim ----------------------------------------------------------------

OUT=$T/victim

_victim()
{
	find "$OUT" -printf '%P %y %m %U %G %s %T@ %l\n' | sort
	find "$OUT" -type f -exec sha256sum {} +
}

victim()
{
	rm -rf "$OUT"
	mkdir -p "$OUT/dir"
	echo the host\'s secret >"$OUT/secret"
	echo marker >"$OUT/ptmx"
	_victim >"$T/victim.base"
}

untouched() # text
{
	_victim >"$T/victim.now"
	if cmp -s "$T/victim.base" "$T/victim.now"; then ok "$1"; else
		not_ok "$1"
		note "$(diff "$T/victim.base" "$T/victim.now" | grep "^[<>]" | head -n 6)"
		victim
	fi
}

# --- results -------------------------------------------------------------------

# Whatever the last command did, it did it well: it worked, or it failed in the one way.
decent()
{
	[ "$rc" = 0 ] && return 0
	[ "$rc" -le 125 ] && { [ "$KIND" != ctr ] || [ "$(lines "$err")" = 1 ]; }
}

# Many cases, one check: what is in $bad are those that went wrong.
bad=
wrong() { bad="$bad
$*"; }

none_wrong() # text
{
	if [ -z "$bad" ]; then ok "$1"; else
		not_ok "$1"
		printf '%s\n' "$bad" | sed -n '2,12s/^/#	/p'
	fi
	bad=
}

# Run and forget: what is left of a failure goes too.
# shellcheck disable=SC2120
attempt() # [option...]: run a container with the config as it is
{
	try ctr run --bundle "$B" "$@" "$P" </dev/null
	[ "$rc" = 0 ] || ctr delete --force "$P" >/dev/null 2>&1
}

victim
bundle
