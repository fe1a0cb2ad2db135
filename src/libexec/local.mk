# ctr-archive reads archives, images and trees, apart from ctr and confined.
noinst_PROGRAMS += ctr-archive
HELPERS += ctr-archive
ctr_archive_SOURCES = \
	src/libexec/archive_confine.c \
	src/libexec/archive_confine.h \
	src/libexec/archive_digest.c \
	src/libexec/archive_digest.h \
	src/libexec/archive_image.c \
	src/libexec/archive_image.h \
	src/libexec/archive_job.h \
	src/libexec/archive_layout.c \
	src/libexec/archive_layout.h \
	src/libexec/archive_main.c \
	src/libexec/archive_meta.c \
	src/libexec/archive_meta.h \
	src/libexec/archive_report.c \
	src/libexec/archive_report.h \
	src/libexec/archive_stream.c \
	src/libexec/archive_stream.h \
	src/libexec/archive_tree.c \
	src/libexec/archive_tree.h \
	src/libexec/archive_unpack.c \
	src/libexec/archive_unpack.h

ctr_archive_LDADD = $(ROOMS) $(LIBRARY_LIBS) $(ARCHIVE_LIBS) $(NETTLE_LIBS)
ctr_archive_LDFLAGS = -pie $(AM_LDFLAGS)
