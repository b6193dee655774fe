#!/usr/bin/env python3
"""Runs serve_api for other programs.

    api_server.py BUILD openapi FILE      writes /openapi.json to FILE
"""
import subprocess
import sys
import urllib.request
from pathlib import Path


class ApiServer:
    """The API on a port of 127.0.0.1, with the callers A (a system), clerk and operator. `log`: where its log goes."""

    def __init__(self, build, log=None):
        program = Path(build) / "tests" / "conformance" / "api" / "serve_api"
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                                        text=True)
        port, self.document, self.delivery = self.process.stdout.readline().split()
        self.url = f"http://127.0.0.1:{port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        if self.process.wait(timeout=20) != 0:
            raise RuntimeError("serve_api failed: see above")


def main():
    build, what, target = sys.argv[1:]
    assert what == "openapi"
    with ApiServer(build) as server, urllib.request.urlopen(server.url + "/openapi.json", timeout=20) as answer:
        Path(target).write_bytes(answer.read())


if __name__ == "__main__":
    main()
