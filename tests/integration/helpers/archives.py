#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Archives and images for the tests of `ctr template import`; each entry is written as it is said,
also where no honest program would.

	archives.py chains DIR OUT	every chain of up to three links, then a write through it
	archives.py hostile DIR OUT	one file a kind of abuse; OUT is the directory to escape to
	archives.py defused FILE	what is taken, but otherwise than it says
	archives.py bombs DIR		too much of everything
	archives.py image DIR		an OCI layout; the merged tree is in DIR.tree as a list
	archives.py docker FILE DIR	what docker save writes, of the same layers
	archives.py opaque FILE N	N directories, each opaque
"""
import gzip, hashlib, io, itertools, json, os, struct, sys, tarfile


def entry(name, type=tarfile.REGTYPE, data=b"", link="", mode=0o644, **more):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode, info.size = type, link, mode, len(data)
    info.mtime = 1000000000
    for key, value in more.items():
        setattr(info, key, value)
    return info, data


def directory(name, mode=0o755, **more):
    return entry(name, tarfile.DIRTYPE, mode=mode, **more)


def symlink(name, to):
    return entry(name, tarfile.SYMTYPE, link=to, mode=0o777)


def hardlink(name, to):
    return entry(name, tarfile.LNKTYPE, link=to)


def archive(*entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for info, data in entries:
            tar.addfile(info, io.BytesIO(data) if data else None)
    return out.getvalue()


def header(name, typeflag=b"0", size=b"00000000000\0", link=b"", uid=b"0000000\0", mtime=b"00000000000\0", magic=b"ustar\00000"):
    """A raw header, for what tarfile would not write."""
    block = struct.pack("100s8s8s8s12s12s8sc100s8s32s32s8s8s155s12x", name, b"0000644\0", uid, b"0000000\0", size, mtime,
                        b" " * 8, typeflag, link, magic, b"", b"", b"", b"", b"")
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


END = bytes(1024)


def pax(records, **about):
    data = b""
    for key, value in records:
        body = b" " + key + b"=" + value + b"\n"
        length = len(body) + len(str(len(body)))
        while len(str(length)) + len(body) != length:
            length += 1
        data += str(length).encode() + body
    return header(b"pax", b"x", b"%011o\0" % len(data)) + data + bytes(-len(data) % 512)


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def chains(directory_path, out):
    targets = [".", "..", "/", "../..", out, "a", "a/.."]
    n = 0
    for length in (1, 2, 3):
        for chain in itertools.product(targets, repeat=length):
            links = [symlink("abc"[i] if i == 0 else "a/" * i + "abc"[i], to) for i, to in enumerate(chain)]
            flat = [symlink("abc"[i], to) for i, to in enumerate(chain)]
            through = "/".join("abc"[:length])
            tail = [entry(through + "/victim", data=b"written"), entry("abc"[length - 1] + "/victim", data=b"written"),
                    hardlink("h", through + "/victim"), directory(through + "/new"), entry(through + "/.wh.victim")]
            for i, last in enumerate(tail):
                write(f"{directory_path}/{n:04}-{i}.tar", archive(*flat, last))
                if length > 1:
                    write(f"{directory_path}/{n:04}-n{i}.tar", archive(*links, last))
            n += 1


def hostile(path, out):
    x = entry("x", data=b"x")
    plain = {
        "root-is-a-link": [symlink(".", out), x],
        "root-is-a-link-2": [symlink("./", out), x],
        "root-is-a-link-3": [symlink("//", out), x],
        "root-is-a-file": [entry("./", data=b"x")],
        "root-is-a-hardlink": [x, hardlink(".", "x")],
        "leads-out": [entry("../victim", data=b"x")],
        "leads-out-2": [entry("a/../../victim", data=b"x")],
        "leads-out-3": [entry("foo/..", data=b"x")],
        "below-a-link": [symlink("l", out), entry("l/victim", data=b"x")],
        "below-a-link-dir": [symlink("l", out), directory("l/new")],
        "below-a-link-link": [symlink("l", out), symlink("l/new", "x")],
        "below-a-file": [x, entry("x/y", data=b"x")],
        "hardlink-outside": [hardlink("h", out + "/victim")],
        "hardlink-outside-2": [hardlink("h", "../../../../../../" + out + "/victim")],
        "hardlink-over-a-link": [symlink("l", out), hardlink("h", "l/victim")],
        "hardlink-later": [hardlink("h", "x"), x],
        "hardlink-absent": [hardlink("h", "nothing")],
        "hardlink-dir": [directory("d"), hardlink("h", "d")],
        "hardlink-self": [hardlink("h", "h")],
        "hardlink-root": [hardlink("h", ".")],
        "over-a-full-directory": [directory("d"), entry("d/x", data=b"x"), entry("d", data=b"x")],
        "over-a-full-directory-2": [directory("d"), entry("d/x", data=b"x"), symlink("d", out)],
        "whiteout-device": [entry("w", tarfile.CHRTYPE, devmajor=0, devminor=0)],
        "whiteout-name": [entry("a/.wh.b")],
        "opaque-name": [entry("a/.wh..wh..opq")],
        "owner-too-high": [entry("x", uid=65536)],
        "owner-wraps": [entry("x", uid=4294967296)],
        "name-too-long": [entry("n" * 256, data=b"x")],
        "path-too-long": [entry("/".join(["p" * 200] * 25), data=b"x")],
        "too-deep": [entry("d/" * 300 + "x", data=b"x")],
        "empty-name": [entry("", data=b"x")],
    }
    for name, entries in plain.items():
        write(f"{path}/{name}.tar", archive(*entries))
    raw = {
        "size-of-2-63": header(b"x", size=b"\x80" + b"\0" * 3 + b"\x7f" + b"\xff" * 7) + END,
        "size-negative": header(b"x", size=b"\xff" * 12) + END,
        "uid-negative": header(b"x", uid=b"\xff" * 8) + END,
        "pax-size-lies": pax([(b"size", b"1000")]) + header(b"x", size=b"%011o\0" % 1) + b"x" + bytes(511) + END,
        "pax-no-key": header(b"pax", b"x", b"%011o\0" % 6) + b"6 abc\n" + bytes(506) + header(b"x") + END,
        "pax-nul": pax([(b"path", b"a\0b/../../victim")]) + header(b"x") + END,
        "pax-leads-out": pax([(b"path", b"ok"), (b"path", b"../victim")]) + header(b"x") + END,
        "cut-short": header(b"x", size=b"%011o\0" % 5000) + b"x" * 100,
        "checksum": header(b"x")[:148] + b"0000000\0" + header(b"x")[156:] + END,
        "garbage": bytes(range(256)) * 40,
    }
    for name, data in raw.items():
        write(f"{path}/{name}.tar", data)


def defused(path):
    write(path, archive(
        entry("/absolute", data=b"abs"), entry("twice", data=b"first"), entry("twice", data=b"second"),
        directory("d"), symlink("d", "/etc"), entry("d", data=b"file"), symlink("s", "/etc/passwd"), entry("s", data=b"mine"),
        entry("late", data=b"x", mtime=2 ** 62), entry("fifo", tarfile.FIFOTYPE),
        entry("null", tarfile.CHRTYPE, devmajor=1, devminor=3)))


def bombs(path):
    zeros = bytes(1 << 20)
    with gzip.open(f"{path}/one-file.tar.gz", "wb", 1) as out:
        out.write(header(b"zeros", size=b"%011o\0" % (1 << 30)))
        for _ in range(1 << 10):
            out.write(zeros)
        out.write(END)
    with gzip.open(f"{path}/behind-the-end.tar.gz", "wb", 1) as out:
        out.write(archive(entry("x", data=b"x")))
        for _ in range(200):
            out.write(zeros)
    with gzip.open(f"{path}/many.tar.gz", "wb", 1) as out:
        for i in range(200000):
            out.write(header(b"%d" % i))
        out.write(END)
    write(f"{path}/sparse.tar", pax([(b"GNU.sparse.major", b"1"), (b"GNU.sparse.minor", b"0"), (b"GNU.sparse.name", b"hole"),
                                     (b"GNU.sparse.realsize", b"1099511627776")]) +
          header(b"hole", size=b"%011o\0" % 512) + b"0\n" + bytes(510) + END)


BASE = [directory("etc"), entry("etc/passwd", data=b"root:x:0:0::/:/bin/sh\n"), entry("etc/old", data=b"old\n"),
        directory("tmp", mode=0o1777), directory("var", uid=3, gid=4, mode=0o750), directory("var/lib"), entry("var/lib/a", data=b"a"),
        entry("var/lib/b", data=b"b"), directory("gone"), entry("gone/x", data=b"x"), directory("hidden"), entry("hidden/low", data=b"low"),
        directory("readd"), entry("readd/low", data=b"low")]
MIDDLE = [entry("etc/.wh.old"), entry("tmp/new", data=b"new"), entry("var/lib/.wh.nothing"), entry(".wh.gone"),
          directory("hidden"), entry("hidden/.wh..wh..opq"), entry("hidden/high", data=b"high"),
          entry(".wh.readd"), directory("readd"), entry("readd/high", data=b"high"), entry("etc/file", data=b"1"), hardlink("etc/link", "etc/file"),
          entry(".wh..wh.plnk", data=b"aufs"),
          entry("etc/attr", data=b"x", pax_headers={"SCHILY.xattr.user.note": "hello", "SCHILY.xattr.trusted.overlay.redirect": "/etc",
                                                    "SCHILY.xattr.user.overlay.opaque": "y"})]
TOP = [entry("var/lib/a", data=b"changed"), entry("var/lib/.wh.b")]
MERGED = """etc/attr x
etc/file 1
etc/link 1
etc/passwd root:x:0:0::/:/bin/sh
hidden/high high
readd/high high
tmp/new new
var/lib/a changed
"""


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def config(layers):
    return json.dumps({"architecture": {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, "unknown"), "os": "linux",
                       "config": {"User": "33:4", "Env": ["PATH=/bin", "A=B"], "Entrypoint": ["/bin/e"], "Cmd": ["c", "d"],
                                  "WorkingDir": "/var", "StopSignal": "SIGINT", "Labels": {"x": "y"}},
                       "rootfs": {"type": "layers", "diff_ids": [digest(layer) for layer in layers]}}).encode()


def image(path):
    layers = [archive(*BASE), archive(*MIDDLE), archive(*TOP)]
    os.makedirs(f"{path}/blobs/sha256")

    def blob(data, kind, **more):
        name = digest(data)
        write(f"{path}/blobs/sha256/{name[7:]}", data)
        return {"mediaType": "application/vnd.oci.image." + kind, "digest": name, "size": len(data), **more}

    stored = [blob(gzip.compress(layer, mtime=0), "layer.v1.tar+gzip") for layer in layers]
    manifest = {"schemaVersion": 2, "config": blob(config(layers), "config.v1+json"), "layers": stored}
    tagged = blob(json.dumps(manifest).encode(), "manifest.v1+json", annotations={"org.opencontainers.image.ref.name": "latest"})
    other = dict(tagged, annotations={"org.opencontainers.image.ref.name": "other"})
    write(f"{path}/index.json", json.dumps({"schemaVersion": 2, "manifests": [tagged, other]}).encode())
    write(f"{path}/oci-layout", b'{"imageLayoutVersion": "1.0.0"}')
    write(f"{path}.tree", MERGED.encode())


def docker(path):
    layers = [archive(*BASE), archive(*MIDDLE), archive(*TOP)]
    document = config(layers)
    name = hashlib.sha256(document).hexdigest() + ".json"
    files = [entry(name, data=document)]
    files += [entry(f"l{i}/layer.tar", data=layer) for i, layer in enumerate(layers[:2])]
    files += [entry("real/layer.tar", data=layers[2]), symlink("l2/layer.tar", "../real/layer.tar")]
    files += [entry("manifest.json", data=json.dumps([{"Config": name, "RepoTags": ["thing:1"],
                                                        "Layers": [f"l{i}/layer.tar" for i in range(3)]}]).encode())]
    write(path, archive(*files))


def opaque(path, n):
    entries = []
    for i in range(n):
        entries += [directory(f"d{i % 100}/e{i}"), entry(f"d{i % 100}/e{i}/.wh..wh..opq"), entry(f"d{i % 100}/e{i}/.wh..wh..opq")]
    layers = [archive(directory("d0")), archive(*entries)]
    document = config(layers)
    name = hashlib.sha256(document).hexdigest() + ".json"
    files = [entry(name, data=document)] + [entry(f"l{i}.tar", data=layer) for i, layer in enumerate(layers)]
    files += [entry("manifest.json", data=json.dumps([{"Config": name, "Layers": ["l0.tar", "l1.tar"]}]).encode())]
    write(path, archive(*files))


what, *arguments = sys.argv[1:]
if what == "opaque":
    arguments[1] = int(arguments[1])
{"chains": chains, "hostile": hostile, "bombs": bombs, "defused": defused, "image": image, "docker": docker, "opaque": opaque}[what](*arguments)
