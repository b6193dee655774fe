"""The outside validators. Each answers for a case: accepted or not, and its words; or None when it is not asked."""

import glob
import os
import re
import shutil
import subprocess
import tempfile
import zipfile

from pki import read

TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")  # id-ct-TSTInfo
DATA_BYTES_AT_HEAD = 100


def run(*words, cwd=None):
    """Exit code and what was printed."""
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, capture_output=True, timeout=120, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")


def last(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


class Openssl:
    """Certificates against all current revocation lists, at the present time."""

    name = "openssl"
    version = ("openssl", "version")

    def judge(self, case):
        if case.kind == "ocsp":
            return self.ocsp(case)
        if case.kind == "cms":
            return self.cms(case.world, case.path, case.content)
        if case.kind == "token":
            return self.token(case.world, case.path, case.content)
        if case.kind == "pdf":
            return self.pdf(case)
        return None

    def cms(self, world, path, content):
        code, said = run(
            "openssl",
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-in",
            path,
            "-CAfile",
            world.trusting,
            "-crl_check_all",
            "-out",
            os.devnull,
            *(["-content", content] if content else []),
        )
        return code == 0, last(said)

    def token(self, world, path, content):
        code, said = run(
            "openssl",
            "ts",
            "-verify",
            "-token_in",
            "-in",
            path,
            "-data",
            content,
            "-CAfile",
            world.trusting,
            "-crl_check_all",
        )
        return code == 0, last(said)

    def ocsp(self, case):
        """The answer about the signer's certificate, then the signature without asking for revocation."""
        certificate, issuer, answer = case.ocsp
        code, said = run(
            "openssl",
            "ocsp",
            "-respin",
            answer,
            "-issuer",
            issuer.certificate,
            "-cert",
            certificate.certificate,
            "-CAfile",
            case.world.anchor,
            "-verify_other",
            issuer.certificate,
            "-no_nonce",
        )
        good = code == 0 and "Response verify OK" in said and ": good" in said and "WARNING" not in said
        if not good:
            return False, said.replace("\n", " ")[:200]
        code, said = run(
            "openssl",
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-in",
            case.path,
            "-CAfile",
            case.world.anchor,
            "-content",
            case.content,
            "-out",
            os.devnull,
        )
        return code == 0, last(said)

    def pdf(self, case):
        """Each signature of the file by itself: the bytes that /ByteRange names, and the CMS in between."""
        data, words, seen = read(case.path), [], 0
        with tempfile.TemporaryDirectory() as place:
            for found in re.finditer(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", data):
                start, size, second, rest = map(int, found.groups())
                contents = re.match(rb"<([0-9A-Fa-f]*)>", data[start + size : second])
                if not contents:
                    return False, "no signature where /ByteRange says"
                seen += 1
                der = bytes.fromhex(contents[1].decode())
                signature, covered = os.path.join(place, "signature"), os.path.join(place, "covered")
                with open(signature, "wb") as file:
                    file.write(der[: whole(der)])
                with open(covered, "wb") as file:
                    file.write(data[start : start + size] + data[second : second + rest])
                check = self.token if TST_INFO in der[:DATA_BYTES_AT_HEAD] else self.cms
                good, said = check(case.world, signature, covered)
                if not good:
                    words.append(said)
        return seen > 0 and not words, "; ".join(words) if seen else "no signature"


def whole(der):
    """The length of the first element."""
    if len(der) < 2 or der[1] < 0x80:
        return 2 + der[1] if len(der) > 1 else 0
    count = der[1] & 0x7F
    return 2 + count + int.from_bytes(der[2 : 2 + count], "big")


class Xmlsec:
    name = "xmlsec1"
    version = ("xmlsec1", "--version")
    IDS = [
        word for element in ("letter", "subject", "Object", "SignedProperties") for word in ("--id-attr:Id", element)
    ]

    def judge(self, case):
        if case.kind == "xml":
            return self.verify(case.world, case.path, None)
        if case.kind == "container":
            return self.container(case)
        return None

    def verify(self, world, path, cwd):
        code, said = run("xmlsec1", "--verify", "--trusted-pem", world.anchor, *self.IDS, path, cwd=cwd)
        return code == 0, last(said)

    def container(self, case):
        """Unpacked, from within: references are names of files."""
        with tempfile.TemporaryDirectory() as place:
            with zipfile.ZipFile(case.path) as box:
                box.extractall(place)
            signatures = sorted(glob.glob(os.path.join(glob.escape(place), "META-INF/*signatures*.xml")))
            results = [self.verify(case.world, path, place) for path in signatures]
        return bool(results) and all(good for good, _ in results), "; ".join(said for good, said in results if not good)


class Pdfsig:
    """poppler, with the anchor in a database of NSS."""

    name = "pdfsig"
    version = ("pdfsig", "-v")

    def judge(self, case):
        if case.kind != "pdf":
            return None
        code, said = run("pdfsig", "-nssdir", "sql:" + self.database(case.world), case.path)
        blocks = said.split("Signature #")[1:]
        words = []
        for block in blocks:
            if "Signature Type: unknown" in block:
                continue  # a document timestamp, of which it knows nothing
            for line in block.splitlines():
                found = re.match(r"\s*- (Signature|Certificate) Validation: (.*)", line)
                if found and found[2] not in ("Signature is Valid.", "Certificate is Trusted."):
                    words.append(found[2])
            if "Signature is Valid." in block and "Certificate Validation" not in block:
                words.append("the certificate was not looked at")
        if not blocks:
            words.append(last(said))
        return not words, "; ".join(words)

    def database(self, world):
        place = os.path.join(world.directory, "nss")
        if not os.path.isdir(place):
            os.makedirs(place)
            for words in (["-N", "--empty-password"], ["-A", "-n", "root", "-t", "CT,C,C", "-i", world.anchor]):
                code, said = run("certutil", *words, "-d", "sql:" + place)
                if code != 0:
                    raise RuntimeError(f"certutil: {said}")
        return place


class Qpdf:
    """The file's structure, not its signatures."""

    name = "qpdf"
    version = ("qpdf", "--version")
    structure = True

    def judge(self, case):
        if case.kind != "pdf":
            return None
        code, said = run("qpdf", "--check", case.path)
        return code == 0, next((line for line in said.splitlines() if "WARNING" in line), last(said))


class Pyhanko:
    name = "pyhanko"

    def judge(self, case):
        import judged_by_pyhanko

        if case.kind not in ("pdf", "cms"):
            return None
        return judged_by_pyhanko.judge(case)


def version_of(validator):
    """Its version, or None when it is not here."""
    if validator.name == "pyhanko":
        try:
            from pyhanko.version import __version__

            return __version__
        except ImportError:
            return None
    if not shutil.which(validator.version[0]):
        return None
    found = re.search(r"[0-9]+(\.[0-9]+)+", run(*validator.version)[1])
    return found[0] if found else "?"
