"""`truc agent`: documents go out of a directory and come into it, whatever is killed meanwhile."""
import glob
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from truc_program import RECEIVER, SENDER, expect, expect_in, until

PAPER = b"%PDF-1.7\nNoi dung\n"


def header(number, **members):
    made = {"sender": "H99.01", "recipients": [{"code": "G99", "name": "Bộ Giả định"}], "number": str(number),
            "notation": "SGĐ-VP", "date": "2026-11-20", "type": "Công văn", "subject": f"V/v thử số {number}",
            "signer": {"name": "Nguyễn Văn A", "position": "Giám đốc"}, "urgency": 1}
    made.update(members)
    return made


def knows(url, secret):
    """A server that runs hears of a new key within half a second."""
    request = urllib.request.Request(url + "/api/v1/me", headers={"Authorization": "Bearer " + secret})
    try:
        return urllib.request.urlopen(request, timeout=30).status == 200
    except urllib.error.HTTPError as refused:
        return refused.code != 401


class Directory:
    """DIR of an agent for one of the two systems of Place.site()."""

    def __init__(self, place, name, system, url, settle_ms=200):
        self.place, self.name, self.process = place, name, None
        secret = place.json("credential", "add", "-C", "site", system, "--name", name)["secret"]
        place.write(f"{name}.key", secret + "\n")
        until(lambda: knows(url, secret))
        place.run("agent", "init", name, "--url", url, "--api-key-file", f"{name}.key")
        self.set(url, settle_ms)

    def set(self, url, settle_ms=200, reserve=0):
        key = self.place / f"{self.name}.key"
        self.place.write(f"{self.name}/agent.toml",
                         f'[server]\nurl = "{url}"\n[credential]\napi_key_file = "{key}"\n'
                         f"[agent]\npoll_seconds = 1\nsettle_ms = {settle_ms}\nreserve_mib = {reserve}\n")

    def drop(self, name, text, to="outbox"):
        """As documented: a temporary name first."""
        self.place.write(f"{self.name}/{to}/.{name}", text if isinstance(text, (bytes, str)) else json.dumps(text))
        os.rename(self.place / f"{self.name}/{to}/.{name}", self.place / f"{self.name}/{to}/{name}")

    def drop_paper(self, name, number, **members):
        self.drop(name + ".pdf", PAPER)
        self.drop(name + ".json", header(number, **members))

    def once(self, code=0, **options):
        return json.loads(self.place.run("agent", self.name, "--once", "--json", code=code, **options).out)

    def start(self):
        log = open(self.place / f"{self.name}.log", "ab")
        self.process = subprocess.Popen([self.place.truc, "agent", self.name], cwd=self.place.path,
                                        stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(timeout=30)

    def verdict(self, one):
        """On the signatures of what came; in a file of its own when it was there before its signatures were judged."""
        later = f"inbox/{one}/signatures.json"
        told = self.load(later) if self.names(later) else self.load(f"inbox/{one}/document.json")["signatures"]
        return told["verdict"]

    def names(self, pattern):
        found = glob.glob(os.path.join(glob.escape(self.place / self.name), pattern))
        return sorted(os.path.basename(path) for path in found)

    def load(self, name):
        return json.loads(self.place.read(f"{self.name}/{name}"))


def two(place, server):
    return Directory(place, "gui", SENDER, server.url), Directory(place, "nhan", RECEIVER, server.url)


def check_agent_carries_a_paper_and_an_answer(place):
    place.site()
    server = place.serve()
    sender, receiver = two(place, server)
    sender.drop("phu luc.xlsx", b"PK bang ke")
    sender.drop_paper("cong van 15", 15, attachments=["phu luc.xlsx"])
    os.rename(place / place.document(number="16"), place / "gui/outbox/to trinh.edxml")
    expect(sender.once(), {"sent": 2, "received": 0, "reported": 0, "failed": 0, "waiting": 0})
    expect(sender.names("sent/*"), sorted(["cong van 15.json", "cong van 15.pdf", "cong van 15.phu luc.xlsx",
                                           "cong van 15.receipt.json", "cong van 15.status.json", "to trinh.edxml",
                                           "to trinh.receipt.json", "to trinh.status.json"]))
    expect(sender.names("outbox/*") + sender.names("outbox/.taken/*"), [])
    receipt = sender.load("sent/cong van 15.receipt.json")
    expect((receipt["deliveries"], receipt["unknown"]), (1, []))
    expect(receiver.once()["received"], 2)
    expect(receiver.once()["received"], 0)
    came = {receiver.load(f"inbox/{one}/document.json")["delivery"]["code"]: one for one in receiver.names("inbox/*")}
    one = came["15/SGĐ-VP"]
    expect(receiver.names(f"inbox/{one}/attachments/*"), ["cong van 15.pdf", "phu luc.xlsx"])
    expect(place.read(f"nhan/inbox/{one}/attachments/cong van 15.pdf"), PAPER)
    expect(receiver.load(f"inbox/{one}/document.json")["header"]["signer_name"], "Nguyễn Văn A")
    receiver.drop("status.json", {"code": "03", "description": "Văn thư đã tiếp nhận"}, f"inbox/{one}")
    receiver.drop("status.json", {"code": "99"}, f"inbox/{came['16/SGĐ-VP']}")
    said = receiver.once(code=1)
    expect((said["reported"], said["failed"]), (1, 1))
    expect_in("status.reported.json", receiver.names(f"inbox/{one}/*"))
    expect_in("status.error.json", receiver.names(f"inbox/{came['16/SGĐ-VP']}/*"))
    # The paper is no whole PDF.
    until(lambda: receiver.once() and receiver.verdict(one) == "undetermined")
    sender.once()
    delivery = sender.load("sent/cong van 15.status.json")["deliveries"][0]
    expect((delivery["state"], delivery["status"]["code"]), ("done", "03"))
    # What was fetched and is asked back is told beside it.
    place.run("recall", *server.as_sender(), receipt["document"], "--reason", "Gửi nhầm")
    receiver.once()
    expect(receiver.load(f"inbox/{one}/recalled.json")["recall"], "requested")


def check_agent_tells_what_is_wrong(place):
    place.site()
    server = place.serve()
    sender, _ = two(place, server)
    long, control = "d" * 240, "a\tb\x01c"
    sender.drop("hong.json", "{\"sender\": ")
    sender.drop("hong.pdf", PAPER)
    sender.drop("la.json", header(1, king="x"))
    sender.drop("xa.json", header(2, attachments=["../../etc/passwd"]))
    sender.drop("xa.pdf", PAPER)
    sender.drop("khong ai.pdf", PAPER)
    sender.drop("khong ai.json", header(3, recipients=["NOBODY"]))
    sender.drop("mo coi.pdf", PAPER)
    sender.drop("thieu giay.json", header(4))
    sender.drop("khong phai.edxml", b"<a/>")
    sender.drop("dang ghi.edxml.tmp", b"<a")
    os.mkdir(place / "gui/outbox/thu muc.edxml")
    os.symlink("/etc/passwd", place / "gui/outbox/lien ket.edxml")
    place.write(f"gui/outbox/{long}.edxml", place.read(place.document(number="5")))
    place.write(f"gui/outbox/{control}.edxml", place.read(place.document(number="6")))
    said = sender.once(code=1)
    expect((said["sent"], said["failed"], said["waiting"]), (2, 5, 4))
    reasons = {name[:-11]: sender.load("failed/" + name)["reason"] for name in sender.names("failed/*.error.json")}
    expect(reasons, {"hong": "base.json_malformed", "la": "agent.bad_member", "xa": "agent.bad_member",
                     "khong ai": "exchange.recipients_unknown", "khong phai": "edxml.no_envelope"})
    expect_in("king", sender.load("failed/la.error.json")["vi"])
    expect_in("dòng 1, cột 12", sender.load("failed/hong.error.json")["vi"])
    expect_in("mo coi.json", sender.load("outbox/mo coi.waiting.json")["vi"])
    waiting = {name[:-13]: sender.load("outbox/" + name)["reason"] for name in sender.names("outbox/*.waiting.json")}
    expect(waiting, {"mo coi": "agent.file_missing", "thieu giay": "agent.file_missing",
                     "thu muc": "agent.not_a_file", "lien ket": "agent.not_a_file"})
    expect(sorted(len(name) for name in sender.names("sent/*.edxml")), [len("a_b_c-12345678.edxml"), 150 + 9 + 6])
    # What is put right goes out.
    sender.drop("mo coi.json", header(7))
    sender.drop("thieu giay.pdf", PAPER)
    said = sender.once(code=1)
    expect((said["sent"], said["waiting"]), (2, 2))
    # The same name again keeps what is there.
    sender.drop_paper("mo coi", 8)
    sender.once(code=1)
    expect_in("mo coi~2.receipt.json", sender.names("sent/*"))


def check_agent_is_not_kept_by_what_one_document_may_not(place):
    place.site()
    server = place.serve()
    sender, receiver = two(place, server)
    os.rename(place / place.document(number="1"), place / "gui/outbox/a.edxml")
    expect(sender.once()["sent"], 1)
    secret = place.json("credential", "add", "-C", "site", SENDER, "--name", "it quyen", "--permissions",
                        "documents.read deliveries.acknowledge")["secret"]
    place.write("gui.key", secret + "\n")
    until(lambda: knows(server.url, secret))
    receiver.drop_paper("ve", 2, sender="G99", recipients=["H99.01"], notation="BGĐ")
    expect(receiver.once()["sent"], 1)
    sender.drop_paper("khong duoc", 3)
    said = sender.once(code=1)
    expect((said["sent"], said["received"], said["waiting"]), (0, 1, 1))
    told = sender.load("outbox/khong duoc.waiting.json")
    expect(told["reason"], "agent.not_signed_in")
    expect_in("documents.send", told["vi"])
    # A pipe instead of a file is neither opened nor waited for.
    os.mkfifo(place / "gui/outbox/ong.edxml")
    expect(sender.once(code=1)["waiting"], 2)
    expect(sender.load("outbox/ong.waiting.json")["reason"], "agent.not_a_file")


def check_agent_keeps_a_large_paper_out_of_memory(place):
    place.site()
    server = place.serve()
    sender, receiver = two(place, server)
    with open(place / "gui/outbox/lon.pdf", "wb") as paper:
        for _ in range(192):
            paper.write(os.urandom(1 << 20))
    sender.drop("lon.json", header(1))
    for agent, count in ((sender, "sent"), (receiver, "received")):
        code = "import json,resource,subprocess,sys;" \
               "out=subprocess.run(sys.argv[1:],stdout=subprocess.PIPE).stdout;" \
               "print(json.dumps([json.loads(out),resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss>>10]))"
        ran = subprocess.run([sys.executable, "-c", code, place.truc, "agent", agent.name, "--once", "--json"],
                             cwd=place.path, capture_output=True, check=True, timeout=120)
        said, most = json.loads(ran.stdout)
        expect(said[count], 1)
        print(f"     192 MiB {count}: at most {most} MiB of memory", flush=True)
        expect(most < 96, True)
    one = receiver.names("inbox/*")[0]
    expect(os.path.getsize(place / f"nhan/inbox/{one}/attachments/lon.pdf"), 192 << 20)


def check_agent_waits_for_the_network_and_is_alone(place):
    place.site()
    server = place.serve()
    sender, _ = two(place, server)
    expect(server.end(), 0)
    sender.drop_paper("cho", 1)
    expect(sender.once(code=1)["waiting"] > 0, True)
    expect(sender.load("outbox/cho.waiting.json")["reason"], "http.connect_failed")
    sender.start()
    until(lambda: "Đang làm việc trong gui".encode() in place.read("gui.log"))
    expect_in("[cli.agent_runs]", place.run("agent", "gui", "--once", code=1).err)
    expect(sender.end(), 0)
    server = place.serve()
    sender.set(server.url)
    expect(sender.once()["sent"], 1)
    expect(sender.names("outbox/*"), [])
    expect_in("[agent.not_a_directory]", place.run("agent", "nowhere", "--once", code=1).err)
    place.run("agent", code=2)


def check_agent_killed_again_and_again_loses_and_doubles_nothing(place):
    place.site()
    server = place.serve()
    agents = two(place, server)
    for number in range(1, 41):
        agents[0].drop_paper(f"di {number}", number)
        agents[1].drop_paper(f"ve {number}", number, sender="G99", recipients=["H99.01"], notation="BGĐ")
    kills, dice = 0, random.Random(7)
    end = time.monotonic() + 100

    def all_there():
        return all(len(agent.names(f"{folder}/*")) == 40 for agent in agents for folder in ("inbox",)) and \
            all(len(agent.names("sent/*.receipt.json")) == 40 for agent in agents)

    while not all_there() and time.monotonic() < end:
        for agent in agents:
            agent.start()
        time.sleep(dice.uniform(0.05, 1.2))
        for agent in agents:
            agent.end(signal.SIGKILL)
            kills += 1
        if kills % 10 == 0:
            server.end(signal.SIGKILL)
            server = place.serve()
            for agent in agents:
                agent.set(server.url)
    print(f"     {kills} kills of an agent", flush=True)
    for agent, other, notation in ((agents[0], agents[1], "BGĐ"), (agents[1], agents[0], "SGĐ-VP")):
        agent.once()
        expect(agent.names("failed/*") + agent.names("outbox/*") + agent.names("inbox/.partial/*"), [])
        codes = sorted(agent.load(f"inbox/{one}/document.json")["delivery"]["code"] for one in agent.names("inbox/*"))
        expect(codes, sorted(f"{number}/{notation}" for number in range(1, 41)))
        ids = {other.load("sent/" + name)["document"] for name in other.names("sent/*.receipt.json")}
        expect(len(ids), 40)
    expect(place.json("inbox", *server.as_receiver()), [])


def check_agent_goes_on_when_the_disk_has_room_again(place):
    place.site()
    server = place.serve()
    sender, receiver = two(place, server)
    os.rename(place / "nhan", place / "nhan.day")
    os.mkdir(place / "nhan")
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place / "nhan"]
    if subprocess.run(mount, capture_output=True).returncode:
        print("     not root: no small file system to fill", flush=True)
        return
    try:
        subprocess.run(["cp", "-a", place / "nhan.day/.", place / "nhan"], check=True)
        place.write("nhan/choan", b"x" * 900_000)
        for number in range(1, 4):
            sender.drop(f"{number}.pdf", PAPER + os.urandom(100_000))
            sender.drop(f"{number}.json", header(number))
        sender.once()
        said = receiver.once(code=1)
        expect((said["received"], said["waiting"] > 0), (0, True))
        expect(receiver.names("inbox/*") + receiver.names("inbox/.partial/*"), [])
        os.remove(place / "nhan/choan")
        expect(receiver.once()["received"], 3)
        for one in receiver.names("inbox/*"):
            expect(len(receiver.names(f"inbox/{one}/attachments/*")), 1)
        for one in receiver.names("inbox/*"):
            shutil.rmtree(place / f"nhan/inbox/{one}")
        # Packing takes more room than there is: the note beside it fits all the same.
        receiver.drop("lon.pdf", PAPER + os.urandom(250_000))
        receiver.drop("lon.json", header(9, sender="G99", recipients=["H99.01"]))
        place.write("nhan/choan", b"x" * 500_000)
        expect(receiver.once(code=1)["waiting"], 1)
        expect(receiver.names("outbox/*"), ["lon.waiting.json"])
        expect(receiver.load("outbox/lon.waiting.json")["reason"], "base.disk_full")
        os.remove(place / "nhan/choan")
        expect(receiver.once()["sent"], 1)
        expect(receiver.names("outbox/*"), [])
    finally:
        subprocess.run(["umount", place / "nhan"], check=True)
