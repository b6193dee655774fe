"""Signatures at the command line: the demonstration PKI, signing, judging, and what recipients ask."""
import base64
import hashlib
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import threading
import zipfile

from truc_program import RECEIVER, SENDER, expect, expect_in, until

PDF_HEAD = b"%PDF-1.4\n"


def plain_pdf():
    """One empty page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>",
               b"<< /Length 8 >>\nstream\nq 1 w Q\n\nendstream"]
    out, offsets = PDF_HEAD, []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in offsets)
    return out + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


class Pki:
    """`truc demo serve` on a free port."""

    def __init__(self, place):
        self.place = place
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = "127.0.0.1:%d" % probe.getsockname()[1]
        self.start()
        self.anchor = "pki/demonstration-root.demonstration.pem"
        self.tsa = f"http://{self.address}/pki/tsa"

    def start(self):
        self.process = subprocess.Popen([self.place.truc, "demo", "serve", "pki", "--listen", self.address, "--lang", "en"],
                                        cwd=self.place.path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.words = self.process.stdout.readline().decode()
        assert "DEMONSTRATION" in self.words, self.words

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        expect(self.process.wait(timeout=20), 0)
        self.process.stdout.close()

    def issue(self, name, file, organisation=None):
        more = ["--organisation", organisation] if organisation else []
        self.place.run("demo", "issue", "pki", "--name", name, "-o", file, *more)


def check_a_pdf_is_signed_and_judged(place):
    place.write("plain.pdf", plain_pdf())
    with Pki(place) as pki:
        pki.issue("Nguyễn Văn An", "an.pem", "Sở Giả định")
        expect_in("PAdES-B-T", place.run("sign", "plain.pdf", "-o", "signed.pdf", "--key", "an.pem", "--level", "t",
                                         "--tsa", pki.tsa).out)
        said = place.run("verify", "signed.pdf", "--anchor", pki.anchor, "--online", "--lang", "en").out
        expect_in("Nguyễn Văn An", said)
        expect_in("Verdict: valid", said)
        judged = place.json("verify", "signed.pdf", "--anchor", pki.anchor, "--online")
        expect(judged["verdict"], "valid")
        # Nobody's anchor: nothing can be said.
        place.run("verify", "signed.pdf", code=4)
        expect_in("không có chữ ký số", place.run("verify", "plain.pdf", code=3).out)
        data = bytearray(place.read("signed.pdf"))
        data[data.index(b"1 w")] = ord("2")
        place.write("altered.pdf", bytes(data))
        expect_in("Verdict: invalid", place.run("verify", "altered.pdf", "--anchor", pki.anchor, "--lang", "en", code=5).out)
    expect_in("không phải", place.run("sign", "plain.pdf", "-o", "x.pdf", "--key", "an.pem", "--level", "q", code=1).err)
    place.run("verify", "nowhere.pdf", code=1)
    place.run("verify", code=2)


def check_what_cannot_be_looked_at_is_not_called_unsigned(place):
    place.write("doctype.xml", '<!DOCTYPE a [<!ENTITY x "y">]><a><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></a>')
    expect_in("Verdict: undetermined", place.run("verify", "doctype.xml", "--lang", "en", code=4).out)
    expect(place.json("verify", "doctype.xml", code=4)["verdict"], "undetermined")


def check_content_goes_with_detached_signatures_only(place):
    place.write("plain.pdf", plain_pdf())
    said = place.run("verify", "plain.pdf", "--content", "plain.pdf", "--lang", "en", code=1).err
    expect_in("--content goes with a detached CMS signature", said)


def check_signing_with_an_expired_certificate_is_said(place):
    place.write("plain.pdf", plain_pdf())
    openssl = lambda *words: subprocess.run(["openssl", *words], cwd=place.path, check=True, capture_output=True)
    openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out", "r.pem", "-subj", "/CN=Past")
    openssl("x509", "-req", "-in", "r.pem", "-signkey", "k.pem", "-days", "-1", "-out", "c.pem")
    place.write("past.pem", place.read("k.pem") + place.read("c.pem"))
    expect_in("đã hết hạn", place.run("sign", "plain.pdf", "-o", "a.pdf", "--key", "past.pem").out)
    expect_in("certificate_expired", place.json("sign", "plain.pdf", "-o", "b.pdf", "--key", "past.pem"))
    place.run("demo", "issue", "pki", "--name", "Trần Thị Cũ", "--days", "-30", "-o", "old.pem")
    expect_in("certificate_expired", place.json("sign", "plain.pdf", "-o", "c.pdf", "--key", "old.pem"))


def check_a_site_judges_what_it_is_handed(place):
    place.write("plain.pdf", plain_pdf())
    with Pki(place) as pki:
        pki.issue("Nguyễn Văn An", "an.pem", "Sở Giả định")
        pki.issue("Sở Giả định", "seal.pem")
        place.run("sign", "plain.pdf", "-o", "one.pdf", "--key", "an.pem")
        place.run("sign", "one.pdf", "-o", "both.pdf", "--key", "seal.pem", "--field", "Signature2")
        site = place.site()
        place.write(f"{site}/anchors/demonstration.demonstration.pem", place.read(pki.anchor))
        expect_in("G99", place.run("policy", "set", "-C", site, "--organisation", "G99", "require-both").out)
        expect(place.json("policy", "list", "-C", site)[0]["rule"], "require-both")
        server = place.serve(site)
        signed = server.send(place.document("both.edxml", "1", content=place.read("both.pdf")))["DocId"]
        expect_in("hợp lệ", place.run("track", *server.as_sender(), signed).out)
        place.run("send", *server.as_sender(), place.document("one.edxml", "2", content=place.read("one.pdf")), code=1)
        place.run("policy", "remove", "-C", site, "--organisation", "G99")
        expect(place.json("policy", "list", "-C", site), [])
        server.end()
        place.run("verify", "-C", site)


def check_rules_name_what_is_wrong(place):
    site = place.site()
    expect_in("organisation list", place.run("policy", "set", "-C", site, "--organisation", "XX", "label", "--lang",
                                             "en", code=1).err)
    place.run("policy", "set", "-C", site, "everything", code=2)
    expect_in("policy list", place.run("policy", "remove", "-C", site, code=1).err)


def expect_good_bundle(place, anchor, key):
    """A bundle is valid offline, its page is a page, and altered bytes are named."""
    judged = ["verify", "bundle.asice", "--anchor", anchor]
    said = place.run(*judged, "--log-key", key).out
    expect_in("Kết luận: hợp lệ", said)
    expect_in("2 nơi nhận, 2 đã chuyển đến, 1 đã lấy", said)
    expect_in("TRÌNH DIỄN: chứng thư số này chỉ để thử", said)
    expect(place.json(*judged, "--log-key", key)["bundle"]["evidences"][3]["steps"][6]["outcome"], "valid")
    # Nobody said which key is the log's.
    expect_in("--log-key", place.run(*judged, code=4).out)
    data = bytearray(place.read("bundle.asice"))
    at = data.index(b"ContentHandover", data.index(b"evidence/0004") + 60)
    data[at] ^= 1
    place.write("altered.asice", bytes(data))
    altered = place.json("verify", "altered.asice", "--anchor", anchor, "--log-key", key, code=5)
    expect([altered["verdict"], altered["bundle"]["cause"]], ["invalid", "container"])
    place.write("cut.asice", bytes(data[:-100]))
    place.run("verify", "cut.asice", "--anchor", anchor, code=4)
    with zipfile.ZipFile(place / "bundle.asice") as bundle:
        place.write("report.pdf", bundle.read("report.pdf"))
    subprocess.run(["qpdf", "--check", place / "report.pdf"], check=True, capture_output=True)
    info = subprocess.run(["pdfinfo", place / "report.pdf"], check=True, capture_output=True).stdout.decode()
    expect_in("Pages:           1\n", info)
    expect_in("A4", info)


def commands_by_hand():
    """The commands that docs/formats/evidence.md gives."""
    page = (pathlib.Path(__file__).resolve().parents[2] / "docs/formats/evidence.md").read_text(encoding="utf-8")
    return re.search(r"### By hand\n.*?```sh\n(.*?)```", page, re.S)[1]


def check_a_bundle_is_checked_by_hand(place):
    place.write("plain.pdf", plain_pdf())
    with Pki(place) as pki:
        pki.issue("Trục Thử", "exchange.pem")
        pki.issue("Sở Giả định", "seal.pem")
        place.run("sign", "plain.pdf", "-o", "signed.pdf", "--key", "seal.pem", "--level", "t", "--tsa", pki.tsa)
        site = place.site()
        place.write(f"{site}/anchors/demonstration.demonstration.pem", place.read(pki.anchor))
        place.write(f"{site}/truc.toml", f'[evidence]\nkey = "exchange.pem"\ntimestamps = "{pki.tsa}"\nname = "thu.truc"\n')
        server = place.serve(site)
        sent = server.send(place.document("a.edxml", "1", to=["G99", "H98.01"], content=place.read("signed.pdf")))["DocId"]
        until(lambda: "3" in server.get("/log/checkpoint")[1].split())
        server.end()
        place.run("evidence", "export", "-C", site, sent, "-o", "bundle.asice")
        key = place.json("log", "key", "-C", site)["key"]
    environment = {**os.environ, "ROOT": place / pki.anchor, "LOG_KEY": key, "BUNDLE": place / "bundle.asice"}

    def by_hand(bundle, commands):
        for old in ("bundle", "parts"):
            shutil.rmtree(place / old, ignore_errors=True)
        return subprocess.run(["bash", "-c", commands], cwd=place.path, capture_output=True,
                              env={**environment, "BUNDLE": place / bundle}, timeout=60)

    done = by_hand("bundle.asice", commands_by_hand())
    assert done.returncode == 0, done.stderr.decode()
    expect(done.stdout.decode().count(": right\n"), 3)
    expect(done.stdout.decode().count("Cert Status: good"), done.stdout.decode().count("Cert Status:"))
    # Also without the signature of the bundle, which comes first, they find what was altered.
    rest = re.sub(r"xmlsec1 --verify.*?signatures001.xml\n", "", commands_by_hand(), flags=re.S)
    expect(by_hand("bundle.asice", rest).returncode, 0)
    with zipfile.ZipFile(place / "bundle.asice") as bundle:
        files = {name: bundle.read(name) for name in bundle.namelist()}
    name = "evidence/0002-ContentConsignment.json"
    proof = json.loads(files[name])
    for member in ("evidence", "note", "signature", "log"):
        value = proof[member]
        at = len(value) // 2
        altered = dict(proof, **{member: value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1:]})
        with zipfile.ZipFile(place / "altered.asice", "w") as bundle:
            for file, content in files.items():
                bundle.writestr(file, json.dumps(altered) if file == name else content)
        assert by_hand("altered.asice", rest).returncode != 0, member


def check_evidence_is_written_sealed_logged_and_bundled(place):
    with Pki(place) as pki:
        pki.issue("Trục Thử", "exchange.pem")
        site = place.site()
        place.write(f"{site}/truc.toml", f'[evidence]\nkey = "exchange.pem"\ntimestamps = "{pki.tsa}"\nname = "thu.truc"\n')
        server = place.serve(site)
        sent = server.send(place.document("a.edxml", "1", to=["G99", "H98.01"]))["DocId"]
        place.run("fetch", *server.as_receiver(), server.inbox()[0]["docId"], "-o", "b.edxml")

        def exported():
            place.run("evidence", "export", "-C", site, sent, "-o", "bundle.asice")
            return True
        events = [one["event"] for one in place.json("evidence", "list", "-C", site, sent)]
        expect(events, ["SubmissionAcceptance", "ContentConsignment", "ContentConsignment", "ContentHandover"])
        until(lambda: "4" in server.get("/log/checkpoint")[1].split())
        exported()
        key = place.json("log", "key", "-C", site)["key"]
        expect_good_bundle(place, pki.anchor, key)
        with zipfile.ZipFile(place / "bundle.asice") as bundle:
            names = bundle.namelist()
            expect(names[0], "mimetype")
            expect(bundle.read("document.edxml"), place.read("a.edxml"))
            proof = json.loads(bundle.read("evidence/0001-SubmissionAcceptance.json"))
            expect_in("log", proof)
            expect_in("timestamp", proof)
        for log in (server.url + "/log", f"{site}/log"):
            expect(place.json("log", "monitor", log, "--key", key)["ok"], True)
        server.end()
        place.run("verify", "-C", site)
        # An entry that the log promised and changed.
        tile = f"{site}/log/tile/entries/000.p/4"
        changed = bytearray(place.read(tile))
        changed[-1] ^= 1
        place.write(tile, bytes(changed))
        expect(place.json("log", "monitor", f"{site}/log", "--key", key, "--whole", code=1)["ok"], False)


def check_a_bundle_over_the_api_is_for_who_may_see_all_of_it(place):
    with Pki(place) as pki:
        pki.issue("Trục Thử", "exchange.pem")
        site = place.site()
        place.write(f"{site}/anchors/demonstration.demonstration.pem", place.read(pki.anchor))
        place.write(f"{site}/truc.toml", f'[evidence]\nkey = "exchange.pem"\ntimestamps = "{pki.tsa}"\nname = "thu.truc"\n')
        server = place.serve(site)
        sender, receiver = server.key_of(SENDER), server.key_of(RECEIVER)
        mine = server.send(place.document("a.edxml", "1", to=["G99", "H98.01"]))["DocId"]
        shared = server.send(place.document("b.edxml", "2", to=["G99", "K97"]))["DocId"]
        until(lambda: "6" in server.get("/log/checkpoint")[1].split())
        log_key = place.json("log", "key", "-C", site)["key"]
        for number, (document, caller) in enumerate(((mine, receiver), (shared, sender))):
            status, bundle = server.ask(f"/api/v1/documents/{document}/bundle", caller)
            expect(status, 200)
            place.write(f"{number}.asice", bundle)
            judged = place.json("verify", f"{number}.asice", "--anchor", pki.anchor, "--log-key", log_key)
            expect(judged["verdict"], "valid")
            public = server.verify(bundle)
            expect([public["verdict"], public["text"]["en"]], ["valid", "valid"])
            expect([one["file"] for one in public["bundle"]["evidences"]],
                   [one["file"] for one in judged["bundle"]["evidences"]])
            expect(server.verify(bundle.replace(b"PK\x01\x02", b"PK\x01\x03", 1))["verdict"] != "valid", True)
        # The one was a fetch, the other's recipient is not told of what others' copies became.
        until(lambda: "ContentHandover" in [one["event"] for one in place.json("evidence", "list", "-C", site, mine)])
        status, refused = server.ask(f"/api/v1/documents/{shared}/bundle", receiver)
        expect([status, json.loads(refused)["reason"]], [403, "rest.bundle_of_all"])
        expect([one["event"] for one in place.json("evidence", "list", "-C", site, shared)],
               ["SubmissionAcceptance", "ContentConsignment", "ContentConsignment"])


def check_what_is_not_fetched_in_time_has_its_evidence_once(place):
    with Pki(place) as pki:
        pki.issue("Trục Thử", "exchange.pem")
        site = place.site()
        place.write(f"{site}/truc.toml", '[evidence]\nkey = "exchange.pem"\nfetch_by = "1s"\nanswer_by = "2s"\n')
        server = place.serve(site)
        sent = server.send(place.document("a.edxml", "1"))["DocId"]

        def events():
            return [one["event"] for one in place.json("evidence", "list", "-C", site, sent)]
        late = ["SubmissionAcceptance", "ContentConsignment", "Expiry"]
        until(lambda: events()[:3] == late)
        server.end(signal.SIGKILL)
        server = place.serve(site)
        late.append("AcceptanceRejectionExpiry")
        until(lambda: events() == late)
        server.end(signal.SIGKILL)
        server = place.serve(site)
        place.run("fetch", *server.as_receiver(), server.inbox()[0]["docId"], "-o", "b.edxml")
        expect(events(), late + ["ContentHandover"])
        expect_in("chưa lấy văn bản khi hết thời hạn", place.run("evidence", "list", "-C", site, sent).out)
        server.end()
        place.run("verify", "-C", site)
        place.write(f"{site}/truc.toml", '[evidence]\nfetch_by = "soon"\n')
        expect_in("soon", place.run("serve", "-C", site, code=1).err)


def check_a_log_has_one_writer(place):
    with Pki(place) as pki:
        pki.issue("Trục Thử", "exchange.pem")
        site = place.site()
        place.write(f"{site}/truc.toml", '[evidence]\nkey = "exchange.pem"\n')
        server = place.serve(site)
        refused = place.run("serve", "-C", site, "--listen", "127.0.0.1:0", "--lang", "en", code=1).err
        expect_in("another process writes the log", refused)
        expect_in("trust.log_in_use", refused)
        server.end(signal.SIGKILL)
        place.serve(site).end()  # a lock does not outlive its process


def log_size(server):
    return int(server.get("/log/checkpoint")[1].split("\n")[1])


def check_a_restored_log_is_never_forked(place):
    with Pki(place) as pki:
        pki.issue("Trục Thử", "exchange.pem")
        site = place.site()
        place.write(f"{site}/truc.toml", '[evidence]\nkey = "exchange.pem"\nname = "thu.truc"\n')
        place.write(f"{site}/anchors/a.demonstration.pem", place.read(pki.anchor))
        server = place.serve(site)
        server.send(place.document("1.edxml", "1"))
        until(lambda: log_size(server) == 2)
        place.run("backup", "-C", site, "backup")
        sent = server.send(place.document("2.edxml", "2"))["DocId"]
        until(lambda: log_size(server) == 4)
        key = place.json("log", "key", "-C", site)["key"]
        expect(place.json("log", "monitor", server.url + "/log", "--key", key)["size"], 4)
        server.end(signal.SIGKILL)

        expect_in("truc log resume", place.run("restore", "-C", "again", "backup", "--lang", "en").out)
        place.write("again/secret.key", place.read(f"{site}/secret.key"))
        expect(place.read("again/anchors/a.demonstration.pem"), place.read(pki.anchor))
        server = place.serve("again")
        third = server.send(place.document("3.edxml", "3"))["DocId"]
        until(lambda: "degradations" in json.loads(server.get("/healthz")[1]))
        health = json.loads(server.get("/healthz")[1])
        expect(health["ok"], True)
        expect_in("truc log resume", health["degradations"][-1]["en"])
        expect(log_size(server), 2)
        expect_in("being served", place.run("log", "resume", "-C", "again", "--newest", "--lang", "en", code=1).err)
        server.end()
        expect_in("truc log resume", place.run("doctor", "-C", "again", "--lang", "en", code=1).out)
        place.run("log", "resume", "-C", "again", code=2)
        # With the newest files the log goes on: whoever watched it before sees one history.
        place.run("log", "resume", "-C", "again", "--from", f"{site}/log")
        server = place.serve("again")
        until(lambda: log_size(server) == 6)
        seen = place.json("log", "monitor", server.url + "/log", "--key", key)
        expect((seen["ok"], seen["size"]), (True, 6))
        place.run("evidence", "list", "-C", "again", sent, code=1)  # it was accepted after the backup
        place.run("evidence", "export", "-C", "again", third, "-o", "third.asice")
        server.end()

        # Where the newest files are gone, a new log has all of it again under a new name.
        place.run("restore", "-C", "anew", "backup")
        place.write("anew/secret.key", place.read(f"{site}/secret.key"))
        new_key = place.json("log", "resume", "-C", "anew", "--new-log")["key"]
        expect_in("thu.truc/2+", new_key)
        server = place.serve("anew")
        until(lambda: log_size(server) == 2)
        expect(place.json("log", "monitor", server.url + "/log", "--key", new_key, "--state", "new.state")["ok"], True)
        expect(place.json("log", "monitor", "anew/log.old-1", "--key", key, "--state", "old.state")["size"], 2)
        server.end()
        # Without its key a log that has been published is not begun again by accident.
        place.run("restore", "-C", "keyless", "backup")
        place.write("keyless/secret.key", place.read(f"{site}/secret.key"))
        os.remove(place / "keyless/log.key")
        expect_in("--new-log", place.run("serve", "-C", "keyless", code=1).err)


class Witness(http.server.BaseHTTPRequestHandler):
    """Cosigns nothing: says what it is told to say."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        status, kind, body = self.server.answer
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.server.asked += 1

    def log_message(self, *_):
        pass


def check_a_witness_that_knows_more_stops_the_log(place):
    key = "w.example+4c2fb0ec+BK1/u5Lhp4nqmT9Rb1QoYH9nMCGHNkW3wXAlHyXvDBJC"
    witness = http.server.HTTPServer(("127.0.0.1", 0), Witness)
    witness.asked, witness.answer = 0, (409, "text/x.tlog.size", b"1000\n")
    threading.Thread(target=witness.serve_forever, daemon=True).start()
    with Pki(place) as pki:
        pki.issue("Trục Thử", "exchange.pem")
        site = place.site()
        url = f"http://127.0.0.1:{witness.server_port}"
        config = f'[evidence]\nkey = "exchange.pem"\nwitnesses = "{witness_key(key)} {url}"\n'
        place.write(f"{site}/truc.toml", config)
        server = place.serve(site)
        server.send(place.document("1.edxml", "1"))
        until(lambda: "newer log" in server.get("/healthz")[1])
        expect(log_size(server), 0)
        expect_in("truc_witness_failures 1", server.get("/metrics")[1])
        expect_in("truc_log_size 0", server.get("/metrics")[1])
        server.end()
        # One that is away stops nothing.
        witness.answer = (500, "text/plain", b"no\n")
        server = place.serve(site)
        until(lambda: log_size(server) == 2)
        log = place.json("log", "key", "-C", site)["key"]
        seen = place.json("log", "monitor", f"{site}/log", "--key", log, "--witness", witness_key(key), code=1)
        expect(seen["findings"][0]["reason"], "trust.log_unwitnessed")
        expect_in("w.example", place.run("doctor", "-C", site, code=1).out)
        server.end()
    witness.shutdown()
    place.write(f"{site}/truc.toml", '[evidence]\nkey = "exchange.pem"\nwitnesses = "nobody"\n')
    expect_in("evidence.witnesses", place.run("serve", "-C", site, code=1).err)


def witness_key(key):
    """`key` with the id that its name and bytes give."""
    name, _, material = key.split("+", 2)
    digest = hashlib.sha256(name.encode() + b"\n" + base64.b64decode(material)).hexdigest()
    return f"{name}+{digest[:8]}+{material}"
