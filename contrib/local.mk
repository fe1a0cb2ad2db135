# What helps around the source, the completion, and the example of the public interface.
EXTRA_DIST += contrib/build contrib/check contrib/install-deps contrib/quickstart \
	contrib/completions/ctr.bash

# The command's name may be another (--with-runtime-name, --program-transform-name).
INSTALLED_NAME = `echo ctr | sed '$(transform)'`

completionsdir = $(datadir)/bash-completion/completions
install-data-local:
	$(MKDIR_P) "$(DESTDIR)$(completionsdir)"
	name=$(INSTALLED_NAME) && sed "s/^complete -F _ctr ctr\$$/complete -F _ctr $$name/" \
		$(srcdir)/contrib/completions/ctr.bash >"$(DESTDIR)$(completionsdir)/$$name"

uninstall-local:
	rm -f "$(DESTDIR)$(completionsdir)/"$(INSTALLED_NAME)

# How clients are told to use ctr, with the path where it is: man ctr-clients. The tests use these.
CLIENT_FILES = \
	contrib/clients/containerd.toml \
	contrib/clients/crio.conf \
	contrib/clients/docker-daemon.json \
	contrib/clients/kubernetes.yaml \
	contrib/clients/podman.conf \
	contrib/clients/slurm-oci.conf
examplesdir = $(docdir)/examples
nodist_examples_DATA = $(CLIENT_FILES)
EXTRA_DIST += $(CLIENT_FILES:=.in)
CLEANFILES += $(CLIENT_FILES)

$(CLIENT_FILES): %: %.in Makefile
	$(AM_V_GEN)$(MKDIR_P) contrib/clients && \
		sed -e "s,@name@,$(INSTALLED_NAME),g" -e 's,[@]bindir[@],$(bindir),g' $(srcdir)/$@.in >$@.new && mv $@.new $@

check_PROGRAMS += contrib/example/run
contrib_example_run_SOURCES = contrib/example/run.c
contrib_example_run_LDADD = libcontainer.so
contrib_example_run_LDFLAGS = -pie $(AM_LDFLAGS)
EXTRA_contrib_example_run_DEPENDENCIES = $(SONAME)
