#!/usr/bin/env python3
"""Runs Schemathesis as each kind of caller; usage: try_all.py BUILD SCHEMATHESIS EXAMPLES"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from api_server import ApiServer  # noqa: E402

# A call that is refused for want of a permission was not tried; each caller may do what others may not.
CALLERS = ["A", "clerk", "operator"]
# Not what a stranger to the records can foresee: a made-up id of the right form is nobody's.
CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
          "response_schema_conformance,negative_data_rejection,unsupported_method,use_after_free")
# A stream has no end, and waiting takes its time: src/exchange/rest/events_test.cc tries it.
WAITS = "/api/v1/events"


def main():
    build, program, examples = sys.argv[1:]
    passed = 0
    with ApiServer(build) as server, tempfile.TemporaryDirectory() as directory:
        for caller in CALLERS:
            print(f"--- as {caller}", flush=True)
            done = subprocess.run(
                [program, "run", server.url + "/openapi.json", "--checks", CHECKS, "--max-examples", examples,
                 "--header", f"Authorization: Bearer {caller}", "--seed", "1", "--no-color", "--request-timeout", "20",
                 "--suppress-health-check", "all", "--exclude-path", WAITS],
                cwd=directory, env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": directory}, check=False)
            passed += done.returncode == 0
    failed = len(CALLERS) - passed
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
