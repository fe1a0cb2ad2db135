# The manual.
dist_man_MANS = \
	man/ctr-checkpoint.1 \
	man/ctr-clients.7 \
	man/ctr-create.1 \
	man/ctr-delete.1 \
	man/ctr-deploy.1 \
	man/ctr-destroy.1 \
	man/ctr-doctor.1 \
	man/ctr-enter.1 \
	man/ctr-errors.7 \
	man/ctr-events.1 \
	man/ctr-exec.1 \
	man/ctr-features.1 \
	man/ctr-gc.1 \
	man/ctr-info.1 \
	man/ctr-kill.1 \
	man/ctr-list.1 \
	man/ctr-mounts.1 \
	man/ctr-pause.1 \
	man/ctr-plan.1 \
	man/ctr-ps.1 \
	man/ctr-rename.1 \
	man/ctr-restart.1 \
	man/ctr-restore.1 \
	man/ctr-resume.1 \
	man/ctr-run.1 \
	man/ctr-spec.1 \
	man/ctr-start.1 \
	man/ctr-state.1 \
	man/ctr-stop.1 \
	man/ctr-template.1 \
	man/ctr-update.1 \
	man/ctr-wait.1 \
	man/ctr.1 \
	man/ctr.h.3
