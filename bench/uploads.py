"""Large uploads by the tus protocol: how fast, in how much memory, and what is sent twice when
either side is killed. The client here sends a file with sendfile(2), so that it is not what is
measured."""

import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "bench"
COMMON = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {TOKEN}"}
MIB = 1 << 20


class Listening:
    """A server that prints "listening PORT"; can be killed and started again on the same port."""

    def __init__(self, command, cwd=None):
        self.command, self.cwd, self.port, self.process = command, cwd, 0, None

    def start(self):
        command = [str(part) for part in self.command(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=self.cwd, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening "):
            raise RuntimeError(f"{command} did not start")
        self.port = int(line.split()[1])
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def memory_mib(self, what="VmRSS"):
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(what + ":"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("no " + what)


def ask(port, method, path, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request(method, path, headers={**COMMON, **headers})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body.decode(errors="replace")


def create(port, size):
    answer, body = ask(port, "POST", "/uploads", {"Upload-Length": str(size), "Content-Length": "0"})
    if answer.status != 201:
        raise RuntimeError(f"POST: {answer.status} {body}")
    location = answer.headers["Location"]
    return location[location.index("/uploads"):]


def offset_of(port, path):
    answer, body = ask(port, "HEAD", path, {})
    if answer.status != 200:
        raise RuntimeError(f"HEAD: {answer.status} {body}")
    return int(answer.headers["Upload-Offset"])


def send(port, path, file, start, note=None):
    """PATCHes `file` from `start` to its end. `note` is told how far it has been sent."""
    size = os.path.getsize(file)
    with open(file, "rb") as source, socket.create_connection(("127.0.0.1", port), 120) as wire:
        lines = [f"PATCH {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {size - start}",
                 f"Upload-Offset: {start}", "Content-Type: application/offset+octet-stream",
                 *(f"{name}: {value}" for name, value in COMMON.items())]
        wire.settimeout(None)  # sendfile(2) waits only on a blocking socket
        wire.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        at = start
        while at < size:
            at += os.sendfile(wire.fileno(), source.fileno(), at, min(size - at, 4 * MIB))
            if note:
                note(at)
        answer = b""
        while b"\r\n\r\n" not in answer:
            piece = wire.recv(65536)
            if not piece:
                raise ConnectionError("closed before the answer")
            answer += piece
    if not answer.startswith(b"HTTP/1.1 204"):
        raise RuntimeError(answer.decode(errors="replace")[:500])


def write_noise(path, size):
    with open(path, "wb") as out:
        block = os.urandom(16 * MIB)
        left = size
        while left:
            left -= out.write(block[:min(left, len(block))])
    os.sync()


def timed(server, file):
    path = create(server.port, os.path.getsize(file))
    start = time.monotonic()
    send(server.port, path, file, 0)
    seconds = time.monotonic() - start
    return path, seconds


def broken(server, file, kills, rng):
    """Kills the server or the sending process at random points; the most that was sent twice, in
    MiB, and how often each side was killed."""
    size = os.path.getsize(file)
    path = create(server.port, size)
    resent, counts, offset = 0.0, {"server": 0, "client": 0}, 0
    for number in range(kills):
        point = offset + rng.randrange(1, max(2, (size - offset) * 2 // max(2, kills - number)))
        side = "server" if number % 2 == 0 else "client"
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                send(server.port, path, file, offset, lambda at: os.write(writing, b"%020d" % at))
            except OSError:
                pass
            os._exit(0)
        os.close(writing)
        sent, killed = offset, False
        with os.fdopen(reading, "rb") as progress:
            while (text := progress.read(20)):
                sent = int(text)
                if not killed and sent >= point:
                    killed = True
                    if side == "server":
                        server.kill()
                    else:
                        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if side == "server" and killed:
            server.start()
        counts[side] += killed
        offset = settled_offset(server.port, path)
        resent = max(resent, (sent - offset) / MIB)
        if offset == size:
            break
    for _ in range(100):
        try:
            if offset < size:
                send(server.port, path, file, offset)
            break
        except RuntimeError as error:  # the connection of a killed client is still being read
            if " 423 " not in str(error) and " 409 " not in str(error):
                raise
            time.sleep(0.05)
            offset = offset_of(server.port, path)
    return path, resent, counts


def settled_offset(port, path):
    """What a client is told once the server has read what a dead connection still held."""
    before = -1
    while (now := offset_of(port, path)) != before:
        before = now
        time.sleep(0.1)
    return now


def digest(server, path):
    start = time.monotonic()
    answer, body = ask(server.port, "GET", "/digest/" + path.rsplit("/", 1)[1], {})
    if answer.status != 200:
        raise RuntimeError(f"digest: {answer.status} {body}")
    return body.split()[1], time.monotonic() - start


def sha256_of(file):
    return subprocess.run(["sha256sum", file], capture_output=True, text=True,
                          check=True).stdout.split()[0]


def install_peer(work):
    """npm packages, outside the source tree; false when there is no Node.js or no registry."""
    packages = ROOT / "build" / "bench" / "tus"
    packages.mkdir(parents=True, exist_ok=True)
    listed = ROOT / "tests" / "conformance" / "api" / "tus"
    for source in (listed / "package.json", listed / "package-lock.json",
                   ROOT / "bench" / "tus_peer.mjs"):
        shutil.copy(source, packages)
    if not shutil.which("npm"):
        return None
    done = subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=packages,
                          capture_output=True)
    if done.returncode != 0:
        return None
    return Listening(lambda port: ["node", packages / "tus_peer.mjs", work / "peer"], packages)


def run(program, work, mib, rounds, kills):
    """All figures of the benchmark."""
    shutil.rmtree(work, ignore_errors=True)
    (work / "peer").mkdir(parents=True)
    # The file, the peer's copy, ours, and what either still frees in the background.
    needed, free = 5 * mib * MIB, shutil.disk_usage(work).free
    if free < needed:
        raise SystemExit(f"uploads: {work} has {free >> 30} GiB free, {needed >> 30} are needed")
    file = work / "large.bin"
    write_noise(file, mib * MIB)
    truc = Listening(lambda port: [program, work / "truc", port])
    peer = install_peer(work)
    figures = {"size_mib": mib}
    try:
        truc.start()
        if peer:
            peer.start()
        before = truc.memory_mib()
        ours, theirs, hashing = [], [], []
        expected = sha256_of(file)
        for _ in range(rounds):
            if peer:
                path, seconds = timed(peer, file)
                theirs.append(mib / seconds)
                (work / "peer" / path.rsplit("/", 1)[1]).unlink()
                os.sync()
            path, seconds = timed(truc, file)
            ours.append(mib / seconds)
            found, waited = digest(truc, path)
            hashing.append(waited)
            if found != expected:
                raise RuntimeError("other bytes arrived than were sent")
            ask(truc.port, "DELETE", path, {})
            os.sync()
        figures["rss_growth_mib"] = truc.memory_mib("VmHWM") - before
        path, resent, counts = broken(truc, file, kills, random.Random(2026))
        if digest(truc, path)[0] != expected:
            raise RuntimeError("other bytes arrived than were sent, after kills")
        figures |= {"mib_per_second": sorted(ours)[len(ours) // 2],
                    "sha256_after_seconds": sorted(hashing)[len(hashing) // 2],
                    "resent_mib_max": resent, "kills_server": counts["server"],
                    "kills_client": counts["client"]}
        if theirs:
            figures["tus_mib_per_second"] = sorted(theirs)[len(theirs) // 2]
            figures["ratio_tus"] = figures["mib_per_second"] / figures["tus_mib_per_second"]
    finally:
        truc.stop()
        if peer:
            peer.stop()
        shutil.rmtree(work, ignore_errors=True)
    return figures


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), 3, 20)))
