"""Full disks, locked databases, sudden deaths: what was acknowledged stays, what cannot be kept is
refused with 20."""
import json
import os
import resource
import signal
import sqlite3
import subprocess

from truc_program import expect, expect_in, until


def fetch_all(place, server, sent):
    for file, document in sent.items():
        place.run("fetch", *server.as_receiver(), document, "-o", "got.edxml")
        assert place.read("got.edxml") == place.read(file), file


def check_a_database_locked_by_another_process_is_20(place):
    place.site()
    server = place.serve()
    first = server.send(place.document("a.edxml", number="1"))["DocId"]
    second = place.document("b.edxml", number="2")
    other = sqlite3.connect(place / "site/truc.db", isolation_level=None)
    other.execute("begin immediate")
    refused = place.run("send", *server.as_sender(), second, code=1)
    expect_in("(20)", refused.err)
    status, body = server.get("/healthz")
    expect(status, 503)
    assert json.loads(body)["troubles"][0]["vi"], body
    expect(server.get("/readyz")[0], 503)
    other.execute("rollback")
    other.close()
    until(lambda: server.get("/healthz")[0] == 200)
    server.send(second)
    expect(len(server.inbox()), 2)
    place.run("fetch", *server.as_receiver(), first, "-o", "got.edxml")
    server.end()
    place.run("verify", "-C", "site")


def check_killed_at_once_nothing_acknowledged_is_lost(place):
    place.site()
    sent = {}
    for round_number in range(3):
        server = place.serve()
        for n in range(3):
            number = f"{round_number}{n}"
            file = place.document(f"{number}.edxml", number=number, content=os.urandom(150_000 if n == 1 else 500))
            sent[file] = server.send(file)["DocId"]
        server.end(signal.SIGKILL)
    server = place.serve()
    expect(len(server.inbox()), 9)
    fetch_all(place, server, sent)
    server.end()
    place.run("verify", "-C", "site")


def fill_until_refused(place, server, sent):
    """Sends documents until one is refused; gives what was said then."""
    for number in range(1000, 1400):
        file = place.document(f"{number}.edxml", number=str(number), content=os.urandom(400_000))
        answer = subprocess.run([place.truc, "send", *server.as_sender(), file, "--json"], cwd=place.path,
                                capture_output=True, timeout=60)
        if answer.returncode != 0:
            return answer.stderr.decode()
        sent[file] = json.loads(answer.stdout)["DocId"]
    raise AssertionError("the disk never filled up")


def check_a_full_disk_is_20_and_nothing_acknowledged_is_lost(place):
    mount = place / "disk"
    os.makedirs(mount)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", mount], capture_output=True).returncode == 0
    if not mounted:
        return files_that_may_not_grow(place)
    try:
        place.site("disk/site")
        with open(mount + "/ballast", "wb") as ballast:
            ballast.write(b"x" * (1 << 20))
        server = place.serve("disk/site")
        sent = {}
        expect_in("(20)", fill_until_refused(place, server, sent))
        assert sent
        # Small documents go on until nothing at all fits.
        try:
            with open(mount + "/ballast", "ab", buffering=0) as ballast:
                while True:
                    ballast.write(b"x" * 4096)
        except OSError:
            pass
        small = place.document("small.edxml", number="1")
        expect_in("(20)", place.run("send", *server.as_sender(), small, code=1).err)
        status, body = server.get("/healthz")
        expect(status, 503)
        assert json.loads(body)["troubles"], body
        os.remove(mount + "/ballast")
        for file in list(sent)[-3:]:  # still served
            place.run("fetch", *server.as_receiver(), sent[file], "-o", "got.edxml")
        server.end()
        subprocess.run(["mount", "-o", "remount,size=200m", mount], check=True)
        place.run("verify", "-C", "disk/site")
        server = place.serve("disk/site")
        expect(server.get("/healthz")[0], 200)
        fetch_all(place, server, sent)
        sent[small] = server.send(small)["DocId"]
        fetch_all(place, server, {small: sent[small]})
        expect(place.json("verify", "-C", "disk/site")["documents"], len(sent))
        server.end()
    finally:
        for server in place.servers:
            server.end(signal.SIGKILL)
        place.servers.clear()
        subprocess.run(["umount", mount], check=False)


def files_that_may_not_grow(place):
    """Where no disk can be mounted: a server whose files are limited in size."""
    place.site()
    limit = 1 << 20

    def limited():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    server = place.serve(preexec_fn=limited)
    sent = {}
    for number in range(5):
        file = place.document(f"{number}.edxml", number=str(number))
        sent[file] = server.send(file)["DocId"]
    large = place.document("large.edxml", number="99", content=os.urandom(3_000_000))
    expect_in("(20)", place.run("send", *server.as_sender(), large, code=1).err)
    fetch_all(place, server, sent)
    server.end()
    place.run("verify", "-C", "site")
    server = place.serve()
    sent[large] = server.send(large)["DocId"]
    fetch_all(place, server, sent)


def check_files_that_may_not_grow_are_20(place):
    files_that_may_not_grow(place)


def check_a_directory_that_may_not_be_written_is_said_so(place):
    if os.geteuid() == 0:
        # Root writes everywhere: a file stands where the directory should be.
        place.write("blocked", "x")
        said = place.run("init", "blocked/site", code=1).err
        expect_in("[", said)
        return
    os.makedirs(place / "readonly", mode=0o555)
    place.run("init", "readonly/site", code=1)
