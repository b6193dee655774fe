"""What signatures cost: judging, accepting with judging, memory, evidences, signing.

Everything that is signed here is made with the product's own commands and a demonstration PKI of
its own that answers on loopback, so that revocation is asked for and kept as it is in service.
"""

import os
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

from peers import free_port, stop, wait_for_port

SHA_BLOCK = 131072  # bytes that one update hashes, as judging reads a PDF


class Pki:
    """A demonstration PKI, and files signed with its certificates."""

    def __init__(self, truc, home):
        self.truc = str(truc)
        self.home = Path(home).resolve()
        self.process = None

    def start(self):
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        address = f"127.0.0.1:{free_port()}"
        self.tsa = f"http://{address}/pki/tsa"
        with open(self.home / "pki.log", "wb") as log:
            self.process = subprocess.Popen(
                [self.truc, "demo", "serve", str(self.home / "pki"), "--listen", address],
                stdout=log, stderr=log, start_new_session=True)
        wait_for_port(int(address.rsplit(":", 1)[1]), self.process, 60)
        self.anchor = self.home / "pki" / "demonstration-root.demonstration.pem"
        self.person = self._issue("person", "Nguyễn Văn Đo", "Sở Đo kiểm")
        self.seal = self._issue("seal", "Sở Đo kiểm", "Sở Đo kiểm")
        return self

    def stop(self):
        stop(self.process)
        shutil.rmtree(self.home, ignore_errors=True)

    def _command(self, *arguments):
        done = subprocess.run([self.truc, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"truc {' '.join(map(str, arguments))}: {done.stdout}{done.stderr}")

    def _issue(self, file, name, organisation):
        key = self.home / f"{file}.pem"
        self._command("demo", "issue", self.home / "pki", "--name", name, "--organisation",
                      organisation, "-o", key)
        return key

    def sign(self, file, keys, *options):
        """Signs `file` with each key in turn and leaves only the last outcome."""
        for number, key in enumerate(keys, 1):
            signed = file.with_suffix(f".{number}.pdf")
            self._command("sign", file, "-o", signed, "--key", key, "--field",
                          f"Signature{number}", *options)
            file.unlink()
            file = signed
        return file

    def ecdsa_key(self):
        """A P-256 key with a certificate of its own: for signing only."""
        path = self.home / "p256.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=bench", "-keyout", path,
                        "-out", self.home / "p256.crt"], check=True, capture_output=True)
        path.write_bytes(path.read_bytes() + (self.home / "p256.crt").read_bytes())
        return path


def write_scan(path, size):
    """A PDF of one page that is a scanned picture: about `size` bytes, never held in memory."""
    offsets = []

    def put(body):
        offsets.append(file.tell())
        file.write(f"{len(offsets)} 0 obj\n".encode() + body)

    picture = max(size - 1024, 1)
    page = b"q 595 0 0 842 0 0 cm /P Do Q"
    with open(path, "wb") as file:
        file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        put(b"<</Type/Catalog/Pages 2 0 R>>\nendobj\n")
        put(b"<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n")
        put(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            b"/Resources<</XObject<</P 5 0 R>>>>>>\nendobj\n")
        put(b"<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (len(page), page))
        put(b"<</Type/XObject/Subtype/Image/Width %d/Height 1/ColorSpace/DeviceGray"
            b"/BitsPerComponent 8/Length %d>>\nstream\n" % (picture, picture))
        piece = os.urandom(1 << 20)
        for at in range(0, picture, len(piece)):
            file.write(piece[:picture - at])
        file.write(b"\nendstream\nendobj\n")
        table = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
        for offset in offsets:
            file.write(b"%010d 00000 n \n" % offset)
        file.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
                   % (len(offsets) + 1, table))
    return path


def covered_bytes(path):
    """What the signatures of a PDF cover, together: each hashes its own range."""
    ranges = re.findall(rb"/ByteRange\s*\[\s*0\s+(\d+)\s+\d+\s+(\d+)\s*\]", path.read_bytes())
    return sum(int(first) + int(second) for first, second in ranges), len(ranges)


def openssl_speed(seconds):
    """Of one thread, per second that passes: RSA-2048 and P-256 signatures, verifications, bytes hashed."""
    def speed(kind, *arguments):
        out = subprocess.run(["openssl", "speed", "-mr", "-elapsed", "-seconds", str(seconds),
                              *arguments],
                             check=True, capture_output=True, text=True).stdout
        return re.search(rf"^\+{kind}:.*$", out, re.MULTILINE).group(0).split(":")
    rsa = speed("F2", "rsa2048")
    return {"rsa_sign": float(rsa[-2]), "rsa_verify": float(rsa[-1]),
            "p256_sign": float(speed("F4", "ecdsap256")[-2]),
            "sha256_bytes": float(speed("F", "-evp", "sha256", "-bytes", str(SHA_BLOCK))[-1])}


def allowed(speed, verifications, hashed):
    """Documents a second if nothing but the cryptography of OpenSSL took time."""
    return 1 / (verifications / speed["rsa_verify"] + hashed / speed["sha256_bytes"])


def judged_valid(site):
    """How many of the documents that a site accepted it found valid, and how many others."""
    with sqlite3.connect(f"file:{site / 'truc.db'}?mode=ro", uri=True) as database:
        rows = database.execute("select verdict = 0 and complete = 1, count(*) from judgement "
                                "group by 1").fetchall()
    counts = dict(rows)
    return counts.get(1, 0), sum(counts.values()) - counts.get(1, 0)


def peak_mib(command):
    """Peak memory of a process that judges a file, which must be valid."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command} ended with {process.returncode}: {output.decode()[-2000:]}")
    return usage.ru_maxrss / 1024


class TrustBench:
    """The parts of the benchmark; each gives its figures."""

    def __init__(self, bed, options, work, measure):
        self.bed, self.options, self.measure = bed, options, measure
        self.home = work / "trust"
        self.pki = Pki(bed.truc, work / "trust-pki")
        bed.running.append(self.pki)
        bed.running.append(self)
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        self.pki.start()

    def stop(self):
        shutil.rmtree(self.home, ignore_errors=True)

    def scan(self, name, size):
        return write_scan(self.home / f"{name}.pdf", size)

    def cryptography(self):
        """Judging and signing on one thread beside what OpenSSL alone does, in turn."""
        both = [self.pki.person, self.pki.seal]
        files = {"b": self.pki.sign(self.scan("letter", 200 << 10), both),
                 "t": self.pki.sign(self.scan("stamped", 200 << 10), both, "--level", "t",
                                    "--tsa", self.pki.tsa)}
        keys = {"rsa": self.pki.person, "p256": self.pki.ecdsa_key()}
        plain = self.scan("plain", 20 << 10)
        return [self._round(files, keys, plain) for _ in range(self.options.rounds)]

    def _round(self, files, keys, plain):
        seconds = max(1, round(self.options.seconds / 4))
        speed = openssl_speed(seconds)
        figures = dict(speed)
        for level, file in files.items():
            judged = self.measure("judge", file=file, anchor=self.pki.anchor, seconds=seconds)
            hashed, signatures = covered_bytes(file)
            if signatures != 2 or judged["signatures"] != 2:
                raise RuntimeError(f"{file} has {signatures} signatures")
            figures[f"judged_{level}"] = judged["per_second"]
            figures[f"verifications_{level}"] = judged["verifications"]
            figures[f"hashed_{level}"] = hashed
            figures[f"ratio_verify_{level}"] = (
                judged["per_second"] / allowed(speed, judged["verifications"], hashed))
        for kind, key in keys.items():
            for what in ("pdf", "hashes"):
                made = self.measure("sign", key=key, file=plain, what=what, seconds=seconds)
                figures[f"{what}_{kind}"] = made["per_second"]
                figures[f"ratio_{what}_{kind}"] = made["per_second"] / speed[f"{kind}_sign"]
        return figures

    def acceptance(self, connections=64):
        """The same documents with a signed PDF, to a site that judges and to one that does not."""
        attached = 64
        for number in range(attached):
            signed = self.pki.sign(self.scan(f"attached-{number}", 5 << 10), [self.pki.person])
            signed.rename(self.home / f"{number}.pdf")
        plain = self.bed.hub("plain")
        judging = self.bed.hub("judging", settings="", anchor=self.pki.anchor)

        def accept(hub, count):
            return self.measure("accept", plan=hub.plan, port=hub.port, count=int(count),
                                run=self.bed.run(), connections=connections,
                                attachments=self.home, attached=attached)
        warm = accept(plain, 2000)["per_second"]
        accept(judging, 2000)
        rounds = []
        for _ in range(self.options.rounds):
            without = accept(plain, warm * self.options.seconds)
            with_judging = accept(judging, warm * self.options.seconds / 2)
            rounds.append({"without": without["per_second"], "with": with_judging["per_second"],
                           "p99_without": without["p99_ms"], "p99_with": with_judging["p99_ms"],
                           "document_bytes": with_judging["document_bytes"]})
        valid, others = judged_valid(judging.site)
        return rounds, valid, others

    def memory(self):
        """Peak memory of judging a large PDF over that of judging a small one."""
        def judge(name, size):
            file = self.pki.sign(self.scan(name, size), [self.pki.person])
            try:
                return peak_mib([self.pki.truc, "verify", file, "--anchor", self.pki.anchor,
                                 "--online"])
            finally:
                file.unlink()
        small = judge("small", 200 << 10)
        return small, judge("large", self.options.large_mib << 20) - small

    def evidences(self, rate):
        """As fast as they can be written, and `rate` a second."""
        def written(**options):
            directory = self.home / "evidence"
            directory.mkdir()
            try:
                return self.measure("evidence", directory=directory, key=self.pki.seal,
                                    seconds=self.options.seconds, **options)
            finally:
                shutil.rmtree(directory)
        rounds = [(written(), written(rate=rate, follow_every=50))
                  for _ in range(self.options.rounds)]
        return [one for one, _ in rounds], [one for _, one in rounds]
