#!/bin/sh
# Purity, checked on the objects: a pure source (tests/pure-sources) may call other pure
# sources and the part of the C library that only computes or allocates. Everything else,
# above all a system call, is a breach.
# Usage: tests/pure.sh [BUILD-ROOT]; prints each breach, exits 1 on any.
build=$(cd "${1:-.}" && pwd) || exit 2
cd "$(dirname "$0")/.." || exit 2
. tests/pure-sources

# Word boundaries matter: "str*" is the C library's pure family, "read" is not in the list.
LIBC="abort __assert_fail __errno_location __stack_chk_fail _GLOBAL_OFFSET_TABLE_
	malloc calloc realloc reallocarray free qsort bsearch
	mem* str* __str* __isoc* ato* isalnum isalpha isdigit isspace toupper tolower
	__ctype_b_loc __ctype_tolower_loc __ctype_toupper_loc basename __xpg_basename
	snprintf vsnprintf asprintf vasprintf sscanf fprintf vfprintf fputs fputc putc fwrite
	open_memstream fclose fflush ferror yajl_*
	ubsan* __asan* __ubsan* __gcov*"

objects=
for source in $PURE_SOURCES; do
	object=$build/${source%.c}.o
	[ -e "$object" ] || { echo "pure.sh: $object is not built"; exit 2; }
	objects="$objects $object"
done
ours=$(nm -g --defined-only $objects | awk 'NF == 3 { print $3 }')

pure()
{
	name=$1
	case $name in __*_chk) name=${name#__}; name=${name%_chk} ;; esac
	case " $(echo $ours) " in *" $1 "*) return 0 ;; esac
	for pattern in $LIBC; do
		case $name in $pattern) return 0 ;; esac
	done
	return 1
}

set -f # the patterns in LIBC are for case, not for files
bad=0
for object in $objects; do
	for symbol in $(nm -u "$object" | awk '{ print $2 }'); do
		pure "$symbol" || { echo "${object#"$build"/}: calls $symbol"; bad=1; }
	done
done
exit $bad
