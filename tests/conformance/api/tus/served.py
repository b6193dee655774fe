#!/usr/bin/env python3
"""Lets client.mjs upload to the real `truc serve`, and hand in what it uploaded.

usage: served.py TRUC      in the directory with client.mjs and its packages"""
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "cli"))
sys.dont_write_bytecode = True
from truc_program import RECEIVER, SENDER, Place  # noqa: E402


def main():
    truc = os.path.realpath(sys.argv[1])
    with Place(truc) as place:
        site = place.site()

        def token(system):
            return place.json("credential", "add", "-C", site, system, "--name", "tus")["secret"]

        environment = {**os.environ, "TRUC_SITE": place / site, "TRUC_TUS_TOKEN": token(SENDER),
                       "TRUC_RECIPIENT_TOKEN": token(RECEIVER)}
        done = subprocess.run(["node", "client.mjs", truc], env=environment, stdin=subprocess.DEVNULL, check=False)
        place.run("verify", "-C", site, timeout=120)
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
