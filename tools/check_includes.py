"""Fails when a module includes a module that its CMakeLists.txt does not list in DEPENDS, or when a
file includes a foreign header that is fenced to other files.

usage: check_includes.py SRC MODULE "DEPENDS;…" FILE…"""
import pathlib
import re
import sys

FENCES = {  # Foreign headers, and the only files that may see them ("x/*": the .cc files of a folder).
    r"sqlite3\.h": {"store/sqlite.cc", "store/testing/faulty_vfs.cc"},
    r"libpq-fe\.h": {"store/postgres.cc"},
    r"expat\.h": {"edxml/reader.cc"},
    r"zlib\.h": {"base/hash.cc", "edxml/zip.cc", "http/compression.cc", "http/compression_test.cc",
                 "trust/asice/zip.cc", "trust/asice/zip_test.cc", "trust/pdf/inflate.cc",
                 "trust/pdf/inflate_test.cc"},
    r"openssl/": {"base/hash.cc", "http/tls.cc", "trust/*", "identity/sign_in/signature.cc",
                  "identity/sign_in/testing/authenticator.cc", "identity/sign_in/testing/token_signer.cc"},
    r"sodium\.h": {"identity/sign_in/password_hash.cc"},
    r"fido": {"identity/sign_in/passkey_check.cc"},
    r"libxml/|xmlsec/": {"trust/xml/*"},
    r"qpdf/": {"page/finish.cc", "trust/pdf/*", "trust/signing/*", "trust/signing/pdf_file.h", "trust/signing/pdf_text.h",
                "trust/signing/pdf_form.h", "trust/signing/pdf_gap.h"},
    r"pango/|cairo|fontconfig/": {"page/layout.cc"},
    r"hb": {"trust/signing/font.cc"},
    r"png\.h": {"trust/signing/image.cc", "trust/signing/testing/sample.cc"},
    r"p11-kit/": {"trust/signing/token_module.h", "trust/signing/token_module.cc", "trust/signing/token_key.cc"},
    r"boost/beast": {"http/head.cc"},
    r"boost/asio": {"http/server.cc", "http/loop.h", "http/loop.cc", "http/connection.cc"},
    r"boost/json": {"base/json.cc"},
    r"CLI/": {"cli/command_line.h", "cli/main.cc"},
}
BANNED = {r"regex$": "it costs 3 to 6 seconds a file", r"iostream$": "use base/log.h or cli/terminal.h"}


def owns(name, owners) -> bool:
    inside = any(o.endswith("/*") and name.startswith(o[:-1]) and name.endswith(".cc") for o in owners)
    return inside or name in owners


def main() -> int:
    src, module, depends, *files = sys.argv[1:]
    root = pathlib.Path(src)
    allowed = {module, *filter(None, depends.split(";"))}
    modules = {p.parent.name for p in root.glob("*/CMakeLists.txt")}
    failures = 0

    def fail(path, line, message):
        nonlocal failures
        failures += 1
        print(f"{path}:{line}: error: {message}; see src/README.md", file=sys.stderr)

    for path in map(pathlib.Path, files):
        name = str(path.relative_to(root))
        for number, line in enumerate(path.open(encoding="utf-8"), 1):
            if m := re.match(r'\s*#include "(\w+)/', line):
                if m[1] in modules - allowed:
                    fail(path, number, f"{module} may not include {m[1]} (it may include: {', '.join(sorted(allowed))})")
            elif m := re.match(r"\s*#include <([^>]+)>", line):
                for pattern, owners in FENCES.items():
                    if re.match(pattern, m[1]) and not owns(name, owners):
                        fail(path, number, f"<{m[1]}> is fenced to {', '.join(sorted(owners))}")
                for pattern, reason in BANNED.items():
                    if re.match(pattern, m[1]) and not name.endswith("_test.cc"):
                        fail(path, number, f"<{m[1]}> is banned: {reason}")
    return failures > 0


sys.exit(main())
