#!/bin/sh
# Make ./configure from configure.ac. Needed once after a clone.
cd "$(dirname "$0")" || exit 1
for tool in autoreconf automake pkg-config; do
	command -v "$tool" >/dev/null || {
		echo "autogen.sh: $tool is missing: on Debian and Ubuntu install autoconf automake pkg-config (or run contrib/install-deps)" >&2
		exit 1
	}
done
exec autoreconf --force --install
