# One archive a room, of position-independent objects: the command, the shared library and
# the unit tests are all made of them.

noinst_LIBRARIES += libcontainer/libbase.a
libcontainer_libbase_a_SOURCES = \
	libcontainer/base/cleanup.h \
	libcontainer/base/clock.c \
	libcontainer/base/clock.h \
	libcontainer/base/error.c \
	libcontainer/base/error.h \
	libcontainer/base/fd.c \
	libcontainer/base/fd.h \
	libcontainer/base/file.c \
	libcontainer/base/file.h \
	libcontainer/base/json.h \
	libcontainer/base/json_decode.c \
	libcontainer/base/json_encode.c \
	libcontainer/base/json_parse.c \
	libcontainer/base/json_release.c \
	libcontainer/base/json_text.c \
	libcontainer/base/json_value.h \
	libcontainer/base/list.h \
	libcontainer/base/log.c \
	libcontainer/base/log.h \
	libcontainer/base/number_set.c \
	libcontainer/base/number_set.h \
	libcontainer/base/passwd.c \
	libcontainer/base/passwd.h \
	libcontainer/base/path.c \
	libcontainer/base/path.h \
	libcontainer/base/private_dir.c \
	libcontainer/base/private_dir.h \
	libcontainer/base/str.c \
	libcontainer/base/str.h

noinst_LIBRARIES += libcontainer/libkernel.a
libcontainer_libkernel_a_SOURCES = \
	libcontainer/kernel/capability.c \
	libcontainer/kernel/capability.h \
	libcontainer/kernel/cgroup.c \
	libcontainer/kernel/cgroup.h \
	libcontainer/kernel/cgroup_delegate.c \
	libcontainer/kernel/cgroup_destroy.c \
	libcontainer/kernel/cgroup_look.c \
	libcontainer/kernel/cgroup_look.h \
	libcontainer/kernel/cgroup_make.c \
	libcontainer/kernel/cgroup_make.h \
	libcontainer/kernel/cgroup_walk.c \
	libcontainer/kernel/cgroup_walk.h \
	libcontainer/kernel/device.c \
	libcontainer/kernel/device.h \
	libcontainer/kernel/device_filter.c \
	libcontainer/kernel/device_filter.h \
	libcontainer/kernel/filter.c \
	libcontainer/kernel/filter.h \
	libcontainer/kernel/filter_cache.c \
	libcontainer/kernel/filter_compile.c \
	libcontainer/kernel/filter_compile.h \
	libcontainer/kernel/filter_number.c \
	libcontainer/kernel/filter_number.h \
	libcontainer/kernel/helper.c \
	libcontainer/kernel/helper.h \
	libcontainer/kernel/helper_start.c \
	libcontainer/kernel/idmap.c \
	libcontainer/kernel/idmap.h \
	libcontainer/kernel/keyring.c \
	libcontainer/kernel/keyring.h \
	libcontainer/kernel/lsm.c \
	libcontainer/kernel/lsm.h \
	libcontainer/kernel/memory_policy.c \
	libcontainer/kernel/memory_policy.h \
	libcontainer/kernel/mount.c \
	libcontainer/kernel/mount.h \
	libcontainer/kernel/namespace.c \
	libcontainer/kernel/namespace.h \
	libcontainer/kernel/net_device.c \
	libcontainer/kernel/net_device.h \
	libcontainer/kernel/netlink.c \
	libcontainer/kernel/netlink.h \
	libcontainer/kernel/overlay.c \
	libcontainer/kernel/overlay.h \
	libcontainer/kernel/process.c \
	libcontainer/kernel/process.h \
	libcontainer/kernel/process_look.c \
	libcontainer/kernel/process_look.h \
	libcontainer/kernel/process_run.c \
	libcontainer/kernel/process_signal.c \
	libcontainer/kernel/process_status.c \
	libcontainer/kernel/process_status.h \
	libcontainer/kernel/procfs.c \
	libcontainer/kernel/procfs.h \
	libcontainer/kernel/pty.c \
	libcontainer/kernel/pty.h \
	libcontainer/kernel/resctrl.c \
	libcontainer/kernel/resctrl.h \
	libcontainer/kernel/rlimit.c \
	libcontainer/kernel/rlimit.h \
	libcontainer/kernel/rootfs.c \
	libcontainer/kernel/rootfs.h \
	libcontainer/kernel/scheduler.c \
	libcontainer/kernel/scheduler.h \
	libcontainer/kernel/self.c \
	libcontainer/kernel/self.h \
	libcontainer/kernel/syscalls.h \
	libcontainer/kernel/workers.c \
	libcontainer/kernel/workers.h

# What ctr and its programs in src/libexec say to each other.
noinst_LIBRARIES += libcontainer/libhelpers.a
libcontainer_libhelpers_a_SOURCES = \
	libcontainer/criu/descriptors.c \
	libcontainer/criu/descriptors.h \
	libcontainer/criu/external.c \
	libcontainer/criu/external.h \
	libcontainer/criu/log.c \
	libcontainer/criu/log.h \
	libcontainer/criu/request.c \
	libcontainer/criu/request.h \
	libcontainer/systemd/request.c \
	libcontainer/systemd/request.h \
	libcontainer/systemd/value.c \
	libcontainer/systemd/value.h

noinst_LIBRARIES += libcontainer/libplan.a
libcontainer_libplan_a_SOURCES = \
	libcontainer/plan/capability_plan.c \
	libcontainer/plan/cgroup_plan.c \
	libcontainer/plan/cgroup_plan.h \
	libcontainer/plan/cpu_plan.c \
	libcontainer/plan/device_plan.c \
	libcontainer/plan/host.c \
	libcontainer/plan/host.h \
	libcontainer/plan/idmap_plan.c \
	libcontainer/plan/idmap_plan.h \
	libcontainer/plan/io_plan.c \
	libcontainer/plan/memory_plan.c \
	libcontainer/plan/mount_entry.c \
	libcontainer/plan/mount_entry.h \
	libcontainer/plan/mount_idmap.c \
	libcontainer/plan/mount_idmap.h \
	libcontainer/plan/mount_nodes.c \
	libcontainer/plan/mount_nodes.h \
	libcontainer/plan/mount_option.c \
	libcontainer/plan/mount_option.def \
	libcontainer/plan/mount_option.h \
	libcontainer/plan/mount_plan.c \
	libcontainer/plan/mount_plan.h \
	libcontainer/plan/mount_print.c \
	libcontainer/plan/mount_print.h \
	libcontainer/plan/namespace_plan.c \
	libcontainer/plan/namespace_plan.h \
	libcontainer/plan/plan.c \
	libcontainer/plan/plan.h \
	libcontainer/plan/plan_print.c \
	libcontainer/plan/process_plan.c \
	libcontainer/plan/process_plan.h \
	libcontainer/plan/rdt_plan.c \
	libcontainer/plan/rdt_plan.h \
	libcontainer/plan/resource_plan.c \
	libcontainer/plan/resource_plan.h \
	libcontainer/plan/resource_undo.c \
	libcontainer/plan/resource_undo.h \
	libcontainer/plan/resource_write.c \
	libcontainer/plan/resource_write.h \
	libcontainer/plan/rootfs_plan.c \
	libcontainer/plan/rootfs_plan.h \
	libcontainer/plan/scheduler_plan.c \
	libcontainer/plan/scheduler_plan.h \
	libcontainer/plan/seccomp_plan.c \
	libcontainer/plan/seccomp_plan.h \
	libcontainer/plan/sysctl_plan.c \
	libcontainer/plan/sysctl_plan.h \
	libcontainer/plan/unit_device.c \
	libcontainer/plan/unit_plan.c \
	libcontainer/plan/unit_plan.h \
	libcontainer/plan/unit_property.c \
	libcontainer/plan/update_merge.c \
	libcontainer/plan/update_merge.h \
	libcontainer/plan/update_plan.c \
	libcontainer/plan/update_plan.h

noinst_LIBRARIES += libcontainer/libstate.a
libcontainer_libstate_a_SOURCES = \
	libcontainer/state/gate.c \
	libcontainer/state/gate.h \
	libcontainer/state/status.c \
	libcontainer/state/status.h \
	libcontainer/state/store.c \
	libcontainer/state/store.h \
	libcontainer/state/store_resources.c \
	libcontainer/state/store_resources.h \
	libcontainer/state/store_record.c

noinst_LIBRARIES += libcontainer/libinit.a
libcontainer_libinit_a_SOURCES = \
	libcontainer/init/confine.c \
	libcontainer/init/copy_up.c \
	libcontainer/init/graft.c \
	libcontainer/init/graft.h \
	libcontainer/init/hooks.c \
	libcontainer/init/hooks.h \
	libcontainer/init/identity.c \
	libcontainer/init/init.c \
	libcontainer/init/init.h \
	libcontainer/init/mount_special.c \
	libcontainer/init/mounts.c \
	libcontainer/init/phase.c \
	libcontainer/init/phase.h \
	libcontainer/init/program.c \
	libcontainer/init/root.c \
	libcontainer/init/steps.h \
	libcontainer/init/sync.c \
	libcontainer/init/sync.h \
	libcontainer/init/terminal.c

noinst_LIBRARIES += libcontainer/liblifecycle.a
libcontainer_liblifecycle_a_SOURCES = \
	libcontainer/lifecycle/checkpoint.c \
	libcontainer/lifecycle/checkpoint.h \
	libcontainer/lifecycle/checkpoint_view.c \
	libcontainer/lifecycle/create.c \
	libcontainer/lifecycle/criu.c \
	libcontainer/lifecycle/criu.h \
	libcontainer/lifecycle/delete.c \
	libcontainer/lifecycle/document.c \
	libcontainer/lifecycle/document.h \
	libcontainer/lifecycle/events.c \
	libcontainer/lifecycle/exec.c \
	libcontainer/lifecycle/exec_process.c \
	libcontainer/lifecycle/exec_process.h \
	libcontainer/lifecycle/foreground.c \
	libcontainer/lifecycle/foreground.h \
	libcontainer/lifecycle/inspect.c \
	libcontainer/lifecycle/inspect.h \
	libcontainer/lifecycle/inspect_look.c \
	libcontainer/lifecycle/kill.c \
	libcontainer/lifecycle/launch.c \
	libcontainer/lifecycle/launch.h \
	libcontainer/lifecycle/launch_cgroup.c \
	libcontainer/lifecycle/launch_fds.c \
	libcontainer/lifecycle/launch_filter.c \
	libcontainer/lifecycle/launch_idmaps.c \
	libcontainer/lifecycle/launch_rootfs.c \
	libcontainer/lifecycle/launch_join.c \
	libcontainer/lifecycle/lifecycle.c \
	libcontainer/lifecycle/lifecycle.h \
	libcontainer/lifecycle/net_devices.c \
	libcontainer/lifecycle/net_devices.h \
	libcontainer/lifecycle/live_mounts.c \
	libcontainer/lifecycle/pause.c \
	libcontainer/lifecycle/probe.c \
	libcontainer/lifecycle/probe.h \
	libcontainer/lifecycle/rdt.c \
	libcontainer/lifecycle/rdt.h \
	libcontainer/lifecycle/relay.c \
	libcontainer/lifecycle/relay.h \
	libcontainer/lifecycle/restore.c \
	libcontainer/lifecycle/restore.h \
	libcontainer/lifecycle/restore_attributes.c \
	libcontainer/lifecycle/run.c \
	libcontainer/lifecycle/serve.c \
	libcontainer/lifecycle/start.c \
	libcontainer/lifecycle/stats.c \
	libcontainer/lifecycle/stats.h \
	libcontainer/lifecycle/unit.c \
	libcontainer/lifecycle/unit.h \
	libcontainer/lifecycle/update.c \
	libcontainer/lifecycle/wait.c

noinst_LIBRARIES += libcontainer/libtenant.a
libcontainer_libtenant_a_SOURCES = \
	libcontainer/tenant/deploy.c \
	libcontainer/tenant/deploy.h \
	libcontainer/tenant/deploy_program.c \
	libcontainer/tenant/deploy_program.h \
	libcontainer/tenant/deploy_stage.c \
	libcontainer/tenant/id_range.c \
	libcontainer/tenant/id_range.h \
	libcontainer/tenant/personalize.c \
	libcontainer/tenant/personalize.h \
	libcontainer/tenant/personalize_scrub.c \
	libcontainer/tenant/personalize_text.c \
	libcontainer/tenant/personalize_text.h \
	libcontainer/tenant/tenant.c \
	libcontainer/tenant/tenant.h \
	libcontainer/tenant/tenant_bundle.c \
	libcontainer/tenant/tenant_bundle.h \
	libcontainer/tenant/tenant_config.c \
	libcontainer/tenant/tenant_config.h \
	libcontainer/tenant/tenant_rename.c \
	libcontainer/tenant/tenant_root.c \
	libcontainer/tenant/tenant_root.h \
	libcontainer/tenant/tenant_seccomp.c \
	libcontainer/tenant/tenant_store.c \
	libcontainer/tenant/tenant_store.h

noinst_LIBRARIES += libcontainer/libstorage.a
libcontainer_libstorage_a_SOURCES = \
	libcontainer/storage/archive.c \
	libcontainer/storage/archive.h \
	libcontainer/storage/entry_rule.c \
	libcontainer/storage/entry_rule.h \
	libcontainer/storage/gc.c \
	libcontainer/storage/gc.h \
	libcontainer/storage/host_list.c \
	libcontainer/storage/host_list.h \
	libcontainer/storage/journal.c \
	libcontainer/storage/journal.h \
	libcontainer/storage/journal_plan.c \
	libcontainer/storage/journal_record.c \
	libcontainer/storage/layer.c \
	libcontainer/storage/layer.h \
	libcontainer/storage/reference.c \
	libcontainer/storage/reference.h \
	libcontainer/storage/snapshot_tree.c \
	libcontainer/storage/snapshot_tree.h \
	libcontainer/storage/snapshot_tree_draw.c \
	libcontainer/storage/storage.c \
	libcontainer/storage/storage.h \
	libcontainer/storage/storage_mounts.c \
	libcontainer/storage/storage_mounts.h \
	libcontainer/storage/storage_name.c \
	libcontainer/storage/storage_probe.c \
	libcontainer/storage/storage_probe.h \
	libcontainer/storage/template.c \
	libcontainer/storage/template.h \
	libcontainer/storage/template_host.c \
	libcontainer/storage/template_host.h \
	libcontainer/storage/template_import.c \
	libcontainer/storage/template_mount.c \
	libcontainer/storage/template_release_file.c \
	libcontainer/storage/template_system.c \
	libcontainer/storage/template_system.h \
	libcontainer/storage/trash.c \
	libcontainer/storage/trash.h \
	libcontainer/storage/tree_copy.c \
	libcontainer/storage/tree_copy.h \
	libcontainer/storage/tree_file.c \
	libcontainer/storage/tree_file.h \
	libcontainer/storage/tree_links.c \
	libcontainer/storage/tree_links.h

noinst_LIBRARIES += libcontainer/libapi.a
libcontainer_libapi_a_SOURCES = \
	libcontainer/api.c \
	libcontainer/api.h \
	libcontainer/api_checkpoint.c \
	libcontainer/api_create.c \
	libcontainer/api_documents.c \
	libcontainer/api_list.c \
	libcontainer/api_storage.c \
	libcontainer/api_tenant.c \
	libcontainer/api_tenant.h \
	libcontainer/api_tenant_list.c \
	libcontainer/api_tenant_run.c

# From the top room down, as the linker reads them.
ROOMS = libcontainer/libapi.a libcontainer/libtenant.a libcontainer/liblifecycle.a libcontainer/libinit.a \
	libcontainer/libstate.a libcontainer/libplan.a libcontainer/libhelpers.a \
	libcontainer/libstorage.a libcontainer/libkernel.a \
	spec/libspec.a libcontainer/libbase.a

include_HEADERS = libcontainer/ctr.h
pkgconfigdir = $(libdir)/pkgconfig
nodist_pkgconfig_DATA = libcontainer/libcontainer.pc
EXTRA_DIST += libcontainer/README.md libcontainer/libcontainer.sym

# libcontainer.so: all rooms, of which the version script shows ctr_* alone.
SONAME = libcontainer.so.0
LIBRARY = libcontainer.so.$(PACKAGE_VERSION)
VERSION_SCRIPT = $(srcdir)/libcontainer/libcontainer.sym
librarydir = $(libdir)
nodist_library_DATA = $(LIBRARY)
CLEANFILES += $(LIBRARY) $(SONAME) libcontainer.so

$(LIBRARY): $(ROOMS) libcontainer/libcontainer.sym
	$(AM_V_CCLD)$(CC) $(CFLAGS) -shared $(AM_LDFLAGS) $(LDFLAGS) \
		-Wl,-soname,$(SONAME) -Wl,--version-script=$(VERSION_SCRIPT) -Wl,-z,defs \
		-Wl,--whole-archive $(ROOMS) -Wl,--no-whole-archive $(LIBRARY_LIBS) -o $@

# What the linker and the loader look for, beside the library.
$(SONAME) libcontainer.so: $(LIBRARY)
	$(AM_V_GEN)rm -f $@ && $(LN_S) $(LIBRARY) $@

install-data-hook:
	cd $(DESTDIR)$(libdir) && for name in $(SONAME) libcontainer.so; do \
		rm -f $$name && $(LN_S) $(LIBRARY) $$name || exit 1; done

uninstall-hook:
	cd $(DESTDIR)$(libdir) && rm -f $(SONAME) libcontainer.so
