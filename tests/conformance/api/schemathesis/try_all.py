#!/usr/bin/env python3
"""Runs Schemathesis as each kind of caller; usage: try_all.py BUILD SCHEMATHESIS EXAMPLES SECONDS

SECONDS: at most so many for all callers together. Ends with what was tried and "N passed, N failed"."""
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from api_server import ApiServer  # noqa: E402

# A call that is refused for want of a permission was not tried; each caller may do what others may not.
CALLERS = ["A", "clerk", "operator"]
# Left out: a made-up id of the right form is nobody's; callers are let in by name, and each sees its own.
LEFT_OUT = ("positive_data_acceptance,missing_required_header,allow_header_conformance,ensure_resource_availability,"
            "ignored_auth,object_level_authorization")
# Bodies of uploads are bytes.
HOOKS = """import schemathesis
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
"""
# A stream has no end, and waiting takes its time: events_test.cc and integrations_test.cc in src/exchange/rest try them.
WAITS = ("/api/v1/events", "/api/v1/systems/{system}/calls")

# What refuses wrong data; a body or head that is too large is looked at no further.
REFUSALS = "400, 401, 403, 404, 405, 409, 413, 415, 422, 428, 429, 431"

# Ids that are somebody's, without which most calls answer 404 and no more; some are made up all the same.
CONFIGURATION = """
[checks]
negative_data_rejection.expected-statuses = [{refusals}]
[dictionaries.documents]
values = ["{document}"]
[dictionaries.deliveries]
values = ["{delivery}"]
[dictionaries.organisations]
values = ["K97", "G99", "H99.01"]
[dictionaries.systems]
values = ["00.99.W00", "00.98.W00"]
[parameters]
"path.code" = {{ dictionary = "organisations", probability = 0.8 }}
"path.system" = {{ dictionary = "systems", probability = 0.8 }}
[[operations]]
include-path-regex = "/(documents|submissions)/"
parameters = {{ "path.id" = {{ dictionary = "documents", probability = 0.8 }} }}
[[operations]]
include-path-regex = "/deliveries/"
parameters = {{ "path.id" = {{ dictionary = "deliveries", probability = 0.8 }} }}
# Its parameters may make a head larger than 64 KiB, to which the server says 431 before it looks for a call.
[[operations]]
include-path = "/api/v1/session/oidc/callback"
checks.status_code_conformance.enabled = false
# What the tus protocol prescribes for a wrong Tus-Resumable is 412, for a wrong checksum 460.
[[operations]]
include-path-regex = "/uploads"
checks.negative_data_rejection.expected-statuses = [{refusals}, 412, 460]
"""


def tried(report):
    """{operation: statuses of its answers} and the number of cases, from a report of lines of JSON."""
    operations, cases = {}, 0
    for line in report.read_text(encoding="utf-8").splitlines() if report.exists() else []:
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        labels = {}
        for key, case in recorder.get("cases", {}).items():
            value = case.get("value", {})
            labels[key] = f"{value.get('method')} {value.get('path_template') or value.get('path')}"
        for key, interaction in recorder.get("interactions", {}).items():
            cases += 1
            answer = interaction.get("response") or {}
            operations.setdefault(labels.get(key, recorder.get("label")), set()).add(answer.get("status_code"))
    return operations, cases


def main():
    build, program, examples, seconds = sys.argv[1:]
    passed = cases = 0
    statuses = {}
    with ApiServer(build) as server, tempfile.TemporaryDirectory() as directory:
        configuration = Path(directory) / "schemathesis.toml"
        configuration.write_text(CONFIGURATION.format(document=server.document, delivery=server.delivery,
                                                      refusals=REFUSALS), encoding="utf-8")
        (Path(directory) / "bodies.py").write_text(HOOKS, encoding="utf-8")
        for caller in CALLERS:
            print(f"--- as {caller}", flush=True)
            report = Path(directory) / f"{caller}.ndjson"
            done = subprocess.run(
                [program, "--config-file", str(configuration), "run", server.url + "/openapi.json",
                 "--exclude-checks", LEFT_OUT, "--max-examples", examples, "--max-time", str(int(seconds) // len(CALLERS)),
                 "--header", f"Authorization: Bearer {caller}", "--seed", "1", "--no-color", "--request-timeout", "20",
                 "--suppress-health-check", "all", *(part for path in WAITS for part in ("--exclude-path", path)),
                 "--report-ndjson-path", str(report)],
                cwd=directory, env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": directory,
                                    "SCHEMATHESIS_HOOKS": "bodies", "PYTHONPATH": directory}, check=False)
            passed += done.returncode == 0
            found, count = tried(report)
            cases += count
            for operation, answers in found.items():
                statuses.setdefault(operation, set()).update(answers)
        with urllib.request.urlopen(server.url + "/openapi.json", timeout=20) as answer:
            paths = json.load(answer)["paths"]
            described = {f"{method.upper()} {path}" for path, item in paths.items() for method in item
                         if method in ("get", "put", "post", "delete", "patch")}
    failed = len(CALLERS) - passed
    # Methods that a path does not have are tried too; they count as cases only.
    called = described & set(statuses)
    succeeded = {name for name in called if any(200 <= (one or 0) < 400 for one in statuses[name])}
    print("never answered with success: " + (", ".join(sorted(called - succeeded)) or "none"))
    print(f"tried: {len(called)} of {len(described)} operations, {len(succeeded)} with success, {cases} cases")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
