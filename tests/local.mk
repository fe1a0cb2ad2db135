# Unit tests: one Criterion program a room, and one of everything with the sanitizers.
# Then the house rules, the header and the manual, each a script. All are run by
# "make check"; "make check-root" runs those that make containers.

TEST_EXTENSIONS = .sh
SH_LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/house
LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/unit/run
AM_TESTS_ENVIRONMENT = \
	CTR='$(abs_builddir)/ctr' MAN='$(abs_top_srcdir)/man' OBJECTS='$(ALL_OBJECTS)' \
	CC='$(CC)' NM='$(NM)'; export CTR MAN OBJECTS CC NM;
ALL_OBJECTS = $(src_libcommand_a_OBJECTS) $(ctr_OBJECTS) $(libcontainer_libapi_a_OBJECTS) $(libcontainer_libtenant_a_OBJECTS) \
	$(libcontainer_liblifecycle_a_OBJECTS) $(libcontainer_libinit_a_OBJECTS) \
	$(libcontainer_libstate_a_OBJECTS) $(libcontainer_libplan_a_OBJECTS) $(libcontainer_libhelpers_a_OBJECTS) \
	$(libcontainer_libkernel_a_OBJECTS) $(spec_libspec_a_OBJECTS) \
	$(libcontainer_libstorage_a_OBJECTS) $(libcontainer_libbase_a_OBJECTS) \
	$(ctr_archive_OBJECTS)

HOUSE_TESTS = \
	tests/architecture.sh \
	tests/commands.sh \
	tests/header.sh \
	tests/documents.sh \
	tests/names.sh \
	tests/properties.sh \
	tests/pure.sh
TESTS += $(HOUSE_TESTS)
EXTRA_DIST += $(HOUSE_TESTS) spec/README.md tests/properties-elsewhere tests/validate tests/rooms tests/oversize tests/pure-sources tests/unit/run tests/house \
	tests/data tests/clients tests/integration tests/bench/bench.sh tests/bench/config-default.json \
	tests/bench/config-docker-seccomp.json

UNIT_BASE = \
	tests/unit/base/test_clock.c \
	tests/unit/base/test_error.c \
	tests/unit/base/test_fd.c \
	tests/unit/base/test_file.c \
	tests/unit/base/test_json.c \
	tests/unit/base/test_list.c \
	tests/unit/base/test_log.c \
	tests/unit/base/test_number_set.c \
	tests/unit/base/test_passwd.c \
	tests/unit/base/test_path.c \
	tests/unit/base/test_str.c

UNIT_SPEC = \
	tests/unit/spec/data.h \
	tests/unit/spec/test_archive_report_schema.c \
	tests/unit/spec/test_config.c \
	tests/unit/spec/test_config_default.c \
	tests/unit/spec/test_config_schema.c \
	tests/unit/spec/test_config_validate.c \
	tests/unit/spec/test_config_validate_linux.c \
	tests/unit/spec/test_config_validate_net_devices.c \
	tests/unit/spec/test_config_validate_process.c \
	tests/unit/spec/test_config_validate_rdt.c \
	tests/unit/spec/test_config_validate_resources.c \
	tests/unit/spec/test_config_validate_seccomp.c \
	tests/unit/spec/test_container_process_state_schema.c \
	tests/unit/spec/test_features.c \
	tests/unit/spec/test_features_schema.c \
	tests/unit/spec/test_image.c \
	tests/unit/spec/test_image_schema.c \
	tests/unit/spec/test_process_schema.c \
	tests/unit/spec/test_resources_schema.c \
	tests/unit/spec/test_rootfs.c \
	tests/unit/spec/test_state_schema.c \
	tests/unit/spec/test_template_schema.c

UNIT_KERNEL = \
	tests/unit/kernel/filter_machine.h \
	tests/unit/kernel/test_capability.c \
	tests/unit/kernel/test_cgroup.c \
	tests/unit/kernel/test_device.c \
	tests/unit/kernel/test_device_filter.c \
	tests/unit/kernel/test_filter.c \
	tests/unit/kernel/test_filter_cache.c \
	tests/unit/kernel/test_filter_compile.c \
	tests/unit/kernel/test_keyring.c \
	tests/unit/kernel/test_lsm.c \
	tests/unit/kernel/test_memory_policy.c \
	tests/unit/kernel/test_net_device.c \
	tests/unit/kernel/test_netlink.c \
	tests/unit/kernel/test_overlay.c \
	tests/unit/kernel/test_process.c \
	tests/unit/kernel/test_process_status.c \
	tests/unit/kernel/test_process_look.c \
	tests/unit/kernel/test_pty.c \
	tests/unit/kernel/test_resctrl.c \
	tests/unit/kernel/test_rlimit.c \
	tests/unit/kernel/test_rootfs.c \
	tests/unit/kernel/test_scheduler.c \
	tests/unit/kernel/test_workers.c

UNIT_CRIU = \
	tests/unit/criu/test_descriptors.c \
	tests/unit/criu/test_external.c \
	tests/unit/criu/test_log.c \
	tests/unit/criu/test_request.c

UNIT_PLAN = \
	tests/unit/plan/fixture.h \
	tests/unit/plan/golden_case.c \
	tests/unit/plan/golden_case.h \
	tests/unit/plan/mounts_fixture.h \
	tests/unit/plan/resources_fixture.h \
	tests/unit/plan/test_capability_plan.c \
	tests/unit/plan/test_cgroup_plan.c \
	tests/unit/plan/test_cpu_plan.c \
	tests/unit/plan/test_device_plan.c \
	tests/unit/plan/test_golden.c \
	tests/unit/plan/test_host.c \
	tests/unit/plan/test_idmap_plan.c \
	tests/unit/plan/test_io_plan.c \
	tests/unit/plan/test_memory_plan.c \
	tests/unit/plan/test_mount_entry.c \
	tests/unit/plan/test_mount_idmap.c \
	tests/unit/plan/test_mount_nodes.c \
	tests/unit/plan/test_mount_option.c \
	tests/unit/plan/test_mount_plan.c \
	tests/unit/plan/test_mount_print.c \
	tests/unit/plan/test_namespace_plan.c \
	tests/unit/plan/test_plan.c \
	tests/unit/plan/test_plan_print.c \
	tests/unit/plan/test_process_plan.c \
	tests/unit/plan/test_properties.c \
	tests/unit/plan/test_rdt_plan.c \
	tests/unit/plan/test_resource_plan.c \
	tests/unit/plan/test_resource_undo.c \
	tests/unit/plan/test_resource_write.c \
	tests/unit/plan/test_rootfs_plan.c \
	tests/unit/plan/test_scheduler_plan.c \
	tests/unit/plan/test_seccomp_plan.c \
	tests/unit/plan/test_sysctl_plan.c \
	tests/unit/plan/test_unit_device.c \
	tests/unit/plan/test_unit_plan.c \
	tests/unit/plan/test_unit_property.c \
	tests/unit/plan/test_update_merge.c \
	tests/unit/plan/test_update_plan.c \
	tests/unit/systemd/test_request.c \
	tests/unit/systemd/test_value.c

UNIT_STATE = \
	tests/unit/state/test_gate.c \
	tests/unit/state/test_status.c \
	tests/unit/state/test_store.c \
	tests/unit/state/test_store_resources.c

UNIT_STORAGE = \
	tests/unit/storage/fixture.h \
	tests/unit/storage/test_entry_rule.c \
	tests/unit/storage/test_host_list.c \
	tests/unit/storage/test_journal.c \
	tests/unit/storage/test_journal_plan.c \
	tests/unit/storage/test_snapshot_tree.c \
	tests/unit/storage/test_storage.c \
	tests/unit/storage/test_storage_name.c \
	tests/unit/storage/test_template_release_file.c \
	tests/unit/storage/test_tree_copy.c

UNIT_INIT = \
	tests/unit/init/test_hooks.c \
	tests/unit/init/test_phase.c \
	tests/unit/init/test_sync.c

UNIT_LIFECYCLE = \
	tests/unit/lifecycle/test_foreground.c \
	tests/unit/lifecycle/test_stats.c

UNIT_TENANT = \
	tests/unit/tenant/test_deploy_program.c \
	tests/unit/tenant/test_id_range.c \
	tests/unit/tenant/test_personalize.c \
	tests/unit/tenant/test_personalize_text.c \
	tests/unit/tenant/test_tenant.c \
	tests/unit/tenant/test_tenant_config.c \
	tests/unit/tenant/test_tenant_seccomp.c \
	tests/unit/tenant/test_tenant_store.c

UNIT_SRC = \
	tests/unit/src/test_command.c \
	tests/unit/src/test_output.c \
	tests/unit/src/test_progress.c \
	tests/unit/src/test_quantity.c \
	tests/unit/src/test_tenant_options.c

if HAVE_CRITERION
UNIT_CPPFLAGS = $(AM_CPPFLAGS) -U_FORTIFY_SOURCE $(CRITERION_CFLAGS) -I$(top_srcdir)/tests/unit
UNIT_LIBS = $(LIBRARY_LIBS) $(CRITERION_LIBS) -lm
UNIT_TESTS =
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

UNIT_TESTS += tests/unit-base
tests_unit_base_SOURCES = $(UNIT_BASE)
tests_unit_base_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_base_LDADD = libcontainer/libbase.a $(UNIT_LIBS)
tests_unit_base_LDFLAGS = -pie

UNIT_TESTS += tests/unit-spec
tests_unit_spec_SOURCES = $(UNIT_SPEC)
tests_unit_spec_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_spec_LDADD = spec/libspec.a libcontainer/libbase.a $(UNIT_LIBS)
tests_unit_spec_LDFLAGS = -pie

UNIT_TESTS += tests/unit-kernel
tests_unit_kernel_SOURCES = $(UNIT_KERNEL)
tests_unit_kernel_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_kernel_LDADD = $(ROOMS) $(UNIT_LIBS)
tests_unit_kernel_LDFLAGS = -pie

UNIT_TESTS += tests/unit-criu
tests_unit_criu_SOURCES = $(UNIT_CRIU)
tests_unit_criu_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_criu_LDADD = libcontainer/libhelpers.a libcontainer/libbase.a $(UNIT_LIBS)
tests_unit_criu_LDFLAGS = -pie

EXTRA_PROGRAMS += tests/unit-libexec
if HAVE_CRIU
UNIT_TESTS += tests/unit-libexec
endif
tests_unit_libexec_SOURCES = tests/unit/libexec/test_criu_rpc.c src/libexec/criu_rpc.c
nodist_tests_unit_libexec_SOURCES = src/libexec/criu.pb-c.c src/libexec/criu.pb-c.h
tests_unit_libexec_CPPFLAGS = $(UNIT_CPPFLAGS) $(PROTOBUF_C_CFLAGS) -Isrc/libexec \
	-I$(top_srcdir)/src/libexec
tests_unit_libexec_LDADD = libcontainer/libhelpers.a libcontainer/libbase.a $(PROTOBUF_C_LIBS) \
	$(UNIT_LIBS)
tests_unit_libexec_LDFLAGS = -pie

UNIT_TESTS += tests/unit-plan
tests_unit_plan_SOURCES = $(UNIT_PLAN)
tests_unit_plan_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_plan_LDADD = $(ROOMS) $(UNIT_LIBS)
tests_unit_plan_LDFLAGS = -pie

UNIT_TESTS += tests/unit-state
tests_unit_state_SOURCES = $(UNIT_STATE)
tests_unit_state_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_state_LDADD = $(ROOMS) $(UNIT_LIBS)
tests_unit_state_LDFLAGS = -pie

UNIT_TESTS += tests/unit-storage
tests_unit_storage_SOURCES = $(UNIT_STORAGE)
tests_unit_storage_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_storage_LDADD = $(ROOMS) $(UNIT_LIBS)
tests_unit_storage_LDFLAGS = -pie

UNIT_TESTS += tests/unit-init
tests_unit_init_SOURCES = $(UNIT_INIT)
tests_unit_init_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_init_LDADD = $(ROOMS) $(UNIT_LIBS)
tests_unit_init_LDFLAGS = -pie

UNIT_TESTS += tests/unit-lifecycle
tests_unit_lifecycle_SOURCES = $(UNIT_LIFECYCLE)
tests_unit_lifecycle_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_lifecycle_LDADD = $(ROOMS) $(UNIT_LIBS)
tests_unit_lifecycle_LDFLAGS = -pie

UNIT_TESTS += tests/unit-tenant
tests_unit_tenant_SOURCES = $(UNIT_TENANT)
tests_unit_tenant_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_tenant_LDADD = $(ROOMS) $(UNIT_LIBS)
tests_unit_tenant_LDFLAGS = -pie

UNIT_TESTS += tests/unit-src
tests_unit_src_SOURCES = $(UNIT_SRC)
tests_unit_src_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_src_LDADD = src/libcommand.a $(ROOMS) $(UNIT_LIBS)
tests_unit_src_LDFLAGS = -pie

if HAVE_SANITIZERS
UNIT_TESTS += tests/unit-sanitized
tests_unit_sanitized_SOURCES = \
	$(UNIT_BASE) \
	$(UNIT_CRIU) \
	$(UNIT_INIT) \
	$(UNIT_KERNEL) \
	$(UNIT_LIFECYCLE) \
	$(UNIT_PLAN) \
	$(UNIT_SPEC) \
	$(UNIT_SRC) \
	$(UNIT_STATE) \
	$(UNIT_STORAGE) \
	$(UNIT_TENANT) \
	$(libcontainer_libapi_a_SOURCES) \
	$(libcontainer_libbase_a_SOURCES) \
	$(libcontainer_libinit_a_SOURCES) \
	$(libcontainer_libkernel_a_SOURCES) \
	$(libcontainer_liblifecycle_a_SOURCES) \
	$(libcontainer_libhelpers_a_SOURCES) \
	$(libcontainer_libplan_a_SOURCES) \
	$(libcontainer_libstate_a_SOURCES) \
	$(libcontainer_libstorage_a_SOURCES) \
	$(libcontainer_libtenant_a_SOURCES) \
	$(spec_libspec_a_SOURCES) \
	$(src_libcommand_a_SOURCES)
tests_unit_sanitized_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_sanitized_CFLAGS = -std=gnu11 -g -O1 -fPIE -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=undefined
tests_unit_sanitized_LDADD = $(UNIT_LIBS)
tests_unit_sanitized_LDFLAGS = -pie -fsanitize=address,undefined
endif
else
check-local:
	@echo "The unit tests were left out: they need Criterion, on Debian and Ubuntu libcriterion-dev"
	@echo "(contrib/install-deps installs it); configure again when it is there."
endif

# --- targets --------------------------------------------------------------------------------

.PHONY: check-controls check-root check-sweep update-plans update-spec-readme bench fuzz

check-root: all
	@status=0; for suite in integration security; do \
		CTR=$(abs_builddir)/ctr $(srcdir)/tests/$$suite/run $(RUN_ARGS) || status=1; \
	done; exit $$status

EXTRA_DIST += tests/vm
.PHONY: check-vm
# With full cgroups v2, two kernels and the clients: in a virtual machine.
check-vm: all
	@$(srcdir)/tests/vm/check $(abs_builddir) $(RUN_ARGS)

# A bounded form of the fault sweep, about a minute.
check-sweep: all
	@CTR=$(abs_builddir)/ctr $(srcdir)/tests/robustness/run

# Every security bar fails where the guard that it is about is missing.
check-controls:
	@$(srcdir)/tests/security/run-controls

# Write what the planner says now over the expected plans; the diff is the review.
update-plans: tests/unit-plan
	UPDATE_PLANS=1 $(SHELL) $(srcdir)/tests/unit/run tests/unit-plan

# Write the table of every property over the one in spec/README.md.
update-spec-readme: tests/unit-plan
	CC='$(CC)' $(SHELL) $(srcdir)/tests/properties.sh --update

# pbench must be static to be small; floor is a program of its own style.
EXTRA_PROGRAMS += tests/bench/pbench tests/bench/floor
CLEANFILES += $(EXTRA_PROGRAMS) tests/fuzz/fuzz_config
tests_bench_pbench_SOURCES = tests/bench/pbench.c
tests_bench_pbench_LDFLAGS = -static
tests_bench_floor_SOURCES = tests/bench/floor.c
tests_bench_floor_CFLAGS = -w
tests_bench_floor_LDFLAGS = -static

BENCH_ROUNDS = 40
bench: ctr tests/bench/pbench tests/bench/floor
	$(srcdir)/tests/bench/bench.sh ./ctr tests/bench/pbench tests/bench/floor $(BENCH_ROUNDS)

# Feed the decoder, the checks and the planner with broken documents; needs clang.
FUZZ_SECONDS = 60
FUZZ_FILES = tests/fuzz/fuzz_config.c $(libcontainer_libplan_a_SOURCES) \
	$(libcontainer_libhelpers_a_SOURCES) \
	$(spec_libspec_a_SOURCES) $(libcontainer_libbase_a_SOURCES)
EXTRA_DIST += tests/fuzz/fuzz_config.c
fuzz:
	mkdir -p tests/fuzz/corpus
	cd $(srcdir) && clang -std=gnu11 -g -O1 $(DEFS) $(CPPFLAGS) -D_GNU_SOURCE -I$(abs_builddir) \
		-Ilibcontainer -I. $(YAJL_CFLAGS) -fsanitize=fuzzer,address,undefined \
		$(filter %.c,$(FUZZ_FILES)) $(YAJL_LIBS) -o $(abs_builddir)/tests/fuzz/fuzz_config
	tests/fuzz/fuzz_config -max_total_time=$(FUZZ_SECONDS) -max_len=65536 \
		-artifact_prefix=tests/fuzz/ tests/fuzz/corpus $(wildcard $(srcdir)/tests/data/config/*/)
