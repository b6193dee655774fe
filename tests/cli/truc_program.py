"""What the checks share: a directory to work in, the program, and a running server."""
import glob
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

SENDER, RECEIVER = "00.99.W00", "00.98.W00"
SENDER_SECRET, RECEIVER_SECRET = "secret of sender +/=", "secret-of-receiver-98"


class Place:
    """A directory that is gone afterwards, with everything that runs in it."""

    def __init__(self, truc, directory=None):
        self.truc = truc
        self.path = directory or tempfile.mkdtemp(prefix="truc-cli-")
        self.servers = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.end(signal.SIGKILL)
        shutil.rmtree(self.path, ignore_errors=True)

    def __truediv__(self, name):
        return os.path.join(self.path, name)

    def write(self, name, content):
        mode = "wb" if isinstance(content, bytes) else "w"
        path = self / name
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, mode, **({} if mode == "wb" else {"encoding": "utf-8"})) as file:
            file.write(content)
        return path

    def read(self, name):
        with open(self / name, "rb") as file:
            return file.read()

    def run(self, *arguments, env=None, code=0, timeout=60, **options):
        """Runs `truc ARGUMENTS` in the place; its exit code must be `code`."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("TRUC", "LC_", "LANG"))}
        environment.update(env or {})
        try:
            done = subprocess.run([self.truc, *map(str, arguments)], cwd=self.path, env=environment, timeout=timeout,
                                  stdin=subprocess.DEVNULL, capture_output=True, **options)
        except subprocess.TimeoutExpired as late:
            raise AssertionError(f"truc {arguments} did not end in {timeout} s\n{self.threads()}") from late
        done.out = done.stdout.decode("utf-8")
        done.err = done.stderr.decode("utf-8")
        assert done.returncode == code, f"truc {arguments}: exit {done.returncode}, not {code}\n{done.out}\n{done.err}"
        return done

    def threads(self):
        """Where the threads of the servers stand, for a hang."""
        lines = []
        for server in self.servers:
            for task in sorted(glob.glob(f"/proc/{server.process.pid}/task/*")):
                try:
                    with open(task + "/comm") as name, open(task + "/wchan") as place:
                        lines.append(f"{task} {name.read().strip()} {place.read()}")
                except OSError:
                    pass
            lines.append(server.messages()[-2000:])
        return "\n".join(lines)

    def json(self, *arguments, **options):
        return json.loads(self.run(*arguments, "--json", **options).out)

    def site(self, name="site"):
        """A site with two systems and their organisations."""
        self.run("init", name)
        self.write("sender.secret", SENDER_SECRET + "\n")
        self.write("receiver.secret", RECEIVER_SECRET)
        self.write("organisations.csv",
                   "code,name,parent,old_code\nH99,Tỉnh Thử,,\nH99.01,Sở Giả định,H99,000.00.01.H99\nG99,Bộ Giả định,,\n"
                   "H98.01,\"Sở Khác, Tỉnh Khác\",H98,\nK97,Chưa kết nối,,\n")
        self.run("organisation", "import", "-C", name, "organisations.csv")
        self.run("system", "add", "-C", name, SENDER, "--secret-file", "sender.secret", "--organisation", "H99.01")
        self.run("system", "add", "-C", name, RECEIVER, "--secret-file", "receiver.secret", "--organisation", "G99",
                 "--organisation", "H98.01")
        return name

    def serve(self, site="site", **options):
        server = Server(self, site, **options)
        self.servers.append(server)
        return server

    def document(self, name="van-ban.edxml", number="15", to=("G99",), content=b"%PDF-1.7\nNoi dung\n", **members):
        """Packs a document and gives its file name."""
        directory = name + ".d"
        header = {"kind": "document", "from": {"id": "H99.01", "name": "Sở Giả định"},
                  "to": [{"id": code, "name": "Nơi nhận " + code} for code in to],
                  "document_id": f"H99.01,2026/11/20,{number}/SGĐ-VP", "code_number": number, "code_notation": "SGĐ-VP",
                  "promulgation_date": "2026/11/20", "subject": "V/v thử lệnh truc", "priority": "0",
                  "attachments": [{"name": "văn bản.pdf", "file": "a.pdf"}]}
        header.update(members)
        self.write(f"{directory}/document.json", json.dumps(header, ensure_ascii=False))
        self.write(f"{directory}/a.pdf", content)
        self.run("edxml", "pack", directory, "-o", name)
        return name


class Server:
    """`truc serve` on a free port."""

    def __init__(self, place, site, **options):
        self.place = place
        self.log = open(place / f"{site}-serve.log", "ab")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("TRUC")}
        self.process = subprocess.Popen([place.truc, "serve", "-C", site, "--listen", "127.0.0.1:0"], cwd=place.path,
                                        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=self.log, **options)
        line = self.process.stdout.readline().decode()
        assert line.startswith("listening on http://127.0.0.1:"), line + self.messages()
        self.url = line.split()[-1]

    def messages(self):
        with open(self.log.name, encoding="utf-8", errors="replace") as file:
            return file.read()

    def end(self, how=signal.SIGTERM):
        """Ends it; gives the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        self.log.close()
        return code

    def as_sender(self):
        return ["--url", self.url, "--system", SENDER, "--secret-file", "sender.secret"]

    def as_receiver(self):
        return ["--url", self.url, "--system", RECEIVER, "--secret-file", "receiver.secret"]

    def get(self, path):
        """Status and body."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return answer.status, answer.read().decode("utf-8")
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode("utf-8")

    def key_of(self, system, site="site"):
        """A new API key of a system."""
        return self.place.json("credential", "add", "-C", site, system, "--name", "khóa")["secret"]

    def ask(self, path, key):
        """Status and bytes, as the holder of an API key."""
        request = urllib.request.Request(self.url + path, headers={"Authorization": "Bearer " + key})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()

    def verify(self, content):
        """What a stranger is told of a signed file."""
        request = urllib.request.Request(self.url + "/api/v1/verify", content, {"Content-Type": "application/octet-stream"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def send(self, file, **options):
        return self.place.json("send", *self.as_sender(), file, **options)

    def inbox(self, *more):
        return self.place.json("inbox", *self.as_receiver(), *more)


def until(condition, seconds=10):
    """Waits for it to hold."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come true in time")


def expect(actual, wanted):
    assert actual == wanted, f"got {actual!r}, wanted {wanted!r}"


def expect_in(part, whole):
    assert part in whole, f"{part!r} is not in {whole!r}"
