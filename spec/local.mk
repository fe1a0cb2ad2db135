# The runtime-spec's documents as typed data (pure).
noinst_LIBRARIES += spec/libspec.a
spec_libspec_a_SOURCES = \
	spec/archive_report.h \
	spec/archive_report_schema.c \
	spec/config.c \
	spec/config.h \
	spec/config_default.c \
	spec/config_schema.c \
	spec/config_validate.c \
	spec/config_validate.h \
	spec/config_validate_linux.c \
	spec/config_validate_net_devices.c \
	spec/config_validate_process.c \
	spec/config_validate_rdt.c \
	spec/config_validate_resources.c \
	spec/config_validate_seccomp.c \
	spec/container_process_state_schema.c \
	spec/features.c \
	spec/features.h \
	spec/features_schema.c \
	spec/image.c \
	spec/image.h \
	spec/image_schema.c \
	spec/process_schema.c \
	spec/resources_schema.c \
	spec/rootfs.c \
	spec/rootfs.h \
	spec/state.h \
	spec/state_schema.c \
	spec/template.h \
	spec/template_schema.c
