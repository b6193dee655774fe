"""The servers that the benchmarks compare with, started on loopback with data of their own."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args[0]} ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args[0]} does not listen on {port} after {seconds} s")


def stop(process, seconds=20):
    """Ends a process group that was started with start_new_session."""
    if process is None or process.poll() is not None:
        return
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            pass
        try:
            process.wait(seconds)
            return
        except subprocess.TimeoutExpired:
            continue


class Nginx:
    """Stores request bodies by PUT, without fsync, as fast as it can."""

    CONFIGURATION = """
daemon off;
worker_processes auto;
pid {home}/nginx.pid;
error_log {home}/error.log warn;
{user}
events {{ worker_connections 4096; }}
http {{
  access_log off;
  sendfile on;
  tcp_nodelay on;
  keepalive_requests 100000000;
  client_max_body_size 0;
  client_body_buffer_size 64k;
  client_body_temp_path {home}/temporary 1 2;
  proxy_temp_path {home}/proxy;
  fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi;
  scgi_temp_path {home}/scgi;
  server {{
    listen 127.0.0.1:{port} reuseport;
    root {home}/files;
    location / {{
      dav_methods PUT DELETE;
      create_full_put_path on;
      dav_access user:rw;
    }}
  }}
}}
"""

    def __init__(self, home):
        self.home = Path(home).resolve()
        self.port = free_port()
        self.process = None

    def start(self):
        shutil.rmtree(self.home, ignore_errors=True)
        (self.home / "files").mkdir(parents=True)
        user = "user root;" if os.geteuid() == 0 else ""
        text = self.CONFIGURATION.format(home=self.home, port=self.port, user=user)
        (self.home / "nginx.conf").write_text(text)
        self.process = subprocess.Popen(
            ["nginx", "-p", str(self.home), "-c", str(self.home / "nginx.conf"), "-e", "stderr"],
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_port(self.port, self.process, 10)

    def clear(self):
        shutil.rmtree(self.home / "files", ignore_errors=True)
        (self.home / "files").mkdir()

    def stop(self):
        stop(self.process)
        shutil.rmtree(self.home, ignore_errors=True)


class RabbitMq:
    """One broker node with its own name, ports, cookie and data; its port mapper is its own too."""

    def __init__(self, home):
        self.home = Path(home).resolve()
        self.port = free_port()
        self.process = None
        self.mapper = None

    def start(self):
        shutil.rmtree(self.home, ignore_errors=True)
        (self.home / "log").mkdir(parents=True)
        (self.home / "enabled_plugins").write_text("[].\n")
        cookie = self.home / ".erlang.cookie"
        cookie.write_text("TRUCBENCHTRUCBENCHTR")
        cookie.chmod(0o400)
        (self.home / "rabbitmq.conf").write_text(
            f"listeners.tcp.local = 127.0.0.1:{self.port}\n"
            "vm_memory_high_watermark.relative = 0.6\n"
            "disk_free_limit.absolute = 1GB\n"
            "log.file.level = warning\n")
        mapper_port = free_port()
        environment = dict(
            os.environ, HOME=str(self.home), ERL_EPMD_PORT=str(mapper_port),
            ERL_EPMD_ADDRESS="127.0.0.1",
            RABBITMQ_NODENAME="truc_bench@localhost", RABBITMQ_NODE_IP_ADDRESS="127.0.0.1",
            RABBITMQ_NODE_PORT=str(self.port), RABBITMQ_DIST_PORT=str(free_port()),
            RABBITMQ_MNESIA_BASE=str(self.home / "mnesia"), RABBITMQ_LOG_BASE=str(self.home / "log"),
            RABBITMQ_PID_FILE=str(self.home / "pid"),
            RABBITMQ_CONFIG_FILE=str(self.home / "rabbitmq.conf"),
            RABBITMQ_ADVANCED_CONFIG_FILE=str(self.home / "advanced.config"),
            RABBITMQ_CONF_ENV_FILE=str(self.home / "environment.conf"),
            RABBITMQ_ENABLED_PLUGINS_FILE=str(self.home / "enabled_plugins"),
            ERL_CRASH_DUMP_SECONDS="0")
        (self.home / "environment.conf").write_text("")
        self.mapper = subprocess.Popen(
            ["epmd", "-port", str(mapper_port), "-address", "127.0.0.1"], env=environment,
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_port(mapper_port, self.mapper, 10)
        server = "/usr/lib/rabbitmq/bin/rabbitmq-server"  # without Debian's change of user
        with open(self.home / "output.log", "wb") as output:
            self.process = subprocess.Popen([server], env=environment, start_new_session=True,
                                            stdin=subprocess.DEVNULL, stdout=output,
                                            stderr=subprocess.STDOUT)
        wait_for_port(self.port, self.process, 90)

    def stop(self):
        stop(self.process, 40)
        stop(self.mapper)
        shutil.rmtree(self.home, ignore_errors=True)
