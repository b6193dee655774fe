"""Lets other programs judge the signatures that Trúc makes and judges, and says where they agree.

usage: agreement.py TRUC MAKE_DOCUMENTS [--keep DIRECTORY] [--write]

A corpus is made by OpenSSL, xmlsec1, pyHanko and Trúc: valid, altered, expired, revoked, untrusted, wrapped, appended
to. Every file is judged by `truc verify` and by each other program that knows its kind.

  agree      both accept it, or neither does
  stricter   only Trúc refuses it, and docs/operations/trust.md says why
  DISAGREE   only the other refuses it, or Trúc does without a word in that table, or the table names what is not so

What Trúc says is kept in verdicts.tsv beside this file; --write writes it anew. Ends with "N passed, N failed", counted
for each file and program."""

import argparse
import collections
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
sys.path.append(os.path.join(ROOT, "tests", "cli"))

import by_openssl
import by_truc
import by_xmlsec
import validators
from world import World

PAGE = os.path.join(ROOT, "docs", "operations", "trust.md")
HEADING = "## Where Trúc is stricter than others"
VERDICTS = os.path.join(HERE, "verdicts.tsv")
FILES_MIN = 60


def judged(truc, case):
    """What Trúc says: the report."""
    words = [truc, "verify", case.path, "--anchor", case.world.anchor, "--online", "--json", "--lang", "en"]
    done = subprocess.run(
        words
        + (["--content", case.content] if case.content else [])
        + (["--log-key", case.log_key] if case.log_key else []),
        capture_output=True, timeout=120
    )
    if done.returncode not in (0, 3, 4, 5):
        raise RuntimeError(f"truc verify {case.name}: exit {done.returncode}\n{done.stderr.decode()}")
    return json.loads(done.stdout)


def readable(report):
    """Whether the file could be read in whole, with nothing odd about it. Two tables of references are not odd."""
    hybrid = "the file has tables for old and new readers"
    remarks = [one["en"] for one in report["file"]["remarks"] if not one["en"].startswith(hybrid)]
    return not report["file"]["incomplete"] and not remarks


def words_of(report):
    """The verdict with the reasons of its signatures: "undetermined NO_CERTIFICATE_CHAIN_FOUND"."""
    if "bundle" in report:
        return report["verdict"]
    reasons = [one["sub_indication"] for one in report["file"]["signatures"] if "sub_indication" in one]
    return " ".join([report["verdict"], *dict.fromkeys(reasons)])


def listed():
    """What the page says: validator and file, of every row."""
    with open(PAGE, encoding="utf-8") as page:
        section = page.read().split(HEADING, 1)[-1].split("\n## ", 1)[0]
    pairs = set()
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 4:
            pairs |= {
                (who, file) for who in re.findall(r"`([^`]+)`", cells[0]) for file in re.findall(r"`([^`]+)`", cells[3])
            }
    return pairs


class Table:
    def __init__(self, names):
        self.rows = {name: collections.Counter() for name in names}
        self.passed = 0
        self.failures, self.notes = [], []
        self.stricter, self.laxer_or_same = set(), set()

    def note(self, validator, case, ours, theirs, said, known):
        row = self.rows[validator.name]
        row["files"] += 1
        pair = (validator.name, case.name)
        if ours == theirs:
            row["agree"] += 1
            self.passed += 1
        elif theirs and pair in known:
            row["stricter"] += 1
            self.passed += 1
        else:
            row["DISAGREE"] += 1
            what = "accepts what Trúc refuses, and the table does not say so" if theirs else "refuses what Trúc accepts"
            self.failures.append(
                f"{validator.name} {what}: {case.name} ({said})" + (" - made by Trúc" if case.ours else "")
            )
        (self.stricter if theirs and not ours else self.laxer_or_same).add(pair)

    def expect(self, good, failure):
        if good:
            self.passed += 1
        else:
            self.failures.append(failure)

    def print(self, versions):
        print(f"{'':24}{'files':>8}{'agree':>8}{'stricter':>10}{'DISAGREE':>10}")
        for name, row in self.rows.items():
            if versions[name] is None:
                print(f"{name:24}{'skipped: it is not here':>36}")
                continue
            print(
                f"{name + ' ' + versions[name]:24}{row['files']:>8}{row['agree']:>8}{row['stricter']:>10}{row['DISAGREE']:>10}"
            )


def compare(cases, truc, table, known, asked):
    """Asks everybody about every file; gives what Trúc said of each."""
    said = {}
    for case in cases:
        report = judged(truc, case)
        said[case.name] = words_of(report)
        valid = report["verdict"] == "valid"
        if case.ours:
            table.expect(valid, f"Trúc refuses what it made: {case.name} ({said[case.name]})")
        for validator in asked:
            if validator.name in case.skip:
                table.notes.append(f"{validator.name} was not asked about {case.name}: {case.skip[validator.name]}")
                continue
            answer = validator.judge(case)
            if answer is not None:
                ours = readable(report) if getattr(validator, "structure", False) else valid
                table.note(validator, case, ours, *answer, known)
    return said


def check_verdicts(said, table, write):
    if write:
        with open(VERDICTS, "w", encoding="utf-8") as file:
            file.write("".join(f"{name}\t{words}\n" for name, words in sorted(said.items())))
    with open(VERDICTS, encoding="utf-8") as file:
        kept = dict(line.rstrip("\n").split("\t") for line in file)
    for name, words in said.items():
        table.expect(kept.get(name) == words, f"Trúc says of {name}: {words}; verdicts.tsv has: {kept.get(name)}")


def corpus(directory, truc, documents, with_pyhanko):
    """The world, the demonstration PKI, and the cases."""
    world = World(directory)
    cases = [*by_openssl.cases(world), *by_xmlsec.cases(world)]
    if with_pyhanko:
        import by_pyhanko

        cases += by_pyhanko.cases(world)
    by_us, demonstration = by_truc.cases(world, truc, documents)
    return world, demonstration, cases + by_us


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("truc", type=os.path.abspath)
    parser.add_argument("documents", type=os.path.abspath)
    parser.add_argument("--keep")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)  # pyHanko tells of every failure
    everybody = [
        validators.Pdfsig(),
        validators.Openssl(),
        validators.Xmlsec(),
        validators.Qpdf(),
        validators.Pyhanko(),
    ]
    versions = {one.name: validators.version_of(one) for one in everybody}
    asked = [one for one in everybody if versions[one.name] is not None]
    table, known = Table(versions), listed()
    directory = options.keep or tempfile.mkdtemp(prefix="truc-signatures-")
    os.makedirs(directory, exist_ok=True)
    world, demonstration, cases = corpus(directory, options.truc, options.documents, versions["pyhanko"] is not None)
    try:
        said = compare(cases, options.truc, table, known, asked)
    finally:
        demonstration.pki.__exit__()
        world.close()
        if not options.keep:
            shutil.rmtree(directory)
            demonstration.place.__exit__()
    check_verdicts(said, table, options.write)
    for validator, file in sorted(known & table.laxer_or_same):
        table.failures.append(f"the table says that Trúc is stricter than {validator} about {file}, which is not so")
    table.expect(len(said) >= FILES_MIN, f"only {len(said)} files")
    makers = collections.Counter(case.maker for case in cases)
    print(f"{len(cases)} files: " + ", ".join(f"{count} by {maker}" for maker, count in makers.items()))
    table.print(versions)
    for line in sorted(set(table.notes)):
        print("note: " + line)
    for line in table.failures:
        print("✗ " + line)
    print(f"{table.passed} passed, {len(table.failures)} failed")
    return 1 if table.failures else 0


if __name__ == "__main__":
    sys.exit(main())
