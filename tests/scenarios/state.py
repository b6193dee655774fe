"""A State in miniature on this machine: the exchange, a demonstration PKI, and what agencies do by the commands that
anybody can type (`truc send`, `inbox`, `fetch`, …)."""
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from organisations import as_csv

VIETNAM = timezone(timedelta(hours=7))
KEPT = Path(__file__).resolve().parents[2] / "build" / "demonstration"  # what outlives the demonstration


def one_page():
    """A PDF with one empty page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>"]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in offsets)
    return out + b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


class Failed(Exception):
    pass


def free_port(wanted=0):
    """`wanted`, where nobody listens there, else another."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return free_port()
        return probe.getsockname()[1]


class State:
    def __init__(self, truc, home, language, organisations, web=None, kept=KEPT):
        self.truc, self.home, self.english = Path(truc).resolve(), Path(home), language == "en"
        self.organisations = {one.code: one for one in organisations}
        self.systems = sorted({one.system for one in organisations if one.system})
        self.web, self.kept = Path(web).resolve() if web else None, Path(kept)
        self.site = self.home / "site"
        self.url = None
        self.server = self.pki = None
        self.lock = threading.Lock()
        self.started = time.monotonic()

    # --- telling -----------------------------------------------------------------------------------
    def tell(self, vi, en, mark="·"):
        with self.lock:
            print(f"{time.monotonic() - self.started:7.2f}s {mark} {en if self.english else vi}", flush=True)

    def name(self, code):
        one = self.organisations[code]
        return one.en if self.english else one.vi

    # --- the command line --------------------------------------------------------------------------
    def run(self, *words, system=None):
        command = [str(self.truc), *map(str, words), "--json"]
        environment = dict(os.environ)
        if system:
            environment.update(TRUC_URL=self.url, TRUC_SYSTEM=system, TRUC_SECRET_FILE=str(self.home / f"{system}.secret"))
        done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=self.home)
        if done.returncode != 0:
            raise Failed(f"truc {' '.join(map(str, words))}: {done.stderr.strip() or done.stdout.strip()}")
        return json.loads(done.stdout) if done.stdout.strip() else {}

    # --- the exchange ------------------------------------------------------------------------------
    # A demonstration's own authorities (CA, CRL, OCSP, timestamps), a leader, seals, and the exchange's key.
    def open_pki(self):
        address = f"127.0.0.1:{free_port()}"
        self.pki = subprocess.Popen([str(self.truc), "demo", "serve", str(self.home / "pki"), "--listen", address],
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                    start_new_session=True)  # Ctrl-C is for this script, which ends them in order
        self.pki.stdout.readline()
        self.anchor = self.home / "pki" / "demonstration-root.demonstration.pem"
        self.tsa = f"http://{address}/pki/tsa"
        self.issue("Trục trình diễn", "exchange.pem")
        (self.home / "van-ban.pdf").write_bytes(one_page())

    def issue(self, name, file, organisation=None, days=None):
        more = ["--organisation", organisation] if organisation else []
        more += [f"--days={days}"] if days else []
        self.run("demo", "issue", self.home / "pki", "--name", name, "-o", self.home / file, *more)

    # The leader's signature and the organisation's, as Decree 30/2020 art. 5 asks.
    def signed_pdf(self, sender):
        path = self.home / f"{sender}-signed.pdf"
        if not path.exists():
            name = self.vietnamese(sender)
            self.issue("Nguyễn Văn An", f"{sender}-leader.pem", name)
            self.issue(name, f"{sender}-seal.pem")
            once = self.home / f"{sender}-once.pdf"
            self.run("sign", self.home / "van-ban.pdf", "-o", once, "--key", self.home / f"{sender}-leader.pem",
                     "--level", "t", "--tsa", self.tsa)
            self.run("sign", once, "-o", path, "--key", self.home / f"{sender}-seal.pem", "--level", "t", "--tsa", self.tsa,
                     "--field", "Signature2", "--show")
        return path.read_bytes()

    # Where something stays when the demonstration has ended; what an earlier one left is removed.
    def keep(self, name):
        self.kept.mkdir(parents=True, exist_ok=True)
        (self.kept / name).unlink(missing_ok=True)
        return self.kept / name

    # Everything about a document in one file that others can check; evidences are sealed and logged
    # within half a second.
    def bundle(self, document, path):
        key = self.run("log", "key", "-C", self.site)["key"]
        until = time.monotonic() + 10
        while True:
            path.unlink(missing_ok=True)
            late = time.monotonic() > until
            try:
                self.run("evidence", "export", "-C", self.site, document, "-o", path)
                return self.run("verify", path, "--anchor", self.anchor, "--log-key", key)["verdict"]
            except Failed:
                if late:
                    raise
                time.sleep(0.1)

    # `more`: settings beside those of the evidence, {table: lines}.
    def settings(self, port, more):
        tables = {"evidence": f'key = "{self.home}/exchange.pem"\nname = "truc.demonstration"\ntimestamps = "{self.tsa}"\n', **more}
        if self.web:
            tables["web"] = f'directory = "{self.web}"\n'
        tables["sign_in"] = f'origins = "http://localhost:{port}"\n'
        return "".join(f"[{table}]\n{lines}" for table, lines in tables.items())

    def open_exchange(self, port, more=None):
        self.open_pki()
        self.run("init", self.site)
        port = port or free_port()
        (self.site / "truc.toml").write_text(self.settings(port, more or {}))
        shutil.copy(self.anchor, self.site / "anchors")
        csv = self.home / "organisations.csv"
        csv.write_text(as_csv(self.organisations.values()), encoding="utf-8")
        self.run("organisation", "import", "-C", self.site, csv)
        for system in self.systems:
            secret = self.home / f"{system}.secret"
            secret.touch(mode=0o600)
            secret.write_text(os.urandom(24).hex())
            flags = [word for one in self.organisations.values() if one.system == system for word in ("--organisation", one.code)]
            self.run("system", "add", "-C", self.site, system, "--secret-file", secret, *flags)
        log = (self.home / "server.log").open("w")
        self.server = subprocess.Popen([str(self.truc), "serve", "-C", str(self.site), "--listen", f"127.0.0.1:{port}"],
                                       stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True)
        line = self.server.stdout.readline()
        if not line.startswith("listening on "):
            raise Failed((self.home / "server.log").read_text() or "the server did not start")
        self.url = line.split()[-1]
        self.address = self.url.replace("127.0.0.1", "localhost")  # for browsers: passkeys need a name
        served = sum(bool(one.system) for one in self.organisations.values())
        self.tell(f"Trục đang chạy tại {self.url}: {len(self.systems)} hệ thống, {served} cơ quan",
                  f"The exchange runs at {self.url}: {len(self.systems)} systems, {served} organisations", "▶")

    def close(self):
        if self.pki:
            self.pki.terminate()
            self.pki.wait(timeout=20)
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(timeout=20)

    # --- what agencies do --------------------------------------------------------------------------
    def make(self, number, notation, sender, recipients, subject, priority=0):
        folder = self.home / f"document-{number}"
        folder.mkdir()
        today = datetime.now(VIETNAM).strftime("%Y/%m/%d")
        (folder / "van-ban.pdf").write_bytes(self.signed_pdf(sender))
        organisation = lambda code: {"id": code, "name": self.vietnamese(code)}
        (folder / "document.json").write_text(json.dumps({
            "kind": "document", "from": organisation(sender), "to": [organisation(code) for code in recipients],
            "document_id": f"{sender},{today},{number}/{notation}", "code_number": str(number), "code_notation": notation,
            "place": "Hạ Long" if sender.startswith("H49") else "Hà Nội", "promulgation_date": today,
            "type": "2", "type_name": "Công văn", "subject": subject, "priority": str(priority),
            "attachments": [{"file": "van-ban.pdf", "name": f"{number}-{notation}.pdf", "description": subject}],
        }, ensure_ascii=False), encoding="utf-8")
        path = self.home / f"{number}.edxml"
        self.run("edxml", "pack", folder, "-o", path)
        return path

    def vietnamese(self, code):
        return self.organisations[code].vi

    def system_of(self, code):
        return self.organisations[code].system

    def send(self, path, sender):
        return self.run("send", path, system=self.system_of(sender))["DocId"]

    # Waits until something is in the list of `code`'s system for it, and takes it as software would.
    def receive(self, code, statuses=False, timeout=10):
        system = self.system_of(code)
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            flags = ["--status"] if statuses else []
            for item in self.run("inbox", *flags, system=system):
                if item["to"] == code:
                    return item
            time.sleep(0.02)
        raise Failed(f"{code} received nothing within {timeout} s")

    def take(self, item):
        system = self.system_of(item["to"])
        path = self.home / f"{item['docId']}.edxml"
        self.run("fetch", item["docId"], "-o", path, system=system)
        self.run("acknowledge", item["docId"], "done", system=system)
        return path
