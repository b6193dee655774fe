"""Drives the real program `truc` as a person does, at the command line and over HTTP.

usage: run.py [TRUC] [NAME-FILTER]      (TRUC: the program; default: the environment variable TRUC)

Ends with the line "N passed, N failed"."""
import os
import sys
import time
import traceback

sys.dont_write_bytecode = True

import agent_checks
import command_checks
import exchange_checks
import identity_checks
import insight_checks
import key_checks
import search_checks
import trouble_checks
import trust_checks
import upload_checks
from truc_program import Place


def main():
    truc = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("TRUC", "")
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    if not truc or not os.access(truc, os.X_OK):
        print("name the program: run.py TRUC, or the environment variable TRUC", file=sys.stderr)
        return 2
    passed = failed = 0
    for module in (command_checks, exchange_checks, trouble_checks, trust_checks, key_checks, identity_checks,
                   search_checks, agent_checks, upload_checks, insight_checks):
        for name, check in list(vars(module).items()):
            if not name.startswith("check_") or wanted not in name:
                continue
            start = time.monotonic()
            try:
                with Place(os.path.abspath(truc)) as place:
                    check(place)
                passed += 1
                print(f"ok   {name} ({time.monotonic() - start:.1f}s)", flush=True)
            except Exception:
                failed += 1
                print(f"FAIL {name}\n{traceback.format_exc()}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
