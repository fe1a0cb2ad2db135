# bash completion for ctr, printed by: ctr completion bash

_ctr_words()
{
	local choice

	for choice; do
		[[ $choice == "$word"* ]] && COMPREPLY+=("$choice")
	done
}

_ctr_paths()
{
	compopt -o filenames
	mapfile -t COMPREPLY < <(compgen "$1" -- "$word")
}

_ctr_ids()
{
	local id

	while read -r id; do
		[[ $id == *[!A-Za-z0-9_+.-]* ]] || _ctr_words "$id"
	done < <("$ctr" "${root[@]}" list -q 2>/dev/null)
}

_ctr()
{
	local ctr=$1 word=$2 before=$3 command='' i
	local -a root=()

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--root) root=(--root "${COMP_WORDS[++i]}") ;;
		--store | --log | --log-format | --log-level | --error-format | --cgroup-manager | --rootless | --criu) ((i++)) ;;
		-*) ;;
		*) command=${command:+$command-}${COMP_WORDS[i]}
			case $command in
			template | doctor) ;;
			*) break ;;
			esac ;;
		esac
	done
	case $command:$before in
	:--root) _ctr_paths -d ;;
	:--store) _ctr_paths -d ;;
	:--log) _ctr_paths -f ;;
	:--log-format) _ctr_words text json ;;
	:--log-level) _ctr_words error warning info debug ;;
	:--error-format) _ctr_words text json ;;
	:--cgroup-manager) _ctr_words cgroupfs systemd disabled ;;
	:--rootless) _ctr_words auto true false ;;
	:--criu) _ctr_paths -f ;;
	:*)
		case $word in
		-*) _ctr_words --help --root --store --log --log-format --log-level --debug --error-format --cgroup-manager --systemd-cgroup --rootless --criu --version ;;
		*) _ctr_words create start run exec state list ps wait events kill delete pause resume update mounts checkpoint restore template deploy enter info stop restart rename destroy gc doctor spec features plan help completion ;;
		esac
		;;
	create:--bundle | create:-b) _ctr_paths -d ;;
	create:--config | create:-f) _ctr_paths -f ;;
	create:--pid-file) _ctr_paths -f ;;
	create:--console-socket) _ctr_paths -f ;;
	create:--pidfd-socket) _ctr_paths -f ;;
	create:--preserve-fds) : ;;
	create:*)
		case $word in
		-*) _ctr_words --help --bundle --config --pid-file --console-socket --pidfd-socket --no-pivot --no-new-keyring --no-subreaper --preserve-fds ;;
		*) _ctr_ids ;;
		esac
		;;
	start:*)
		case $word in
		-*) _ctr_words --help ;;
		*) _ctr_ids ;;
		esac
		;;
	run:--bundle | run:-b) _ctr_paths -d ;;
	run:--config | run:-f) _ctr_paths -f ;;
	run:--pid-file) _ctr_paths -f ;;
	run:--console-socket) _ctr_paths -f ;;
	run:--pidfd-socket) _ctr_paths -f ;;
	run:--preserve-fds) : ;;
	run:*)
		case $word in
		-*) _ctr_words --help --bundle --config --pid-file --console-socket --pidfd-socket --no-pivot --no-new-keyring --no-subreaper --preserve-fds --detach --keep --dry-run ;;
		*) _ctr_ids ;;
		esac
		;;
	exec:--process | exec:-p) _ctr_paths -f ;;
	exec:--cwd) _ctr_paths -d ;;
	exec:--env | exec:-e) : ;;
	exec:--user | exec:-u) : ;;
	exec:--additional-gids | exec:-g) : ;;
	exec:--cap | exec:-c) : ;;
	exec:--apparmor) : ;;
	exec:--process-label) : ;;
	exec:--pid-file) _ctr_paths -f ;;
	exec:--console-socket) _ctr_paths -f ;;
	exec:--pidfd-socket) _ctr_paths -f ;;
	exec:--preserve-fds) : ;;
	exec:--cgroup) : ;;
	exec:*)
		case $word in
		-*) _ctr_words --help --process --cwd --env --tty --user --additional-gids --cap --no-new-privs --apparmor --process-label --detach --pid-file --console-socket --pidfd-socket --preserve-fds --cgroup --ignore-paused --no-subreaper ;;
		*) _ctr_ids ;;
		esac
		;;
	state:*)
		case $word in
		-*) _ctr_words --help ;;
		*) _ctr_ids ;;
		esac
		;;
	list:--format | list:-f) _ctr_words table json ;;
	list:*)
		case $word in
		-*) _ctr_words --help --format --quiet ;;
		*) : ;;
		esac
		;;
	ps:--format | ps:-f) _ctr_words table json ;;
	ps:*)
		case $word in
		-*) _ctr_words --help --format ;;
		*) _ctr_ids ;;
		esac
		;;
	wait:*)
		case $word in
		-*) _ctr_words --help ;;
		*) _ctr_ids ;;
		esac
		;;
	events:--interval) : ;;
	events:*)
		case $word in
		-*) _ctr_words --help --interval --stats ;;
		*) _ctr_ids ;;
		esac
		;;
	kill:*)
		case $word in
		-*) _ctr_words --help --all --regex ;;
		*) _ctr_ids ;;
		esac
		;;
	delete:*)
		case $word in
		-*) _ctr_words --help --force --regex ;;
		*) _ctr_ids ;;
		esac
		;;
	pause:*)
		case $word in
		-*) _ctr_words --help ;;
		*) _ctr_ids ;;
		esac
		;;
	resume:*)
		case $word in
		-*) _ctr_words --help ;;
		*) _ctr_ids ;;
		esac
		;;
	update:--resources | update:-r) _ctr_paths -f ;;
	update:--blkio-weight) : ;;
	update:--cpu-burst) : ;;
	update:--cpu-idle) : ;;
	update:--cpu-period) : ;;
	update:--cpu-quota) : ;;
	update:--cpu-rt-period) : ;;
	update:--cpu-rt-runtime) : ;;
	update:--cpu-share) : ;;
	update:--cpuset-cpus) : ;;
	update:--cpuset-mems) : ;;
	update:--kernel-memory) : ;;
	update:--kernel-memory-tcp) : ;;
	update:--memory) : ;;
	update:--memory-reservation) : ;;
	update:--memory-swap) : ;;
	update:--pids-limit) : ;;
	update:--l3-cache-schema) : ;;
	update:--mem-bw-schema) : ;;
	update:*)
		case $word in
		-*) _ctr_words --help --resources --blkio-weight --cpu-burst --cpu-idle --cpu-period --cpu-quota --cpu-share --cpuset-cpus --cpuset-mems --memory --memory-reservation --memory-swap --pids-limit --l3-cache-schema --mem-bw-schema ;;
		*) _ctr_ids ;;
		esac
		;;
	mounts:*)
		case $word in
		-*) _ctr_words --help ;;
		*) : ;;
		esac
		;;
	checkpoint:--image-path) _ctr_paths -d ;;
	checkpoint:--work-path) _ctr_paths -d ;;
	checkpoint:--empty-ns) : ;;
	checkpoint:--manage-cgroups-mode) _ctr_words soft full strict ignore ;;
	checkpoint:--network-lock) _ctr_words default iptables nftables skip ;;
	checkpoint:--parent-path) _ctr_paths -d ;;
	checkpoint:--page-server) : ;;
	checkpoint:--status-fd) : ;;
	checkpoint:*)
		case $word in
		-*) _ctr_words --help --image-path --work-path --tcp-established --ext-unix-sk --shell-job --file-locks --lazy-pages --auto-dedup --empty-ns --manage-cgroups-mode --network-lock --parent-path --leave-running --pre-dump --tcp-skip-in-flight --link-remap --page-server --status-fd ;;
		*) _ctr_ids ;;
		esac
		;;
	restore:--bundle | restore:-b) _ctr_paths -d ;;
	restore:--config | restore:-f) _ctr_paths -f ;;
	restore:--pid-file) _ctr_paths -f ;;
	restore:--console-socket) _ctr_paths -f ;;
	restore:--pidfd-socket) _ctr_paths -f ;;
	restore:--image-path) _ctr_paths -d ;;
	restore:--work-path) _ctr_paths -d ;;
	restore:--empty-ns) : ;;
	restore:--manage-cgroups-mode) _ctr_words soft full strict ignore ;;
	restore:--network-lock) _ctr_words default iptables nftables skip ;;
	restore:--lsm-profile) : ;;
	restore:--lsm-mount-context) : ;;
	restore:*)
		case $word in
		-*) _ctr_words --help --bundle --config --pid-file --console-socket --pidfd-socket --no-pivot --no-new-keyring --no-subreaper --detach --image-path --work-path --tcp-established --ext-unix-sk --shell-job --file-locks --lazy-pages --auto-dedup --empty-ns --manage-cgroups-mode --network-lock --tcp-close --lsm-profile --lsm-mount-context ;;
		*) _ctr_ids ;;
		esac
		;;
	template:*) _ctr_words import list info verify mount remove ;;
	template-import:--rootfs) _ctr_paths -d ;;
	template-import:--tar) _ctr_paths -f ;;
	template-import:--oci) : ;;
	template-import:--max-size) : ;;
	template-import:--max-entries) : ;;
	template-import:--format | template-import:-f) _ctr_words table json ;;
	template-import:*)
		case $word in
		-*) _ctr_words --help --from-host --rootfs --tar --oci --max-size --max-entries --format ;;
		*) : ;;
		esac
		;;
	template-list:--format | template-list:-f) _ctr_words table json ;;
	template-list:*)
		case $word in
		-*) _ctr_words --help --format --quiet ;;
		*) : ;;
		esac
		;;
	template-info:*)
		case $word in
		-*) _ctr_words --help ;;
		*) : ;;
		esac
		;;
	template-verify:*)
		case $word in
		-*) _ctr_words --help ;;
		*) : ;;
		esac
		;;
	template-mount:*)
		case $word in
		-*) _ctr_words --help ;;
		*) : ;;
		esac
		;;
	template-remove:*)
		case $word in
		-*) _ctr_words --help ;;
		*) : ;;
		esac
		;;
	deploy:--template | deploy:-t) : ;;
	deploy:--count | deploy:-n) : ;;
	deploy:--memory | deploy:-m) : ;;
	deploy:--cpus | deploy:-c) : ;;
	deploy:--pids | deploy:-p) : ;;
	deploy:--hostname) : ;;
	deploy:--env | deploy:-e) : ;;
	deploy:--bind | deploy:-b) : ;;
	deploy:--network) _ctr_words none host ;;
	deploy:--user-range) : ;;
	deploy:--user | deploy:-u) : ;;
	deploy:--ssh-key) _ctr_paths -f ;;
	deploy:--user-data) _ctr_paths -f ;;
	deploy:--resolv-conf) : ;;
	deploy:--format | deploy:-f) _ctr_words table json ;;
	deploy:*)
		case $word in
		-*) _ctr_words --help --template --count --start --memory --cpus --pids --hostname --env --bind --network --user-range --user --password-stdin --ssh-key --user-data --resolv-conf --keep-identity --format ;;
		*) : ;;
		esac
		;;
	enter:*)
		case $word in
		-*) _ctr_words --help ;;
		*) : ;;
		esac
		;;
	info:*)
		case $word in
		-*) _ctr_words --help ;;
		*) : ;;
		esac
		;;
	stop:--timeout | stop:-t) : ;;
	stop:*)
		case $word in
		-*) _ctr_words --help --timeout ;;
		*) : ;;
		esac
		;;
	restart:--timeout | restart:-t) : ;;
	restart:*)
		case $word in
		-*) _ctr_words --help --timeout ;;
		*) : ;;
		esac
		;;
	rename:*)
		case $word in
		-*) _ctr_words --help ;;
		*) : ;;
		esac
		;;
	destroy:*)
		case $word in
		-*) _ctr_words --help --force ;;
		*) : ;;
		esac
		;;
	gc:--format | gc:-f) _ctr_words table json ;;
	gc:*)
		case $word in
		-*) _ctr_words --help --dry-run --format ;;
		*) : ;;
		esac
		;;
	doctor:*) _ctr_words store ;;
	doctor-store:--format | doctor-store:-f) _ctr_words table json ;;
	doctor-store:*)
		case $word in
		-*) _ctr_words --help --format ;;
		*) : ;;
		esac
		;;
	spec:--bundle | spec:-b) _ctr_paths -d ;;
	spec:--file | spec:-f) _ctr_paths -f ;;
	spec:*)
		case $word in
		-*) _ctr_words --help --bundle --file --rootless ;;
		*) : ;;
		esac
		;;
	features:*)
		case $word in
		-*) _ctr_words --help ;;
		*) : ;;
		esac
		;;
	plan:--bundle | plan:-b) _ctr_paths -d ;;
	plan:--config | plan:-f) _ctr_paths -f ;;
	plan:*)
		case $word in
		-*) _ctr_words --help --bundle --config ;;
		*) _ctr_paths -d ;;
		esac
		;;
	help:*)
		case $word in
		-*) _ctr_words --help ;;
		*) : ;;
		esac
		;;
	completion:*)
		case $word in
		-*) _ctr_words --help ;;
		*) _ctr_words bash ;;
		esac
		;;
	esac
}
complete -F _ctr ctr
