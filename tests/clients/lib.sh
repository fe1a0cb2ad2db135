# What the tests with real clients start with: . ./lib.sh
#
# They run as root in a Debian that has the clients: in the test VM, or on this machine through
# tests/clients/native. $CTR is the command to test. A test says each thing it checks once:
#
#	runs NAME COMMAND... [= STATUS [REGEX]]		ends so (0), its output has a line like it
#	says NAME REGEX COMMAND...			ends with 0 and has such a line
#	becomes NAME REGEX COMMAND...			has such a line within a minute
#	fails NAME [FILE]				a failure by itself; what is in the file is shown
#
# and ends with `finish`. `nothing_left` is the inventory: no container, no cgroup, no mount.
# shellcheck shell=sh

T=$(mktemp -d /tmp/ctr-clients.XXXXXX) || exit 2
IMAGE=localhost/box:1 DOCKER_IMAGE=box:1
failed=0 dockerd=
# The configurations of contrib, as `make install` has put them.
EXAMPLES=${CTR%/bin/*}/share/doc/ctr/examples
# Word by word: what podman needs where pids is no v2 controller and limits cannot be raised.
PODMAN_PLAIN="--network none --pids-limit 0 --ulimit nofile=1024:4096 --ulimit nproc=1024:4096"
CONTAINERS_CONF=$T/containers.conf
export CONTAINERS_CONF
cat >"$CONTAINERS_CONF" <<EOF
[engine]
cgroup_manager = "${CGROUP_MANAGER:-cgroupfs}"
runtime = "ctr"
events_logger = "file"
[engine.runtimes]
ctr = ["$CTR"]
EOF

skip() { echo "$*"; exit 77; }
need() { for _n; do command -v "$_n" >/dev/null || skip "needs $_n"; done; }

fails()
{
	failed=$((failed + 1))
	echo "FAILED: $1"
	[ -z "${2-}" ] || tail -n 30 "$2" | sed 's/^/    /'
}

runs() # NAME COMMAND... [= STATUS [REGEX]]
{
	_name=$1 _want=0 _like= _n=0
	shift
	_total=$#
	while [ $_n -lt $_total ]; do
		_n=$((_n + 1))
		if [ "$1" = "=" ] && [ $_n -ge $((_total - 2)) ]; then
			_want=$2
			[ $_n -eq $((_total - 1)) ] || _like=$3
			shift $((_total - _n + 1))
			break
		fi
		set -- "$@" "$1"
		shift
	done
	timeout -k 5 "${CLIENT_TIMEOUT:-120}" "$@" >"$T/out" 2>&1 </dev/null
	_status=$?
	if [ $_status -ne "$_want" ]; then
		echo "status $_status, not $_want: $*" >>"$T/out"
		fails "$_name" "$T/out"
	elif [ -n "$_like" ] && ! grep -q -e "$_like" "$T/out"; then
		echo "no line is like $_like: $*" >>"$T/out"
		fails "$_name" "$T/out"
	fi
}

says() # NAME REGEX COMMAND...
{
	_said=$1 _regex=$2
	shift 2
	runs "$_said" "$@" = 0 "$_regex"
}

becomes() # NAME REGEX COMMAND...
{
	_name=$1 _regex=$2
	shift 2
	for _n in $(seq 120); do
		timeout -k 5 30 "$@" 2>&1 </dev/null | tee "$T/out" | grep -q -e "$_regex" && return
		sleep 0.5
	done
	fails "$_name" "$T/out"
}

# A busybox alone: $T/image.tar.
make_tree()
{
	mkdir -p "$T/image/bin" "$T/image/etc" "$T/image/tmp"
	cp "$(command -v busybox)" "$T/image/bin/busybox"
	for _n in $("$T/image/bin/busybox" --list); do
		[ "$_n" = busybox ] || ln -s busybox "$T/image/bin/$_n"
	done
	echo root:x:0:0:root:/:/bin/sh >"$T/image/etc/passwd"
	tar -C "$T/image" -cf "$T/image.tar" .
}

# It as an image in podman's store.
make_image()
{
	make_tree
	podman import -q "$T/image.tar" "$IMAGE" >/dev/null || fails "podman import"
}

# A build with one RUN step.
make_context()
{
	mkdir -p "$T/context"
	cp "$T/image.tar" "$T/context"
	printf 'FROM scratch\nADD image.tar /\nRUN echo made >/made\n' >"$T/context/Dockerfile"
}

make_context_from() # IMAGE
{
	mkdir -p "$T/context"
	printf 'FROM %s\nRUN echo made >/made\n' "$1" >"$T/context/Dockerfile"
}

start_docker() # MORE, members of daemon.json
{
	mkdir -p "$T/docker"
	cat >"$T/docker/daemon.json" <<EOF
{ "runtimes": { "ctr": { "path": "$CTR" } }, "default-runtime": "ctr",
  "exec-opts": ["native.cgroupdriver=${CGROUP_MANAGER:-cgroupfs}"], $1 }
EOF
	dockerd --config-file "$T/docker/daemon.json" >"$T/dockerd.log" 2>&1 &
	dockerd=$!
	for _n in $(seq 300); do
		docker version >/dev/null 2>&1 && return 0
		kill -0 $dockerd 2>/dev/null || return 1
		sleep 0.2
	done
	return 1
}

stop_docker()
{
	[ -n "$dockerd" ] || return 0
	kill $dockerd 2>/dev/null
	wait $dockerd
	dockerd=
}

nothing_left()
{
	podman ps -aq >"$T/out" 2>&1
	[ -s "$T/out" ] && fails "containers are left in podman" "$T/out"
	find /run/ctr /run/docker/runtime-* -mindepth 1 -maxdepth 2 -type d ! -name .cache ! -name moby >"$T/out" 2>/dev/null
	[ -s "$T/out" ] && fails "state directories are left" "$T/out"
	find /sys/fs/cgroup -type d -path '*libpod-[0-9a-f]*' >"$T/out" 2>/dev/null
	[ -s "$T/out" ] && fails "cgroups are left" "$T/out"
	return 0
}

finish()
{
	[ "$failed" -eq 0 ]
	exit
}

_end()
{
	stop_docker
	# What engines leave behind, when nothing is in it.
	rmdir /sys/fs/cgroup/docker /sys/fs/cgroup/libpod_parent/conmon /sys/fs/cgroup/libpod_parent 2>/dev/null
	rm -rf "$T"
}
trap _end EXIT
trap 'exit 130' INT TERM HUP
