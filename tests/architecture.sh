#!/bin/sh
# The house rules that a reader relies on, checked on the text:
#  1. rooms: an #include "room/file.h" crosses only along tests/rooms
#  2. sizes: functions over 60 lines and files over 600 stand in tests/oversize, with a reason
#  3. mirror: every pure source has its unit test
# Usage: tests/architecture.sh [SOURCE-ROOT]; prints each breach, exits 1 on any.
cd "${1:-$(dirname "$0")/..}" || exit 2
bad=0

find spec libcontainer src tests contrib -name '*.[ch]' | sort | xargs awk '
function room_of(path) { sub(/\/[^\/]*$/, "", path); return path }
function breach(where, what) { print where ": " what; bad = 1 }
BEGIN {
	while ((getline line < "tests/rooms") > 0) {
		n = split(line, w, /[ \t]+/)
		if (line ~ /^#/ || n == 0) continue
		for (i = 2; i <= n; i++) {
			if (!(w[i] in known) && w[i] != "libcontainer") breach("tests/rooms", "\"" w[1] "\" uses \"" w[i] "\", which stands below it")
			may[w[1], w[i]] = 1
		}
		known[w[1]] = 1
	}
	if (!("src" in known)) breach("tests/rooms", "cannot be read")
	while ((getline line < "tests/oversize") > 0) {
		n = split(line, w, /[ \t]+/)
		if (line ~ /^#/ || n == 0) continue
		if (n < 3) breach("tests/oversize", "no reason for " w[1])
		excused[w[1]] = 1
	}
}
FNR == 1 {
	room = room_of(FILENAME)
	housed = FILENAME !~ /^(tests|contrib)\// # those stand outside and may use every room
	if (housed && !(room in known)) breach(FILENAME, "its folder is no room of tests/rooms")
	if (FILENAME !~ /^tests\/bench\/floor.c$/ && $0 != "/* SPDX-License-Identifier: Apache-2.0 */") breach(FILENAME ":1", "no SPDX line")
	lines[FILENAME] = 0
	start = 0
}
{ lines[FILENAME]++ }
/^#include "/ && housed {
	split($0, q, "\""); target = q[2]
	if (target == "config.h" || target == "ctr.h") next
	to = target ~ /\// ? room_of(target) : room
	if (to != "spec" && to !~ /^(src|libcontainer)/) to = "libcontainer/" to
	if (to != room && !((room, to) in may)) breach(FILENAME ":" FNR, room " may not use " to)
}
/^[a-zA-Z].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
/^{/ { start = FNR }
/^}/ { if (start && FNR - start > 60 && !(FILENAME ":" name in excused) && !(FILENAME in excused)) breach(FILENAME ":" start, name " has " FNR - start " lines"); start = 0 }
END {
	for (f in lines) if (lines[f] > 600 && !(f in excused)) breach(f, lines[f] " lines")
	exit bad
}' || bad=1

# mount_plan_bind.c may share the test of mount_plan.c.
has_test()
{
	stem=$(basename "$1" .c)
	room=$(basename "$(dirname "$1")")
	while :; do
		[ -e "tests/unit/$room/test_$stem.c" ] && return 0
		case $stem in *_*) stem=${stem%_*} ;; *) return 1 ;; esac
	done
}

. tests/pure-sources
for source in $PURE_SOURCES; do
	[ -e "$source" ] || { echo "tests/pure-sources: no $source"; bad=1; continue; }
	has_test "$source" || { echo "$source: no tests/unit/$(basename "$(dirname "$source")")/test_$(basename "$source")"; bad=1; }
done
exit $bad
