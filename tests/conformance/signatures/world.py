"""Who signs, and who vouches: the authorities and signers of the corpus, and what a case of it is."""

import dataclasses
import os

from pki import DAY, NOW, RESPONDER, SIGNER, STAMPER, AUTHORITY, Credential, Pki, openssl, read, write


@dataclasses.dataclass
class Case:
    """A file to be judged. `kind`: pdf, cms, token, xml, container, ocsp."""

    name: str
    maker: str  # openssl, xmlsec1, pyhanko, truc: who signed it
    kind: str
    path: str
    content: str = None  # what a detached signature or a token covers
    world: object = None
    ocsp: tuple = None  # certificate, issuer, answer
    # Made by Trúc and altered by nobody: everybody must accept it.
    ours: bool = False
    # Validators that cannot be asked, each with the reason.
    skip: dict = dataclasses.field(default_factory=dict)
    log_key: str = None  # of the log that a bundle's evidences are in


class World:
    """`anchor` (PEM) is what everybody trusts; `lists` are all current revocation lists, PEM."""

    def __init__(self, directory):
        self.directory = directory
        self.pki = pki = Pki(os.path.join(directory, "pki"))
        self.root = pki.authority("root", kind="rsa3072")
        self.issuing = pki.authority("issuing", self.root, start=NOW - 4000 * DAY, end=NOW + 4000 * DAY)
        stranger = pki.authority("stranger")
        self.strangers_issuing = pki.authority("strangers-issuing", stranger)
        last = pki.authority(
            "last", self.root, extensions=dict(AUTHORITY, basicConstraints="critical,CA:TRUE,pathlen:0")
        )
        beyond = pki.authority("beyond", last)
        narrow = pki.authority("narrow", self.root, nameConstraints="critical,permitted;dirName:other_names")
        pretender = pki.authority("pretender", self.issuing, extensions=SIGNER)
        self.fallen = pki.authority("fallen", self.root)
        issue, ca = pki.issue, self.issuing
        self.by_kind = {
            kind: issue(f"signer-{kind}", ca, kind) for kind in ("rsa2048", "rsa3072", "p256", "p384", "rsa1024")
        }
        self.signer = self.by_kind["rsa2048"]
        self.seal = issue("seal", ca, key=pki.key("rsa2048", "seal"))
        self.expired = issue("expired", ca, start=NOW - 400 * DAY, end=NOW - 2 * DAY)
        self.early = issue("early", ca, start=NOW + 20 * DAY)
        self.revoked = issue("revoked", ca)
        self.revoked_later = issue("revoked-later", ca, start=NOW - 100 * DAY)
        self.no_usage = issue("no-usage", ca, keyUsage="critical,keyEncipherment")
        self.untrusted = issue("untrusted", self.strangers_issuing)
        self.too_deep = issue("too-deep", beyond)
        self.outside_names = issue("outside-names", narrow)
        self.by_pretender = issue("by-pretender", pretender)
        self.of_fallen = issue("of-fallen", self.fallen)
        self.alone = self.self_signed()
        self.tsas = {}
        for name, how in {
            "tsa": {},
            "tsa-expired": {"start": NOW - 400 * DAY, "end": NOW - 2 * DAY},
            "tsa-revoked": {},
            "tsa-lax": {"extendedKeyUsage": "timeStamping"},
            "tsa-long": {"start": NOW - 400 * DAY},
        }.items():
            self.tsas[name] = issue(name, ca, key=pki.key("rsa2048", "tsa"), **{"extensions": STAMPER, **how})
        self.tsas["tsa-untrusted"] = issue(
            "tsa-untrusted", self.strangers_issuing, key=pki.key("rsa2048", "tsa"), extensions=STAMPER
        )
        self.responder = issue("responder", ca, extensions=RESPONDER, start=NOW - 100 * DAY)
        self.no_responder = issue("no-responder", ca)
        self.strange_responder = issue("strange-responder", self.strangers_issuing, extensions=RESPONDER)
        pki.revoke(self.revoked, NOW - DAY / 2)
        pki.revoke(self.revoked_later, NOW - 10 * DAY)
        pki.revoke(self.tsas["tsa-revoked"], NOW - DAY / 2)
        pki.revoke(self.fallen, NOW - DAY / 2)
        self.anchor = self.root.certificate
        self.authorities = [
            self.root,
            self.issuing,
            stranger,
            self.strangers_issuing,
            last,
            beyond,
            narrow,
            pretender,
            self.fallen,
        ]
        self.lists = write(pki / "lists.pem", b"".join(read(pki / f"{one.name}.crl") for one in self.authorities))
        self.trusting = write(pki / "trusting.pem", read(self.anchor) + read(self.lists))
        self.content = self.file("content.txt", "Kính gửi: UBND tỉnh B\n".encode() * 40)
        self.other_content = self.file("other.txt", b"something else\n")
        self.tsa_url = pki.url + "/tsa/tsa"

    def __truediv__(self, name):
        return os.path.join(self.directory, name)

    def file(self, name, data):
        return write(self / name, data)

    def self_signed(self):
        made = Credential(self.pki, "alone", self.pki.key("rsa2048"))
        openssl(
            "req",
            "-x509",
            "-new",
            "-key",
            made.key,
            "-subj",
            "/C=VN/CN=alone",
            "-days",
            "700",
            "-out",
            made.certificate,
            "-config",
            self.pki / "root.cnf",
            "-addext",
            "keyUsage=critical,digitalSignature,nonRepudiation",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        )
        return made.finish()

    def token(self, content, tsa="tsa", digest="sha256"):
        """A TimeStampToken over the bytes, DER."""
        at = self.file("stamped.bin", content)
        query = openssl("ts", "-query", "-data", at, f"-{digest}", "-cert")
        answer = self.file("answer.tsr", self.pki.stamp(query, tsa))
        return openssl("ts", "-reply", "-in", answer, "-token_out")

    def close(self):
        self.pki.close()


def altered(data, at, to=None):
    """With one byte changed."""
    out = bytearray(data)
    out[at] = out[at] ^ 1 if to is None else to
    return bytes(out)
