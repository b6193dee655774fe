"""A State in miniature on this machine: the exchange, and agencies that send each other documents.

Everything goes over the wire with the commands that anybody can type (`truc send`, `inbox`, `fetch`,
…); this script only decides who does what, and tells it as it happens.

usage: demonstration.py --truc BINARY [--smoke] [--lang vi|en] [--once] [--port N]
"""
import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

VIETNAM = timezone(timedelta(hours=7))

# Connected systems and the organisations that each serves: code, old code, Vietnamese, English.
SYSTEMS = {
    "00.22.W00": [("H49", "000.00.00.H49", "UBND tỉnh Quảng Ninh", "People's Committee of Quảng Ninh"),
                  ("H49.01", "000.00.01.H49", "Sở Nội vụ Quảng Ninh", "Department of Home Affairs, Quảng Ninh"),
                  ("H49.06", "000.00.06.H49", "Sở Tài chính Quảng Ninh", "Department of Finance, Quảng Ninh"),
                  ("H49.45", "000.00.45.H49", "UBND phường Hạ Long", "People's Committee of Hạ Long ward")],
    "00.00.G22": [("G22", "000.00.00.G22", "Văn phòng Chính phủ", "Government Office")],
    "00.00.G12": [("G12", "000.00.00.G12", "Bộ Tài chính", "Ministry of Finance")],
    "00.00.G09": [("G09", "000.00.00.G09", "Bộ Nội vụ", "Ministry of Home Affairs")],
}
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


class State:
    def __init__(self, truc, home, language):
        self.truc, self.home, self.english = Path(truc).resolve(), Path(home), language == "en"
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
        for organisations in SYSTEMS.values():
            for c, _, vi, en in organisations:
                if c == code:
                    return en if self.english else vi
        return code

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
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address = "127.0.0.1:%d" % probe.getsockname()[1]
        self.pki = subprocess.Popen([str(self.truc), "demo", "serve", str(self.home / "pki"), "--listen", address],
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.pki.stdout.readline()
        self.anchor = self.home / "pki" / "demonstration-root.demonstration.pem"
        self.tsa = f"http://{address}/pki/tsa"
        self.issue("Trục trình diễn", "exchange.pem")
        (self.home / "van-ban.pdf").write_bytes(one_page())

    def issue(self, name, file, organisation=None):
        more = ["--organisation", organisation] if organisation else []
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
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / name).unlink(missing_ok=True)
        return KEPT / name

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

    def open_exchange(self, port):
        self.open_pki()
        self.run("init", self.site)
        (self.site / "truc.toml").write_text(
            f'[evidence]\nkey = "{self.home}/exchange.pem"\nname = "truc.demonstration"\ntimestamps = "{self.tsa}"\n')
        shutil.copy(self.anchor, self.site / "anchors")
        csv = self.home / "organisations.csv"
        with csv.open("w", encoding="utf-8") as out:
            out.write("code,name,parent,old_code\n")
            for organisations in SYSTEMS.values():
                for code, old, vi, _ in organisations:
                    out.write(f"{code},{vi},{code.rpartition('.')[0]},{old}\n")
        self.run("organisation", "import", "-C", self.site, csv)
        for system, organisations in SYSTEMS.items():
            secret = self.home / f"{system}.secret"
            secret.touch(mode=0o600)
            secret.write_text(os.urandom(24).hex())
            flags = [word for code, *_ in organisations for word in ("--organisation", code)]
            self.run("system", "add", "-C", self.site, system, "--secret-file", secret, *flags)
        log = (self.home / "server.log").open("w")
        self.server = subprocess.Popen([str(self.truc), "serve", "-C", str(self.site), "--listen", f"127.0.0.1:{port}"],
                                       stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.server.stdout.readline()
        if not line.startswith("listening on "):
            raise Failed((self.home / "server.log").read_text() or "the server did not start")
        self.url = line.split()[-1]
        served = sum(map(len, SYSTEMS.values()))
        self.tell(f"Trục đang chạy tại {self.url}: {len(SYSTEMS)} hệ thống, {served} cơ quan",
                  f"The exchange runs at {self.url}: {len(SYSTEMS)} systems, {served} organisations", "▶")

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
        return next((vi for organisations in SYSTEMS.values() for c, _, vi, _ in organisations if c == code), code)

    def system_of(self, code):
        return next(system for system, organisations in SYSTEMS.items() if any(c == code for c, *_ in organisations))

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


def smoke(state):
    path = state.make(1, "UBND-VP", "H49", ["G22"], "Báo cáo tình hình kinh tế - xã hội")
    start = time.monotonic()
    document = state.send(path, "H49")
    item = state.receive("G22")
    arrived = time.monotonic()
    taken = state.take(item)
    if taken.read_bytes() != path.read_bytes():
        raise Failed("what arrived is not what was sent")
    state.run("verify", "-C", state.site)
    print(f"arrived in {round((arrived - start) * 1000)} ms", flush=True)
    if item["signatures"] != "valid":
        raise Failed(f"the document's signatures are {item['signatures']}")
    path = state.keep("bundle.asice")
    verdict = state.bundle(document, path)
    if verdict != "valid":
        raise Failed(f"the bundle is {verdict}")
    anchor = state.keep("demonstration-root.pem")
    shutil.copy(state.anchor, anchor)
    key = state.run("log", "key", "-C", state.site)["key"]
    print(f"truc verify --anchor {anchor} --log-key {key} {path}")
    print(path, flush=True)


def story(state):
    tell, name = state.tell, state.name
    tell(f"{name('H49')} gửi báo cáo cho {name('G22')} và {name('G12')}",
         f"{name('H49')} sends a report to {name('G22')} and {name('G12')}", "→")
    report = state.make(101, "UBND-TH", "H49", ["G22", "G12"], "Báo cáo thu ngân sách tháng 11")
    start = time.monotonic()
    report_id = state.send(report, "H49")
    for code in ("G22", "G12"):
        item = state.receive(code)
        millis = round((time.monotonic() - start) * 1000)
        state.take(item)
        tell(f"{name(code)} đã nhận sau {millis} ms", f"{name(code)} has it after {millis} ms", "←")
        state.run("status", item["docId"], "03", "--from", code, system=state.system_of(code))
    state.run("status", report_id, "06", "--from", "G12", "--reason", "Đã tổng hợp", system="00.00.G12")
    tell(f"{name('G22')} báo đã tiếp nhận (03); {name('G12')} báo hoàn thành (06)",
         f"{name('G22')} reports accepted (03); {name('G12')} reports finished (06)", "✓")

    tell(f"Một công văn thường chờ ở {name('G09')}, rồi một công điện hỏa tốc đến sau",
         f"An ordinary letter waits for {name('G09')}; a telegram of the highest urgency follows", "→")
    state.send(state.make(102, "SNV-VP", "H49.01", ["G09"], "V/v đăng ký lớp bồi dưỡng"), "H49.01")
    urgent = state.make(103, "CĐ-UBND", "H49", ["G09", "H49.45"], "Công điện ứng phó bão", priority=3)
    start = time.monotonic()
    state.send(urgent, "H49")
    first = state.receive("G09")
    if first["priority"] != "3":
        raise Failed("the urgent document does not come first")
    millis = round((time.monotonic() - start) * 1000)
    state.take(first)
    tell(f"{name('G09')} nhận công điện hỏa tốc trước, sau {millis} ms", f"{name('G09')} gets the telegram first, after {millis} ms", "⚡")
    state.take(state.receive("G09"))
    state.take(state.receive("H49.45"))

    tell(f"{name('H49.06')} gửi nhầm cho {name('G12')} và {name('G09')}; {name('G12')} đã lấy, {name('G09')} chưa",
         f"{name('H49.06')} sends by mistake to {name('G12')} and {name('G09')}; {name('G12')} has fetched it, {name('G09')} has not", "→")
    wrong_id = state.send(state.make(104, "STC-NS", "H49.06", ["G12", "G09"], "Dự toán (bản nháp)"), "H49.06")
    item = state.receive("G12")
    state.take(item)
    state.run("recall", wrong_id, "--reason", "Gửi nhầm bản nháp", system="00.22.W00")
    tell(f"Lấy lại: bản của {name('G09')} được thu hồi ngay; {name('G12')} được hỏi ý kiến",
         f"Recall: {name('G09')}'s copy is withdrawn at once; {name('G12')} is asked", "↩")
    state.take(state.receive("G12", statuses=True))
    state.run("status", item["docId"], "15", "--from", "G12", "--reason", "Đồng ý, đã hủy bản nhận", system="00.00.G12")
    for row in state.run("track", wrong_id, system="00.22.W00"):
        what = row.get("recallDesc", row["receiveStatusDesc"])
        tell(f"{name(row['toCode'])}: {what}", f"{name(row['toCode'])}: recall {row.get('recallStatus', '?')}", " ")
    path = state.keep("bundle.asice")
    verdict = state.bundle(report_id, path)
    shutil.copy(state.anchor, state.keep("demonstration-root.pem"))
    tell(f"Bằng chứng về báo cáo đầu tiên, ai cũng kiểm tra được ({verdict}): {path}",
         f"Evidence about the first report, for anyone to check ({verdict}): {path}", "✓")
    verified = state.run("verify", "-C", state.site)
    tell(f"Nhật ký nguyên vẹn: {verified['journal_entries']} mục, {verified['documents']} văn bản",
         f"The journal is intact: {verified['journal_entries']} entries, {verified['documents']} documents", "✓")


def invitation(state):
    program, secret = state.truc, state.home / "00.22.W00.secret"
    lines = (f"  export TRUC_URL={state.url} TRUC_SYSTEM=00.22.W00 TRUC_SECRET_FILE={secret}",
             f"  {program} edxml check FILE.edxml", f"  {program} send FILE.edxml", f"  {program} inbox")
    print("\n" + ("Join in with your own .edxml (From: H49, To: G22, …), in another terminal:" if state.english else
                  "Tham gia bằng tệp .edxml của bạn (nơi gửi H49, nơi nhận G22, …), ở cửa sổ khác:"))
    print("\n".join(lines))
    print("\n" + ("The exchange keeps running; Ctrl-C ends it." if state.english else "Trục vẫn chạy; Ctrl-C để dừng."), flush=True)
    try:
        state.server.wait()
    except KeyboardInterrupt:
        print()


def main():
    parser = argparse.ArgumentParser(prog="./run")
    parser.add_argument("--truc", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--smoke", action="store_true", help="một văn bản rồi dừng / one document, then stop")
    parser.add_argument("--once", action="store_true", help="cả câu chuyện rồi dừng / the whole story, then stop")
    parser.add_argument("--lang", choices=["vi", "en"], help="ngôn ngữ / language")
    parser.add_argument("--port", type=int, default=0, help="cổng / port")
    options = parser.parse_args()
    locale = os.environ.get("TRUC_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    language = options.lang or ("en" if locale.startswith("en") else "vi")
    home = tempfile.mkdtemp(prefix="truc-demonstration-")
    state = State(options.truc, home, language)
    try:
        state.open_exchange(options.port)
        if options.smoke:
            smoke(state)
        else:
            story(state)
            if not options.once:
                invitation(state)
        return 0
    except KeyboardInterrupt:
        return 130
    except Failed as failed:
        print(f"{'failed' if state.english else 'thất bại'}: {failed}", file=sys.stderr)
        return 1
    finally:
        state.close()
        shutil.rmtree(home, ignore_errors=True)


sys.exit(main())
