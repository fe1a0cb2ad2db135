# The command. Everything but main() is an archive, so that tests can link it.
noinst_LIBRARIES += src/libcommand.a
src_libcommand_a_SOURCES = \
	src/checkpoint_options.c \
	src/checkpoint_options.h \
	src/choose.c \
	src/choose.h \
	src/cmd_checkpoint.c \
	src/cmd_completion.c \
	src/cmd_create.c \
	src/cmd_delete.c \
	src/cmd_deploy.c \
	src/cmd_destroy.c \
	src/cmd_enter.c \
	src/cmd_events.c \
	src/cmd_doctor.c \
	src/cmd_exec.c \
	src/cmd_features.c \
	src/cmd_gc.c \
	src/cmd_help.c \
	src/cmd_info.c \
	src/cmd_kill.c \
	src/cmd_list.c \
	src/cmd_mounts.c \
	src/cmd_pause.c \
	src/cmd_plan.c \
	src/cmd_ps.c \
	src/cmd_rename.c \
	src/cmd_restart.c \
	src/cmd_restore.c \
	src/cmd_resume.c \
	src/cmd_run.c \
	src/cmd_spec.c \
	src/cmd_start.c \
	src/cmd_state.c \
	src/cmd_stop.c \
	src/cmd_template.c \
	src/cmd_template_import.c \
	src/cmd_template_list.c \
	src/cmd_update.c \
	src/cmd_wait.c \
	src/command.c \
	src/command.h \
	src/commands.def \
	src/create_options.h \
	src/document.c \
	src/document.h \
	src/global.c \
	src/global.h \
	src/help.c \
	src/help.h \
	src/output.c \
	src/output.h \
	src/progress.c \
	src/progress.h \
	src/quantity.c \
	src/quantity.h \
	src/read_text.c \
	src/read_text.h \
	src/stop_timeout.h \
	src/tenant_options.c \
	src/tenant_options.h

# ctr-systemd, the cgroup driver's way to the bus.
if HAVE_SYSTEMD
noinst_PROGRAMS += ctr-systemd
HELPERS += ctr-systemd
endif
ctr_systemd_SOURCES = \
	src/libexec/systemd.c \
	src/libexec/systemd_message.c \
	src/libexec/systemd_message.h \
	src/libexec/systemd_unit.c \
	src/libexec/systemd_unit.h
ctr_systemd_CPPFLAGS = $(AM_CPPFLAGS) $(SYSTEMD_CFLAGS)
ctr_systemd_LDADD = libcontainer/libhelpers.a libcontainer/libbase.a $(SYSTEMD_LIBS) $(YAJL_LIBS)
ctr_systemd_LDFLAGS = -pie $(AM_LDFLAGS)

# ctr-criu, the way to CRIU.
if HAVE_CRIU
noinst_PROGRAMS += ctr-criu
HELPERS += ctr-criu
else
EXTRA_PROGRAMS += ctr-criu
endif
ctr_criu_SOURCES = \
	src/libexec/criu.c \
	src/libexec/criu_rpc.c \
	src/libexec/criu_rpc.h \
	src/libexec/criu_yard.c \
	src/libexec/criu_yard.h
nodist_ctr_criu_SOURCES = src/libexec/criu.pb-c.c src/libexec/criu.pb-c.h
ctr_criu_CPPFLAGS = $(AM_CPPFLAGS) $(PROTOBUF_C_CFLAGS) -Isrc/libexec \
	-DCTR_CRIU_PATH='"$(CRIU_PATH)"'
ctr_criu_LDADD = libcontainer/libhelpers.a libcontainer/libkernel.a libcontainer/libbase.a \
	$(YAJL_LIBS) $(PROTOBUF_C_LIBS)
ctr_criu_LDFLAGS = -pie $(AM_LDFLAGS)
EXTRA_DIST += src/libexec/criu.proto
CLEANFILES += src/libexec/criu.pb-c.c src/libexec/criu.pb-c.h

src/libexec/criu.pb-c.c: src/libexec/criu.proto
	$(AM_V_GEN)$(MKDIR_P) src/libexec && \
		$(PROTOC_C) --c_out=src/libexec --proto_path=$(srcdir)/src/libexec criu.proto
src/libexec/criu.pb-c.h: src/libexec/criu.pb-c.c
src/libexec/ctr_criu-criu_rpc.$(OBJEXT): src/libexec/criu.pb-c.h

bin_PROGRAMS += ctr
ctr_SOURCES = src/main.c
if ENTRY_X86_64
ctr_SOURCES += src/entry_x86_64.c
ENTRY_LDFLAGS = -Wl,-e,entry_x86_64_start
endif
ctr_LDADD = src/libcommand.a $(ROOMS) $(COMMAND_LIBS)
ctr_LDFLAGS = $(COMMAND_LDFLAGS) $(ENTRY_LDFLAGS) $(AM_LDFLAGS)

install-exec-local:
	@[ -z "$(HELPERS)" ] || $(MKDIR_P) "$(DESTDIR)$(helperdir)"
	@for helper in $(HELPERS); do \
		$(INSTALL_PROGRAM) $$helper "$(DESTDIR)$(helperdir)/$$helper" || exit 1; done

uninstall-local: uninstall-helpers
.PHONY: uninstall-helpers
uninstall-helpers:
	@for helper in $(HELPERS); do rm -f "$(DESTDIR)$(helperdir)/$$helper"; done
