"""The server under test: a fresh site with the organisations of a province, and its figures."""

import os
import re
import shutil
import signal
import subprocess
import threading
from pathlib import Path

MEMBERS = 628  # the units of the province
PROBES = 64    # organisations of the system that benchmarks follow one by one
SYSTEMS = 8    # connected systems that the units share


class Hub:
    # By default the exchange by itself; what judging adds is measured against it.
    def __init__(self, truc, home, settings="[trust]\njudge = false\n", anchor=None):
        self.truc = str(truc)
        self.settings = settings
        self.anchor = anchor
        self.home = Path(home).resolve()
        self.site = self.home / "site"
        self.plan = self.home / "plan.txt"
        self.port = 0
        self.process = None

    def command(self, *arguments):
        done = subprocess.run([self.truc, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"truc {' '.join(map(str, arguments))}: {done.stdout}{done.stderr}")
        return done.stdout

    def create(self):
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        systems = [(f"00.49.W{i + 1:02}", f"bench-secret-{i + 1}", "load") for i in range(SYSTEMS)]
        systems.append(("00.98.W00", "bench-secret-probe", "probe"))
        units = [(f"H49.{i + 1}", systems[i % SYSTEMS][0], f"Đơn vị thử {i + 1}")
                 for i in range(MEMBERS)]
        units += [(f"H98.{i + 1}", "00.98.W00", f"Đơn vị đo {i + 1}") for i in range(PROBES)]
        with open(self.plan, "w", encoding="utf-8") as plan:
            plan.writelines(f"system\t{a}\t{b}\t{c}\n" for a, b, c in systems)
            plan.writelines(f"organisation\t{a}\t{b}\t{c}\n" for a, b, c in units)
        listing = self.home / "organisations.csv"
        with open(listing, "w", encoding="utf-8") as table:
            table.write("code,name,parent,old_code,mail\n")
            table.writelines(f"{code},{name},,,\n" for code, _, name in units)
        self.command("init", self.site)
        (self.site / "truc.toml").write_text(self.settings)
        if self.anchor:
            shutil.copy(self.anchor, self.site / "anchors")
        self.command("organisation", "import", "-C", self.site, listing)
        for system, secret, _ in systems:
            secret_file = self.home / f"{system}.secret"
            secret_file.write_text(secret)
            codes = self.home / f"{system}.codes"
            codes.write_text("".join(f"{code}\n" for code, owner, _ in units if owner == system))
            self.command("system", "add", "-C", self.site, system, "--secret-file", secret_file,
                         "--organisations-file", codes)

    def start(self):
        with open(self.home / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [self.truc, "serve", "-C", str(self.site), "--listen", "127.0.0.1:0"],
                stdout=subprocess.PIPE, stderr=log, start_new_session=True)
        for raw in self.process.stdout:
            found = re.search(r"listening on https?://127\.0\.0\.1:(\d+)", raw.decode())
            if found:
                self.port = int(found.group(1))
                threading.Thread(target=self._drain, daemon=True).start()
                return
        raise RuntimeError(f"truc serve ended at once; see {self.home}/server.log")

    def _drain(self):
        for _ in self.process.stdout:
            pass

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def remove(self):
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def _status_kib(self, field):
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{field}:\s+(\d+) kB", text, re.MULTILINE).group(1))

    def memory_mib(self):
        return self._status_kib("VmRSS") / 1024

    def peak_memory_mib(self):
        return self._status_kib("VmHWM") / 1024

    def cpu_seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def document_bytes(self):
        """The size of everything in the site that is not the database or the configuration."""
        total = 0
        for folder, _, names in os.walk(self.site):
            for name in names:
                if not re.search(r"\.(db|sqlite3?)(-wal|-shm|-journal)?$|\.toml$|\.log$", name):
                    try:
                        total += os.stat(os.path.join(folder, name)).st_size
                    except FileNotFoundError:
                        pass
        return total
