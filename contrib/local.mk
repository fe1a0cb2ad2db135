# What helps around the source, the completion, and the example of the public interface.
EXTRA_DIST += contrib/build contrib/check contrib/install-deps contrib/quickstart \
	contrib/completions/ctr.bash

completionsdir = $(datadir)/bash-completion/completions
install-data-local:
	$(MKDIR_P) $(DESTDIR)$(completionsdir)
	$(INSTALL_DATA) $(srcdir)/contrib/completions/ctr.bash \
		$(DESTDIR)$(completionsdir)/`echo ctr | sed '$(transform)'`

uninstall-local:
	rm -f $(DESTDIR)$(completionsdir)/`echo ctr | sed '$(transform)'`

check_PROGRAMS += contrib/example/run
contrib_example_run_SOURCES = contrib/example/run.c
contrib_example_run_LDADD = libcontainer.so
contrib_example_run_LDFLAGS = -pie $(AM_LDFLAGS)
EXTRA_contrib_example_run_DEPENDENCIES = $(SONAME)
