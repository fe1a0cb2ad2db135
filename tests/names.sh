#!/bin/sh
# The name is the address: what a file exports begins with the file's stem or with the
# words that the stem begins with (cgroup_remove.c may define cgroup_*), with or without
# the room's name before it (config_schema.c in spec may define spec_config_*).
# Usage: tests/names.sh [OBJECT...]; without any, $OBJECTS. Exits 1 on a breach.
[ $# -gt 0 ] || set -- $OBJECTS
[ $# -gt 0 ] || { echo "names.sh: no objects"; exit 2; }

# What else a file may define: room/file (shell patterns), then the symbols.
exceptions()
{
	case $1/$2 in
	spec/*_schema/spec_*_schema) ;; # one file of tables for a document and its parts
	libcontainer/api*/ctr_*) ;;     # the public interface
	src/main/main | libexec/*_main/main) ;;
	*) return 1 ;;
	esac
}

for object; do
	stem=$(basename "$object" .o)
	room=$(basename "$(dirname "$object")")
	nm -g --defined-only "$object" | awk '$2 ~ /[TDRBC]/ { print $3 }' | while read -r symbol; do
		bare=${symbol#"$room"_}
		words=$stem
		while [ -n "$words" ]; do
			case $symbol in "$words" | "${words}_"*) continue 2 ;; esac
			case $bare in "$words" | "${words}_"*) continue 2 ;; esac
			case $words in *_*) words=${words%_*} ;; *) words= ;; esac
		done
		case $symbol in "$stem"*) continue ;; esac # str.c: strv_add
		exceptions "$room/$stem" "$symbol" && continue
		echo "$object: $symbol does not begin with ${stem}_"
	done
done | { breaches=$(cat); [ -z "$breaches" ] || { echo "$breaches"; exit 1; }; }
