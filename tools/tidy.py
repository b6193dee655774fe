#!/usr/bin/env python3
"""Checks what no compiler checks: sizes and names of files, links, and that the tables in the
documents say what the code says. Prints "N passed, N failed".

usage: tools/tidy.py [--write-reasons]     (writes docs/reasons.md from the code)"""
import functools
import hashlib
import json
import os
import pathlib
import re
import struct
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINES_MAX = 600
COLUMNS_MAX = 120
BANNED_NAMES = {"common", "utils", "util", "helpers", "helper", "misc", "manager"}
TEXT = {".cc", ".h", ".md", ".py", ".txt", ".cmake", ".json", ".service", ".conf", ".sh", ".toml", ".svg", ""}
STRING = r'"((?:[^"\\]|\\.)*)"'
MODULES = "base|catalogue|store|http|edxml|page|search|trust|identity|exchange|vxp|rest|agent|insight|web|cli"

# Where the code puts a sentence together from parts that say nothing by themselves.
MEANINGS = {
    "base.io_failed": ("Lỗi đọc ghi đĩa", "the disk cannot be read or written"),
    "base.disk_full": ("Đĩa đầy", "the disk is full"),
    "base.file_missing": ("Không thấy tệp", "there is no such file"),
    "base.file_exists": ("Tệp đã có", "the file is already there"),
    "http.broken_off": ("Kết nối bị ngắt trước khi nhận đủ câu trả lời", "the connection broke off before the whole answer had come"),
    "http.connect_failed": ("Không kết nối được tới máy chủ", "the server cannot be reached"),
    "base.config_malformed": ("truc.toml sai ở dòng được nêu", "truc.toml is wrong in the line that is named"),
    "agent.file_missing": ("Tệp cần gửi cùng chưa có trong outbox", "a file that goes with it is not in outbox yet"),
    "agent.bad_member": ("Một mục của tệp JSON thiếu, lạ hoặc sai dạng", "a member of the JSON file is missing, unknown or wrong"),
    "cli.bad_csv": ("Tệp CSV sai ở dòng được nêu", "the CSV file is wrong in the line that is named"),
    "edxml.bad_member": ("Mục được nêu của văn bản không hợp lệ", "the member of the document that is named is wrong"),
    "vxp.bad_registration": ("Nội dung đăng ký không phải là JSON hợp lệ", "the body of registerAgency is not a JSON object"),
    "exchange.assembly_bad_member": ("Mục được nêu của văn bản không hợp lệ", "the member that is named is wrong"),
    "exchange.upload_bad_header": ("Tiêu đề HTTP được nêu không hợp lệ", "the header that is named is wrong"),
    "search.program_failed": ("Chương trình đọc chữ trong tệp bị lỗi hoặc quá thời hạn", "a program that reads the text of files failed or took too long"),
    "trust.pdf_limit": ("Tệp PDF vượt quá mức được xem xét", "the PDF is larger or more involved than what is looked at"),
    "identity.bad_person": ("Thông tin về người sai ở mục được nêu", "what is said about a person is wrong in the member that is named"),
    "identity.bad_credential": ("Thông tin xác thực muốn cấp sai ở mục được nêu", "the credential asked for is wrong in the member that is named"),
    "identity.bad_approval": ("Đề nghị sai ở mục được nêu", "the proposal is wrong in the member that is named"),
    "identity.bad_post": ("Thông tin về chức vụ sai ở mục được nêu", "what is said about a post is wrong in the member that is named"),
    "identity.bad_delegation": ("Ủy quyền sai ở mục được nêu", "the delegation is wrong in the member that is named"),
    "edxml.attachment_undecodable": ("Không mở được tệp đính kèm", "an attachment cannot be decoded"),
}


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def run(self, name, check):
        found = list(check())
        if found:
            self.failed += 1
            print(f"✗ {name}")
            for line in found[:20]:
                print(f"    {line}")
            if len(found) > 20:
                print(f"    … and {len(found) - 20} more")
        else:
            self.passed += 1


@functools.cache
def files():
    """Every file that git tracks or would track, and that is there."""
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True,
                         capture_output=True).stdout.decode()
    return sorted(name for name in set(out.split("\0")) if name and (ROOT / name).is_file())


@functools.cache
def text(name):
    return (ROOT / name).read_text(encoding="utf-8", errors="replace")


def sources():
    return [f for f in files() if f.startswith("src/") and f.endswith((".cc", ".h"))]


def prose():
    return [f for f in files() if f.endswith(".md")]


def texts():
    """Files that people write; samples and corpora are data."""
    return [f for f in files()
            if pathlib.Path(f).suffix in TEXT and "/corpus/" not in f and "/testdata/" not in f and f != "LICENSE"]


# --- sizes and names ------------------------------------------------------------------------------

def check_sizes():
    for name in sources():
        lines = text(name).split("\n")
        if len(lines) - 1 > LINES_MAX:
            yield f"{name}: {len(lines) - 1} lines; at most {LINES_MAX}: split it by noun"
        for number, line in enumerate(lines, 1):
            if len(line) > COLUMNS_MAX:
                yield f"{name}:{number}: {len(line)} columns; at most {COLUMNS_MAX}"


def check_names():
    for name in files():
        for part in pathlib.Path(name).parts:
            if part.split(".")[0].lower() in BANNED_NAMES:
                yield f"{name}: \"{part}\" says nothing; name it after what it holds"


def check_marks():
    pattern = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    for name in texts():
        for number, line in enumerate(text(name).split("\n"), 1):
            if pattern.search(line):
                yield f"{name}:{number}: {line.strip()[:80]}"


def check_outside():
    """Nothing in the repository may depend on a place outside of it."""
    absolute, samples = "/wo" + "rk/", "shared/" + "fixtures"
    for name in texts():
        for number, line in enumerate(text(name).split("\n"), 1):
            if absolute in line or (samples in line and name != ".ci/run"):
                yield f"{name}:{number}: names a place outside the repository"


def check_nested_try():
    """g++ forgets to destroy the other arguments of a call when TRY leaves from inside of it."""
    for name in texts():
        if name.startswith("src/") and name.endswith((".cc", ".h")):
            for found in re.finditer(r",\s*TRY\(", text(name)):
                yield f"{name}:{text(name).count(chr(10), 0, found.end()) + 1}: give TRY a statement of its own"


# --- documents -----------------------------------------------------------------------------------

def without_code(markdown):
    return re.sub(r"```.*?```|`[^`\n]*`", "", markdown, flags=re.S)


def anchors(name):
    found = set()
    for heading in re.findall(r"^#+ +(.+)$", re.sub(r"```.*?```", "", text(name), flags=re.S), flags=re.M):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return found


def check_links():
    known = set(files()) | {str(p) for f in files() for p in pathlib.Path(f).parents}
    for name in prose():
        for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text(name))):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            resolved = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
            if resolved not in known:
                yield f"{name}: {target} is not there"
            elif anchor and resolved.endswith(".md") and anchor not in anchors(resolved):
                yield f"{name}: {target}: no such heading"


def rows(name, first_heading):
    """The rows of the table whose heading begins with `first_heading`, as lists of cells."""
    lines = iter(text(name).split("\n"))
    for line in lines:
        if line.startswith(f"| {first_heading} |"):
            next(lines)
            break
    out = []
    for line in lines:
        if not line.startswith("|"):
            break
        cells = re.split(r"(?<!\\)\|", line.strip()[1:-1])
        out.append([cell.strip() for cell in cells])
    return out


def bare(cell):
    return re.sub(r"`|\[|\]\([^)]*\)", "", cell)


def difference(where, documented, coded):
    for item in sorted(set(documented) - set(coded), key=str):
        yield f"{where}: has {item}, the code has not"
    for item in sorted(set(coded) - set(documented), key=str):
        yield f"{where}: lacks {item}"


def check_modules():
    listed = re.findall(r"add_subdirectory\((\w+)\)", text("src/CMakeLists.txt"))
    table = [bare(row[0]) for row in rows("src/README.md", "Module")]
    folders = {f.split("/")[1] for f in files() if re.match(r"src/\w+/", f)}
    if table != listed:
        yield f"src/README.md says {table}, src/CMakeLists.txt {listed}"
    overview = [bare(row[0]) for row in rows("ARCHITECTURE.md", "Module")]
    if overview != listed:
        yield f"ARCHITECTURE.md says {overview}, src/CMakeLists.txt {listed}"
    yield from difference("src/CMakeLists.txt", listed, folders)
    for module in listed:
        if f"src/{module}/README.md" not in files():
            yield f"src/{module}/README.md is missing"


def joined(literals):
    return "".join(re.findall(STRING, literals)).replace('\\"', '"')


def check_settings():
    code = text("src/cli/site.cc")
    code = code[code.index("kAll = {"):code.index("return kAll")]
    literals = rf"((?:{STRING}\s*)+)"
    coded = []
    for m in re.finditer(rf'\{{\s*"([a-z_.]+)",\s*Type::(\w+),\s*"([^"]*)",\s*(\d+),\s*(\d+),\s*{literals},\s*{literals}\}}', code):
        limits = f"{m[4]}–{m[5]}" if m[2] == "integer" else ""
        coded.append((m[1], m[2], m[3] or "empty", limits, joined(m[6]), joined(m[8])))
    if len(coded) != code.count("Type::"):
        yield "src/cli/site.cc: a setting is written in a way that this check does not read"
    documented = [tuple(bare(cell) for cell in row) for row in rows("docs/operations/configuration.md", "Setting")]
    yield from difference("docs/operations/configuration.md", documented, coded)


def check_vxp_codes():
    code = text("src/exchange/vxp/answer.cc")
    body = code[code.index("kMapped[]"):code.index("http::Response failure")]
    reasons = set(re.findall(r'\{"([a-z.]+\.[a-z_]+)",\s*"(\d+)"\}', body))
    documented = {(bare(r[0]), r[1]) for r in rows("docs/protocols/vxp.md", "Reason")}
    yield from difference("docs/protocols/vxp.md §7", documented, reasons)
    kinds, waiting = set(), []
    for m in re.finditer(r'case base::Code::(\w+):|default:|return "(\d+)"', body[body.index("switch"):]):
        if m[2]:
            kinds |= {(kind, m[2]) for kind in waiting}
            waiting = []
        else:
            waiting.append(m[1] or "every other")
    documented = {(bare(r[0]), r[1]) for r in rows("docs/protocols/vxp.md", "Kind")}
    yield from difference("docs/protocols/vxp.md §7", documented, kinds)


def check_vxp_calls():
    code = text("src/exchange/vxp/routes.cc")
    coded = {(m[2], m[1].upper()) for m in re.finditer(r'\b(?:http::Method::)?(post|get),\s*"\*\*/(\w+)"', code)}
    documented = {(bare(r[0]), r[1]) for r in rows("docs/protocols/vxp.md", "Call") if len(r) == 4}
    yield from difference("docs/protocols/vxp.md §2", documented, coded)


def check_journal():
    """Computes the worked example again, as src/store/journal.cc does."""
    page = text("docs/formats/journal.md")
    contents = [bytes.fromhex(block) for block in re.findall(r"```hex\n(.*?)```", page, flags=re.S)]
    hashes = [bytes.fromhex(block.strip()) for block in re.findall(r"```hash\n(.*?)```", page, flags=re.S)]
    entries = re.findall(r"`at` (\d+), kind `(\w+)`, subject `([^`]+)` and the body `([^`]+)`", page)
    if not (len(contents) == len(hashes) == len(entries) == 2):
        yield "docs/formats/journal.md: the example is not two entries with content and hash"
        return
    magic = re.search(r'content = "(.*?)\\n"', text("src/store/journal.cc"))
    previous = b""
    for seq, (at, kind, subject, body) in enumerate(entries, 1):
        content = magic[1].encode() + b"\n" + struct.pack(">QQ", seq, int(at))
        for field in (kind.encode(), subject.encode(), body.encode(), previous):
            content += struct.pack(">Q", len(field)) + field
        previous = hashlib.sha256(content).digest()
        if content != contents[seq - 1]:
            yield f"docs/formats/journal.md: the content of entry {seq} is {content.hex(' ')}"
        if previous != hashes[seq - 1]:
            yield f"docs/formats/journal.md: the hash of entry {seq} is {previous.hex()}"
    code = "".join(text(f) for f in sources() if f.startswith(("src/identity/", "src/exchange/", "src/insight/", "src/cli/")) and not f.endswith("_test.cc"))
    kinds = set(re.findall(r'now(?:_|\(\))?, "([a-z_]+)",', code))
    for pair in re.findall(r'now\(\),\s*enabled \? "(\w+)" : "(\w+)"', code):
        kinds |= set(pair)
    documented = {kind for row in rows("docs/formats/journal.md", "Kind") for kind in re.findall(r"`(\w+)`", row[0])}
    yield from difference("docs/formats/journal.md, kinds", documented, kinds)


def check_tables():
    """Every table and column of the schema is in docs/formats/records.md, in that order."""
    made_in = ("src/store/journal.cc", "src/identity/migrations.cc", "src/identity/sign_in/migrations.cc",
               "src/exchange/migrations.cc", "src/exchange/feed/migrations.cc", "src/exchange/notifications/migrations.cc",
               "src/exchange/webhooks/migrations.cc",
               "src/exchange/uploads/records.cc", "src/exchange/rest/idempotency.cc", "src/insight/migrations.cc")
    schema = "".join("".join(re.findall(r'R"sql\((.*?)\)sql"', text(f), flags=re.S)) for f in made_in)
    page = text("docs/formats/records.md")
    coded, documented = [], []
    for name, columns in re.findall(r"create table (\w+) \((.*?)\n\);", schema, flags=re.S):
        coded += [f"{name}.{column}" for column in re.findall(r"^  (\w+) (?:int64|text|bytes|bool|time)\b", columns, flags=re.M)]
    coded += [f"{name}.{column}" for name, column in re.findall(r"^alter table (\w+) add column (\w+)", schema, flags=re.M)]
    for name, section in re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", page, flags=re.S | re.M):
        for row in re.findall(r"^\| (`.*?) \|", section, flags=re.M):
            documented += [f"{name}.{column}" for column in re.findall(r"`(\w+)`", row)]
    yield from difference("docs/formats/records.md", documented, coded)


def check_metrics():
    code = "".join(text(f) for f in sources() if not f.endswith("_test.cc") and "/testing/" not in f)
    coded = set(re.findall(r'metrics_?\.(?:counter|gauge|histogram)\(\s*"(\w+)"', code))
    documented = {bare(row[0]) for row in rows("docs/operations/monitoring.md", "Name")}
    yield from difference("docs/operations/monitoring.md", documented, coded)


def check_law():
    """Every test that docs/law.md names exists."""
    known = set()
    for f in sources():
        if f.endswith("_test.cc"):
            known |= {f"{a}.{b}" for a, b in re.findall(r"^TEST(?:_[FP])?\((\w+),\s*(\w+)\)", text(f), flags=re.M)}
    named = re.findall(r"`([A-Z]\w+\.[A-Z]\w+)`", text("docs/law.md"))
    if not named:
        yield "docs/law.md names no test"
    for name in named:
        if name not in known:
            yield f"docs/law.md: there is no test {name}"


def check_console():
    """The operator's guide: its pictures, that it knows every screen, and that what it calls a button is one."""
    home, most, bytes_most = "docs/operations/console", 30, 80_000
    kept = {f for f in files() if f.startswith(f"{home}/pictures/")}
    if len(kept) > most:
        yield f"{home}/pictures: {len(kept)} pictures; at most {most}"
    for name in sorted(kept):
        if (ROOT / name).stat().st_size > bytes_most:
            yield f"{name}: more than {bytes_most} bytes"
    catalogue = {"README.md": [one["text"] for one in json.loads(text("web/messages/vi.json")).values()],
                 "README.en.md": list(json.loads(text("web/messages/en.json")).values())}
    sections = set()
    for page, said in catalogue.items():
        guide = text(f"{home}/{page}")
        named = {f"{home}/{one}" for one in re.findall(r"!\[[^\]]+\]\((pictures/[^)]+)\)", guide)}
        yield from difference(f"{home}/{page}, pictures", named, kept)
        sections.add(tuple(len(one) for one in re.findall(r"^(#+) ", guide, flags=re.M)))
        known = "\n".join(said).lower()
        for label in re.findall(r"(?<![*\w])\*([^*\n:]+)\*(?![*\w])", guide):
            if label.lower() not in known:
                yield f"{home}/{page}: *{label}* stands on no screen"
    if len(sections) > 1:
        yield f"{home}: the two languages have other sections"
    marked = re.findall(r"<!-- (?:screens|left out): ([^>]+) -->", text(f"{home}/README.md"))
    known = re.findall(r'^  \{ name: "([\w-]+)"', text("web/tests/screens.ts"), flags=re.M)
    yield from difference(f"{home}/README.md, screens of web/tests/screens.ts", [one for line in marked for one in line.split(", ")], known)


def check_packages():
    listed = set(re.sub(r"#.*|\[\w+\]", "", text("packaging/packages.txt")).split())
    for name in ("README.md", "CONTRIBUTING.md", "docs/operations/install.md"):
        for command in re.findall(r"apt(?:-get)? install ([^\n`]+)", text(name)):
            for package in command.split():
                if not package.startswith(("-", "./")) and package not in listed:
                    yield f"{name}: {package} is not in packaging/packages.txt"


# --- reasons ---------------------------------------------------------------------------------------

def arguments(code, start):
    """Splits the arguments of the call whose opening parenthesis is at `start`."""
    depth, i, at, out = 0, start, start + 1, []
    while i < len(code):
        c = code[i]
        if c == '"':
            i = re.compile(STRING).match(code, i).end()
            continue
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth == 0:
                return out + [code[at:i]]
        elif c == "," and depth == 1:
            out.append(code[at:i])
            at = i + 1
        i += 1
    return out


def sentence(expression):
    """The sentence of an expression, with … for what is only known at run time."""
    parts = []
    for part in re.split(STRING, re.sub(r"\b(?:sentence|std::string)\(|std::", "", expression))[::2]:
        if "?" in part or ":" in part:
            parts.append(" / " if ":" in part else "")
        else:
            parts.append("…" if re.search(r"\w", part) else "")
    literals = re.findall(STRING, expression)
    out = parts[0]
    for literal, after in zip(literals, parts[1:]):
        out += literal + after
    out = out.replace('\\"', '"').replace("\\n", " ").replace("|", "\\|").strip()
    out = re.sub(r"…(?:[ :;,()]*…)+", "…", out)
    return re.sub(r" *\(…?$", "", out.strip(" :;/"))


@functools.cache
def reasons():
    """reason → (files, Vietnamese, English)"""
    found = {}

    def note(reason, name, vi, en):
        where, old_vi, old_en = found.setdefault(reason, (set(), "", ""))
        where.add(name)
        better = lambda old, new: new if len(re.findall(r"\w", new)) > len(re.findall(r"\w", old)) else old
        found[reason] = (where, better(old_vi, vi), better(old_en, en))

    for name in sources():
        if name.endswith(("_test.cc", "_fuzz.cc")) or "/testing/" in name:
            continue
        code = re.sub(r"^\s*//.*$", "", text(name), flags=re.M)
        for m in re.finditer(rf'Code::\w+,\s*"((?:{MODULES})\.[a-z0-9_]+)"', code):
            given = [sentence(argument) for argument in arguments("(" + code[m.end(1) + 1:], 0)[1:3]] + ["", ""]
            note(m[1], name, given[1], given[0])
        for m in re.finditer(rf'\{{"((?:{MODULES})\.\w+)",\s*kError,\s*((?:{STRING}\s*)+),\s*((?:{STRING}\s*)+),', code):
            note(m[1], name, joined(m[2]), joined(m[4]))
        if name.endswith("reasons.cc"):
            for m in re.finditer(rf'\{{"((?:{MODULES})\.\w+)",\s*((?:{STRING}\s*)+),\s*((?:{STRING}\s*)+)\}}', code):
                note(m[1], name, joined(m[2]), joined(m[4]))
    for reason, (vi, en) in MEANINGS.items():
        if reason in found:
            found[reason] = (found[reason][0], vi, en)
    return found


def reasons_page():
    out = ["# Reasons of errors", "",
           "Every error carries a reason that never changes between releases; programs may compare it. It is",
           "in brackets after a message of `truc`, in `reason` of an answer, in problem+json, and in the log.",
           "`…` stands for what is only known when it happens. Warnings of edXML files are in",
           "[formats/edxml.md](formats/edxml.md); the codes of the national protocol in",
           "[protocols/vxp.md](protocols/vxp.md).", "",
           "This page is written by `tools/tidy.py --write-reasons`.", "",
           "| Reason | Where | Tiếng Việt | English |", "|---|---|---|---|"]
    for reason, (where, vi, en) in sorted(reasons().items()):
        places = ", ".join(f"`{name[4:]}`" for name in sorted(where))
        out.append(f"| `{reason}` | {places} | {vi or '–'} | {en} |")
    return "\n".join(out) + "\n"


def check_reasons():
    if "docs/reasons.md" not in files() or text("docs/reasons.md") != reasons_page():
        yield "docs/reasons.md is not what the code says; run tools/tidy.py --write-reasons"
    for reason, (_, _, en) in sorted(reasons().items()):
        if not re.search(r"\w{2}", en):
            yield f"{reason} has no sentence of its own in the code: add one to MEANINGS in tools/tidy.py"


def check_reasons_complete():
    """Every text that looks like a reason is one, or is known to be something else."""
    settings = text("src/cli/site.cc") + text("src/agent/settings.cc")
    other = set(re.findall(r'"([a-z_]+\.[a-z_]+)",\s*Type::', settings))
    for name in sources():
        code = text(name)
        if name.endswith(("_test.cc", "_fuzz.cc")) or "/testing/" in name:
            continue
        code = re.sub(r"//.*$", "", code, flags=re.M)
        known = set(re.findall(r'Query(?:\s+k\w+)?\{\s*"([^"]+)"', code))
        known |= set(re.findall(r'(?:count_refused\(|string_view\()"([^"]+)"', code))
        known |= {x for m in re.finditer(r"log::\w+\(", code) for x in re.findall(STRING, arguments(code, m.end() - 1)[0])}
        if name.startswith("src/edxml/"):  # the warnings: docs/formats/edxml.md
            known |= set(re.findall(r'"(edxml\.[a-z_]+)"', code))
        for literal in re.findall(rf'"((?:{MODULES})\.[a-z0-9_]+)"', code):
            if literal not in known | other and literal not in reasons():
                yield f"{name}: {literal}: an error, a query, an event or a setting?"


def main():
    if sys.argv[1:] == ["--write-reasons"]:
        (ROOT / "docs/reasons.md").write_text(reasons_page(), encoding="utf-8")
        print(f"docs/reasons.md: {len(reasons())} reasons")
        return 0
    if sys.argv[1:]:
        print(__doc__, file=sys.stderr)
        return 2
    checks = Checks()
    checks.run("files are short enough", check_sizes)
    checks.run("names say something", check_names)
    checks.run("nothing is left to do", check_marks)
    checks.run("nothing outside is named", check_outside)
    checks.run("TRY stands alone", check_nested_try)
    checks.run("links lead somewhere", check_links)
    checks.run("the modules are the documented ones", check_modules)
    checks.run("settings", check_settings)
    checks.run("reasons", check_reasons)
    checks.run("no reason is missing", check_reasons_complete)
    checks.run("codes of the national protocol", check_vxp_codes)
    checks.run("calls of the national protocol", check_vxp_calls)
    checks.run("the journal's example", check_journal)
    checks.run("the tables of the records", check_tables)
    checks.run("metrics", check_metrics)
    checks.run("the law", check_law)
    checks.run("the operator's guide", check_console)
    checks.run("packages", check_packages)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
