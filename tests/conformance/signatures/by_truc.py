"""What Trúc makes: PDFs signed by `truc sign`, an office's forms, containers, and bundles of evidence; all with the
demonstration PKI or with keys of the corpus. What nobody altered must be accepted by everybody."""

import base64
import json
import os
import subprocess
import urllib.request
import zipfile

from pki import DAY, NOW, openssl, read, write
from trust_checks import Pki, plain_pdf
from truc_program import Place, until
from world import Case, altered


class Demonstration:
    """The demonstration PKI as validators want to know it; `directory`, `anchor`, `lists`, `trusting` as of World."""

    def __init__(self, place, pki):
        self.place, self.pki = place, pki
        self.directory = place.path
        self.anchor = place / pki.anchor
        self.lists, self.trusting = place / "lists.pem", place / "trusting.pem"

    def file(self, name, data):
        return write(self.place / name, data)

    def take_lists(self):
        """The current revocation lists, from where the certificates say."""
        texts = []
        for name in ("crl", "root-crl"):
            with urllib.request.urlopen(f"http://{self.pki.address}/pki/{name}", timeout=20) as answer:
                texts.append(openssl("crl", "-inform", "DER", data=answer.read()))
        write(self.lists, b"".join(texts))
        write(self.trusting, read(self.anchor) + b"".join(texts))

    def revoke(self, pem):
        """As its authority would, two hours ago; the PKI reads that when it starts."""
        serial = openssl("x509", "-in", self.place / pem, "-noout", "-serial").decode().strip().split("=")[1].lower()
        state = json.loads(self.place.read("pki/state.json"))
        state["revoked"].append({"serial": serial, "at": int((NOW - DAY / 12).timestamp()) * 1_000_000})
        self.place.write("pki/state.json", json.dumps(state))
        self.pki.__exit__()
        self.pki.start()


def make(program, *words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, timeout=120)
    if done.returncode != 0:
        raise RuntimeError(f"make_documents {words}: {done.stderr.decode()}")


def rewritten(path, change):
    """The same container with other files: `change` gets and gives a dictionary."""
    with zipfile.ZipFile(path) as box:
        files = change({name: box.read(name) for name in box.namelist()})
    out = path.replace(".asice", "-rewritten.asice")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as box:
        for name, data in files.items():
            box.writestr(name, data)
    return read(out)


class Maker:
    def __init__(self, demo, world, documents):
        self.demo, self.world, self.documents, self.place = demo, world, documents, demo.place

    def case(self, name, kind, data=None, ours=True, world=None, content=None, **more):
        ending = {"pdf": "pdf", "container": "asice", "cms": "p7s", "token": "tst"}[kind]
        path = self.place / f"truc-{name}.{ending}"
        if data is not None:
            write(path, data)
        return Case(f"truc-{name}", "truc", kind, path, content, world or self.demo, ours=ours, **more)

    def sign(self, name, key, *words, pdf="plain.pdf"):
        self.place.run("sign", pdf, "-o", f"truc-{name}.pdf", "--key", key, *words)
        return f"truc-{name}.pdf"

    def pdfs(self):
        demo_tsa = ["--tsa", self.demo.pki.tsa]
        for level in ("b", "t", "lt", "lta"):
            self.sign(level, "an.pem", "--level", level, *demo_tsa)
            yield self.case(level, "pdf")
        self.sign("shown", "an.pem", "--show")
        yield self.case("shown", "pdf")
        self.sign("sealed", "seal.pem", "--field", "Signature2", "--level", "lta", *demo_tsa, pdf="truc-t.pdf")
        yield self.case("sealed", "pdf")
        self.sign("three", "an.pem", "--field", "Signature3", "--level", "lta", *demo_tsa, pdf="truc-sealed.pdf")
        yield self.case("three", "pdf")
        for kind in ("rsa2048", "rsa3072", "p256", "p384"):
            self.sign(f"by-{kind}", self.world.by_kind[kind].pem, "--level", "lta", "--tsa", self.world.tsa_url)
            yield self.case(f"by-{kind}", "pdf", world=self.world)
        for name in ("expired", "revoked", "untrusted", "no_usage"):
            made = f"by-{name}".replace("_", "-")
            self.sign(made, getattr(self.world, name).pem)
            yield self.case(made, "pdf", ours=False, world=self.world)
        self.sign("revoked-since", "gone.pem", "--level", "t", *demo_tsa)
        yield self.case("revoked-since", "pdf", ours=False)
        one = self.place.read("truc-lta.pdf")
        yield self.case("altered", "pdf", altered(one, one.index(b"1 w"), ord("2")), ours=False)
        yield self.case("without-its-end", "pdf", one[:-300], ours=False)
        yield self.case("appended", "pdf", one + plain_pdf(), ours=False)

    def office(self):
        make(
            self.documents, "office", self.place.path, self.place / "an.pem", self.place / "seal.pem", self.demo.pki.tsa
        )
        for base in ("plain", "certified", "streams", "linearized", "hybrid"):
            for step in ("leader", "sealed", "record"):
                name = f"office-{base}-{step}"
                os.rename(self.place / f"{base}-{step}.pdf", self.place / f"truc-{name}.pdf")
                yield self.case(name, "pdf")
        record = self.place.read("truc-office-plain-record.pdf")
        at = record.index(b"UBND TINH A")
        yield self.case("office-altered", "pdf", altered(record, at), ours=False)

    def containers(self):
        text, second = self.world.content, self.place.write("phụ lục.txt", "Phụ lục\n")
        whole = {"demonstration": (self.place / "an.pem", self.demo.pki.tsa, self.demo)}
        for kind in ("rsa2048", "rsa3072", "p256", "p384"):
            whole[kind] = (self.world.by_kind[kind].pem, self.world.tsa_url if kind == "p256" else "-", self.world)
        for name, (key, tsa, world) in whole.items():
            make(self.documents, "container", self.place / f"truc-container-{name}.asice", key, tsa, text, second)
            yield self.case(f"container-{name}", "container", world=world)
        path = self.place / "truc-container-rsa2048.asice"
        changes = {
            "altered": lambda files: dict(files, **{"content.txt": altered(files["content.txt"], 5)}),
            "missing-file": lambda files: {name: data for name, data in files.items() if name != "content.txt"},
            "extra-file": lambda files: dict(files, **{"them.txt": b"not signed\n"}),
            "altered-signature": lambda files: dict(files, **{"META-INF/signatures001.xml": self.other_time(files)}),
        }
        for name, change in changes.items():
            yield self.case(f"container-{name}", "container", rewritten(path, change), ours=False, world=self.world)

    def other_time(self, files):
        xml = files["META-INF/signatures001.xml"]
        return altered(xml, xml.index(b"SigningTime>") + 15)

    def bundle(self):
        """What `truc evidence export` gives of a document, and what stands within."""
        place = self.place
        site = place.site()
        place.write(
            f"{site}/truc.toml",
            f'[evidence]\nkey = "exchange.pem"\ntimestamps = "{self.demo.pki.tsa}"\nname = "thu.truc"\n',
        )
        server = place.serve(site)
        sent = server.send(place.document("a.edxml", "1", to=["G99", "H98.01"]))["DocId"]
        place.run("fetch", *server.as_receiver(), server.inbox()[0]["docId"], "-o", "b.edxml")
        until(lambda: "4" in server.get("/log/checkpoint")[1].split())

        def exported():
            if os.path.exists(place / "truc-bundle.asice"):
                os.remove(place / "truc-bundle.asice")
            place.run("evidence", "export", "-C", site, sent, "-o", "truc-bundle.asice")
            with zipfile.ZipFile(place / "truc-bundle.asice") as box:
                self.proofs = [json.loads(box.read(name)) for name in box.namelist() if name.startswith("evidence/")]
            return all("timestamp" in proof for proof in self.proofs)

        until(exported)
        server.end()
        key = place.run("log", "key", "-C", site).out.strip()
        yield self.case("bundle", "container", log_key=key)
        for number, proof in enumerate(self.proofs, 1):
            signature = base64.b64decode(proof["signature"])
            note = place.write(f"note-{number}.txt", proof["note"].encode())
            yield self.case(f"evidence-{number}", "cms", signature, content=note)
            yield self.case(
                f"evidence-{number}-timestamp",
                "token",
                base64.b64decode(proof["timestamp"]),
                content=place / f"truc-evidence-{number}.p7s",
            )
        other = place.write("other-note.txt", self.proofs[0]["note"].replace("/v1", "/v2").encode())
        yield self.case(
            "evidence-altered", "cms", base64.b64decode(self.proofs[0]["signature"]), ours=False, content=other
        )


def cases(world, truc, documents):
    """Also gives the demonstration PKI, which must run as long as files are judged."""
    place = Place(truc)
    pki = Pki(place)
    demo = Demonstration(place, pki)
    try:
        place.write("plain.pdf", plain_pdf())
        pki.issue("Nguyễn Văn An", "an.pem", "Sở Giả định")
        pki.issue("Sở Giả định", "seal.pem")
        pki.issue("Trần Thị Cũ", "gone.pem", "Sở Giả định")
        pki.issue("Trục Thử", "exchange.pem")
        maker = Maker(demo, world, documents)
        made = [case for kind in (maker.pdfs, maker.office, maker.containers, maker.bundle) for case in kind()]
        demo.revoke("gone.pem")
        demo.take_lists()
    except BaseException:
        pki.__exit__()
        raise
    return made, demo
