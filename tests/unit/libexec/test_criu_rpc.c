/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>

#include "criu.pb-c.h"
#include "criu_rpc.h"

/* What CRIU would read; released with criu_req__free_unpacked. */
static CriuReq *pack(const struct criu_request *request)
{
	struct criu_rpc_bytes bytes = { 0 };
	struct error err = { 0 };
	CriuReq *req;

	cr_assert_eq(criu_rpc_pack(request, &bytes, &err), 0, "%s", err.text);
	req = criu_req__unpack(NULL, bytes.len, bytes.data);
	cr_assert(req);
	free(bytes.data);
	return req;
}

static struct criu_request request_of(enum criu_operation operation)
{
	return (struct criu_request){
		.operation = { true, operation },
		.images_fd = { true, 5 },
		.work_fd = { true, 6 },
		.log = (char *)"a.log",
		.place = operation == CRIU_RESTORE ? (char *)"/place" : NULL,
	};
}

Test(criu_rpc, a_dump_names_process_directories_and_what_is_asked)
{
	struct criu_request request = request_of(CRIU_DUMP);
	int flags[] = { CRIU_LEAVE_RUNNING, CRIU_TCP_ESTABLISHED };
	CriuReq *req;

	request.pid = (struct optional_int){ true, 77 };
	request.freeze_cgroup = (char *)"/sys/fs/cgroup/x";
	request.flags.item = flags;
	request.flags.n = 2;
	req = pack(&request);
	cr_expect_eq(req->type, 1);
	cr_expect_eq(req->opts->images_dir_fd, 5);
	cr_expect_eq(req->opts->work_dir_fd, 6);
	cr_expect_eq(req->opts->pid, 77);
	cr_expect_str_eq(req->opts->log_file, "a.log");
	cr_expect_str_eq(req->opts->freeze_cgroup, "/sys/fs/cgroup/x");
	cr_expect(req->opts->leave_running && req->opts->tcp_established);
	cr_expect(req->opts->notify_scripts && req->opts->orphan_pts_master);
	cr_expect_not(req->opts->has_shell_job || req->opts->has_rst_sibling);
	cr_expect_null(req->opts->root);
	criu_req__free_unpacked(req, NULL);
}

Test(criu_rpc, a_pre_dump_is_a_single_one)
{
	struct criu_request request = request_of(CRIU_PRE_DUMP);
	CriuReq *req = pack(&request);

	cr_expect_eq(req->type, 13);
	criu_req__free_unpacked(req, NULL);
}

Test(criu_rpc, at_restore_a_name_is_the_path_of_the_tree_that_ctr_has_opened)
{
	struct criu_request request = request_of(CRIU_RESTORE);
	struct criu_descriptor tree = { (char *)"mounts.3", { true, 9 } };
	struct criu_descriptor pipe = { (char *)"pipe:[1]", { true, 2 } };
	struct criu_namespace ipc = { (char *)"ipc", (char *)"/proc/7/ns/ipc" };
	CriuReq *req;

	request.trees.item = &tree;
	request.inherit.item = &pipe;
	request.joins.item = &ipc;
	request.trees.n = request.inherit.n = request.joins.n = 1;
	request.cgroup_root = (char *)"/ctr/x";
	req = pack(&request);
	cr_expect_eq(req->type, 2);
	cr_expect_str_eq(req->opts->root, "/place/root");
	cr_expect(req->opts->rst_sibling);
	cr_assert_eq(req->opts->n_external, 1);
	cr_expect_str_eq(req->opts->external[0], "mnt[mounts.3]:/place/mounts.3");
	cr_assert_eq(req->opts->n_inherit_fd, 1);
	cr_expect_str_eq(req->opts->inherit_fd[0]->key, "pipe:[1]");
	cr_expect_eq(req->opts->inherit_fd[0]->fd, 2);
	cr_assert_eq(req->opts->n_join_ns, 1);
	cr_expect_str_eq(req->opts->join_ns[0]->ns_file, "/proc/7/ns/ipc");
	cr_assert_eq(req->opts->n_cg_root, 1);
	cr_expect_str_eq(req->opts->cg_root[0]->path, "/ctr/x");
	cr_expect_null(req->opts->cg_root[0]->ctrl);
	criu_req__free_unpacked(req, NULL);
}

Test(criu_rpc, a_restore_without_a_place_is_refused)
{
	struct criu_request request = request_of(CRIU_RESTORE);
	struct criu_rpc_bytes bytes = { 0 };
	struct error err = { 0 };

	request.place = NULL;
	cr_expect_eq(criu_rpc_pack(&request, &bytes, &err), -EINVAL);
	cr_expect_null(bytes.data);
}

Test(criu_rpc, modes_and_locks_are_criu_s_numbers)
{
	static const int modes[] = { 3, 4, 5, 0 };

	for (int i = 0; i < 4; i++) {
		struct criu_request request = request_of(CRIU_DUMP);
		CriuReq *req;

		request.cgroups = (struct optional_int){ true, i };
		request.network_lock = (struct optional_int){ true, CRIU_LOCK_NFTABLES };
		req = pack(&request);
		cr_expect_eq(req->opts->manage_cgroups_mode, modes[i]);
		cr_expect_eq(req->opts->network_lock, 2);
		criu_req__free_unpacked(req, NULL);
	}
}

Test(criu_rpc, every_switch_but_two_is_a_field_and_an_empty_network_a_bit)
{
	for (int flag = 0; flag < CRIU_FLAG_COUNT; flag++) {
		struct criu_request request = request_of(CRIU_DUMP), plain = request;
		CriuReq *req, *without;

		request.flags.item = &flag;
		request.flags.n = 1;
		req = pack(&request);
		without = pack(&plain);
		if (flag == CRIU_NO_NEW_PRIVILEGES)
			cr_expect_eq(criu_req__get_packed_size(req),
				     criu_req__get_packed_size(without));
		else
			cr_expect_gt(criu_req__get_packed_size(req),
				     criu_req__get_packed_size(without), "%d", flag);
		cr_expect_eq(req->opts->empty_ns, flag == CRIU_EMPTY_NETWORK ? CLONE_NEWNET : 0);
		criu_req__free_unpacked(req, NULL);
		criu_req__free_unpacked(without, NULL);
	}
}

Test(criu_rpc, a_page_server_has_an_address_and_a_port)
{
	struct criu_request request = request_of(CRIU_DUMP);
	CriuReq *req;

	request.page_server = (char *)"::1";
	request.port = (struct optional_int){ true, 9 };
	req = pack(&request);
	cr_expect_str_eq(req->opts->ps->address, "::1");
	cr_expect_eq(req->opts->ps->port, 9);
	criu_req__free_unpacked(req, NULL);
}

static struct criu_event unpack(const CriuResp *resp)
{
	struct criu_event event = { 0 };
	struct error err = { 0 };
	uint8_t data[500];
	size_t len = criu_resp__pack(resp, data);

	cr_assert_eq(criu_rpc_unpack(data, len, &event, &err), 0);
	return event;
}

Test(criu_rpc, a_notification_is_a_point_and_perhaps_a_pid)
{
	CriuNotification notification = CRIU_NOTIFICATION__INIT;
	CriuResp resp = CRIU_RESP__INIT;
	struct criu_event event;

	notification.script = (char *)"post-restore";
	notification.has_pid = true;
	notification.pid = 12;
	resp.type = 6;
	resp.success = true;
	resp.notify = &notification;
	event = unpack(&resp);
	cr_expect_eq(event.kind, CRIU_EVENT_NOTIFY);
	cr_expect_str_eq(event.point, "post-restore");
	cr_expect_eq(event.pid, 12);
}

Test(criu_rpc, an_end_is_done_or_failed_with_criu_s_errno)
{
	CriuResp resp = CRIU_RESP__INIT;
	struct criu_event event;

	resp.type = 1;
	resp.success = true;
	cr_expect_eq(unpack(&resp).kind, CRIU_EVENT_DONE);
	resp.success = false;
	event = unpack(&resp);
	cr_expect_eq(event.kind, CRIU_EVENT_FAILED);
	cr_expect_eq(event.error.code, EIO);
	resp.has_cr_errno = true;
	resp.cr_errno = ESRCH;
	event = unpack(&resp);
	cr_expect_eq(event.error.code, ESRCH);
	cr_expect_str_eq(event.error.text, "CRIU failed: No such process");
}

Test(criu_rpc, bytes_that_are_no_response_are_an_error)
{
	static const uint8_t nothing[] = { 0xff, 0xff, 0xff };
	struct criu_event event;
	struct error err = { 0 };

	cr_expect_eq(criu_rpc_unpack(nothing, sizeof nothing, &event, &err), -EPROTO);
	cr_expect_eq(criu_rpc_unpack(nothing, 0, &event, &err), -EPROTO);
}

Test(criu_rpc, an_answer_says_yes_or_no)
{
	for (int success = 0; success < 2; success++) {
		struct criu_rpc_bytes bytes = { 0 };
		struct error err = { 0 };
		CriuReq *req;

		cr_assert_eq(criu_rpc_pack_answer(success, &bytes, &err), 0);
		req = criu_req__unpack(NULL, bytes.len, bytes.data);
		cr_assert(req);
		cr_expect_eq(req->type, 6);
		cr_expect(req->has_notify_success);
		cr_expect_eq(req->notify_success, success);
		criu_req__free_unpacked(req, NULL);
		free(bytes.data);
	}
}
