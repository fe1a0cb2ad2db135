#!/bin/sh
# The public interface: ctr.h compiles alone, as C and as C++; the library shows ctr_* and
# nothing else; the example, linked with it, reports a failure as the header promises.
# Usage: tests/header.sh, in the build directory.
top=$(cd "$(dirname "$0")/.." && pwd)
bad=0
check() # WHAT COMMAND...
{
	what=$1
	shift
	"$@" || { echo "$what: failed"; bad=1; }
}

check "ctr.h as C11" ${CC:-cc} -std=c11 -Wall -Wextra -Werror -fsyntax-only -x c "$top/libcontainer/ctr.h"
if command -v c++ >/dev/null; then
	check "ctr.h as C++11" c++ -std=c++11 -Wall -Wextra -Werror -fsyntax-only -x c++ "$top/libcontainer/ctr.h"
else
	echo "no C++ compiler: ctr.h as C++ is not checked"
fi

others=$(${NM:-nm} -D --defined-only libcontainer.so | awk '$2 != "A" && $3 !~ /^ctr_/ { print $3 }')
[ -z "$others" ] || { echo "libcontainer.so also exports:" $others; bad=1; }

declared=$(sed -n 's/^[a-z].*[ *]\(ctr_[a-z_]*\)(.*/\1/p' "$top/libcontainer/ctr.h" | sort -u)
exported=$(${NM:-nm} -D --defined-only libcontainer.so | sed -n 's/.* \(ctr_[a-z_]*\)@.*/\1/p' | sort -u)
[ "$declared" = "$exported" ] || {
	echo "ctr.h and libcontainer.so differ in:" $(printf '%s\n' $declared $exported | sort | uniq -u)
	bad=1
}

message=$(LD_LIBRARY_PATH=. contrib/example/run /nonexistent 2>&1)
status=$?
[ $status -eq 1 ] && [ -n "$message" ] || { echo "the example: status $status, said '$message'"; bad=1; }
exit $bad
