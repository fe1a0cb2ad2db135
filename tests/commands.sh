#!/bin/sh
# The command's tables against what is written about them:
#  1. every command of `ctr help` has a manual page, ctr(1) names it, and --help works
#  2. the OPTIONS of a page and `--help` list the same options
#  3. ctr-errors(7) has the classes and exit statuses of the library
#  4. the completion script that is kept is the one the command prints
# Usage: tests/commands.sh CTR MAN-DIRECTORY; prints each breach, exits 1 on any.
ctr=${1:?usage: tests/commands.sh CTR MAN-DIRECTORY}
man=${2:?usage: tests/commands.sh CTR MAN-DIRECTORY}
bad=0

breach() {
	echo "$1"
	bad=1
}

# The long options of a help text, sorted.
help_options() {
	sed -n 's/^  \(   \|-.,\) --\([a-z-]*\).*/\2/p' | sort
}

# The long options that the OPTIONS section of a page explains: those in the line behind .TP.
page_options() {
	awk '
		/^\.SH/ { inside = /OPTIONS/ }
		inside && previous == ".TP" {
			gsub(/\\-/, "-")
			while (match($0, /--[a-z][a-z-]*/)) {
				print substr($0, RSTART + 2, RLENGTH - 2)
				$0 = substr($0, RSTART + RLENGTH)
			}
		}
		{ previous = $0 }' "$1" | sort
}

# compare NAME PAGE HELP-TEXT
compare() {
	listed=$(printf '%s\n' "$3" | help_options)
	explained=$(page_options "$2")
	[ -n "$listed" ] || breach "$1: --help lists no option"
	for option in $listed; do
		printf '%s\n' "$explained" | grep -qx -e "$option" || breach "$2: says nothing of --$option"
	done
	for option in $explained; do
		printf '%s\n' "$listed" | grep -qx -e "$option" || breach "$2: $1 has no --$option"
	done
}

overview=$("$ctr" help) || breach "ctr help: fails"
commands=$(printf '%s\n' "$overview" | awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on { print $1 }')
[ -n "$commands" ] || breach "ctr help: lists no command"
compare ctr "$man/ctr.1" "$overview"

for command in $commands; do
	page=$man/ctr-$command.1
	text=$("$ctr" "$command" --help 2>&1) || {
		case $text in *"built or installed without it") continue ;; esac
		breach "ctr $command --help: fails"
	}
	grep -q "^\.BR ctr\\\\-$command (1)" "$man/ctr.1" || breach "$man/ctr.1: does not name $command"
	if [ -e "$page" ]; then
		compare "$command" "$page" "$text"
	else
		breach "$command: no $page"
	fi
done

for page in "$man"/ctr-*.1; do
	name=${page##*/ctr-}
	printf '%s\n' "$commands" | grep -qx -e "${name%.1}" || breach "$page: there is no such command"
done

# The classes of errors: ctr-errors(7) has the table of the library.
listed=$("$ctr" help errors | awk 'NR > 1 && !NF { exit } NR > 1 { print $1, $2 }' | sort)
explained=$(sed -n 's/^\.BR \([a-z\\-]*\) " \([0-9]*\)"$/\1 \2/p' "$man/ctr-errors.7" | tr -d '\\' | sort)
[ -n "$listed" ] && [ "$listed" = "$explained" ] ||
	breach "$man/ctr-errors.7: not the classes and statuses of 'ctr help errors'"

completion=$man/../contrib/completions/ctr.bash
"$ctr" completion bash | cmp -s - "$completion" ||
	breach "$completion: not what 'ctr completion bash' prints"

exit $bad
