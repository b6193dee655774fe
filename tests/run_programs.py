"""Runs the test programs that CTest knows of in a build directory and adds up their tests.

usage: run_programs.py BUILD_DIRECTORY [NAME-FILTER]

A GoogleTest program counts its tests one by one, any other program as one. Ends with the line
"N passed, N failed"."""
import json
import os
import re
import subprocess
import sys
import time

build = sys.argv[1]
wanted = sys.argv[2] if len(sys.argv) > 2 else ""
listing = json.loads(subprocess.run(["ctest", "--show-only=json-v1"], cwd=build, check=True,
                                    capture_output=True, text=True).stdout)
# Some tests measure memory: freed blocks must not wait in a large quarantine.
environment = dict(os.environ, ASAN_OPTIONS="detect_stack_use_after_return=1:quarantine_size_mb=2:thread_local_quarantine_size_kb=16", UBSAN_OPTIONS="print_stacktrace=1",
                   TSAN_OPTIONS="halt_on_error=1")
passed = failed = 0
broken_programs = []
for test in listing["tests"]:
    if "command" not in test or wanted not in test["name"]:
        continue
    directory = next((p["value"] for p in test.get("properties", []) if p["name"] == "WORKING_DIRECTORY"), build)
    expect_failure = any(p["name"] == "WILL_FAIL" and p["value"] for p in test.get("properties", []))
    start = time.monotonic()
    try:
        run = subprocess.run(test["command"], cwd=directory, env=environment, timeout=1500,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output, code = run.stdout.decode("utf-8", "replace"), run.returncode
    except subprocess.TimeoutExpired as late:
        output, code = (late.stdout or b"").decode("utf-8", "replace") + "\ntimed out", 124
    pattern = next((p["value"] for p in test.get("properties", []) if p["name"] == "PASS_REGULAR_EXPRESSION"), None)
    good = (code != 0) if expect_failure else (code == 0)
    if pattern:  # CTest: what the output says decides, not the exit code
        good = any(re.search(one, output) for one in pattern)
    tests = re.findall(r"^\[  PASSED  \] (\d+) test", output, re.M)
    broken = re.findall(r"^\[  FAILED  \] (\d+) test", output, re.M)
    p = int(tests[-1]) if tests else 0
    f = int(broken[-1]) if broken else 0
    if pattern or (not tests and not broken):
        p = 1 if good else 0
    if not good and f == 0:
        f = 1
    passed += p
    failed += f
    print(f"{'ok  ' if good else 'FAIL'} {test['name']}: {p} passed, {f} failed ({time.monotonic() - start:.1f}s)", flush=True)
    if not good:
        broken_programs.append(test["name"])
        print("\n".join(output.splitlines()[-60:]), flush=True)
if broken_programs:
    print("FAIL " + ", ".join(broken_programs))
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
