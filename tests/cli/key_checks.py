"""Keys and certificates of a site: made, requested, changed over, and watched as they expire."""
import base64
import json
import os
import sqlite3
import stat
import subprocess
import zipfile

from truc_program import expect, expect_in, until
from trust_checks import Pki, plain_pdf


def certified(place, pki, name, days=None, key_type="ec-p256", *more):
    """A key of the site with a certificate."""
    place.run("key", "create", name, "-C", "site", "--type", key_type, *more)
    certify(place, name, days)


def certify(place, name, days=None):
    place.run("certificate", "request", name, "-C", "site", "--subject", "CN=Trục Thử,O=Trục Thử", "-o", f"{name}.csr")
    validity = ["--days", days] if days else []
    place.run("demo", "issue", "pki", "--request", f"{name}.csr", "-o", f"{name}.pem", *validity)
    place.run("certificate", "import", name, f"{name}.pem", "-C", "site")


def states(place):
    return {one["key"]: one["state"] for one in place.json("certificate", "list", "-C", "site")}


def checks(place, code=0):
    return place.json("doctor", "-C", "site", code=code)["checks"]


def signer_of(place, pki, proof):
    """The certificate (SHA-256) that an evidence names, once another program has verified its batch with it."""
    place.write("note", proof["note"].encode())
    place.write("signature", base64.b64decode(proof["signature"]))
    done = subprocess.run(["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "note",
                           "-CAfile", pki.anchor, "-purpose", "any", "-signer", "signer.pem", "-out", "out"],
                          cwd=place.path, capture_output=True)
    assert done.returncode == 0, done.stderr
    named = json.loads(proof["evidence"])["exchange"]["certificate"]
    expect(place.json("certificate", "show", "signer.pem")[0]["sha256"], named)
    return named


def check_a_key_is_made_and_not_overwritten(place):
    place.site()
    said = place.run("key", "create", "seal", "-C", "site", "--type", "ec-p256", "--lang", "en").out
    expect_in("truc certificate request seal", said)
    expect(stat.S_IMODE(os.stat(place / "site/keys/seal.key").st_mode), 0o600)
    expect_in(b"ENCRYPTED", place.read("site/keys/seal.key"))
    before = place.read("site/keys/seal.key")
    expect_in("[trust.key_exists]", place.run("key", "create", "seal", "-C", "site", code=1).err)
    expect(place.read("site/keys/seal.key"), before)
    expect_in("rsa-3072", place.run("key", "create", "x", "-C", "site", "--type", "dsa", code=1).err)
    expect_in("[trust.key_name_malformed]", place.run("key", "create", "A.b", "-C", "site", code=1).err)
    expect_in("[cli.no_site]", place.run("key", "create", "x", "-C", "nowhere", code=1).err)
    expect([(one["name"], one["kind"], one["type"]) for one in place.json("key", "list", "-C", "site")],
           [("seal", "file", "ec-p256")])
    expect_in("CN=", place.run("certificate", "request", "seal", "-C", "site", "--subject", "O=A", "-o", "a.csr", code=1).err)
    place.run("certificate", "request", "seal", "-C", "site", "--subject", "CN=A", "-o", "a.csr")
    place.run("certificate", "request", "seal", "-C", "site", "--subject", "CN=A", "-o", "a.csr", code=1)  # is there
    expect_in("[trust.no_certificate]", place.run("key", "use", "seal", "-C", "site", code=1).err)


def check_certificates_are_imported_and_shown(place):
    place.site()
    with Pki(place) as pki:
        certified(place, pki, "seal")
        pki.issue("Cơ quan khác", "other.pem")
        wrong = place.run("certificate", "import", "seal", "other.pem", "-C", "site", "--lang", "en", code=1).err
        expect_in("Cơ quan khác", wrong)
        expect_in("[trust.certificate_of_another_key]", wrong)
        expect_in("[trust.certificate_known]", place.run("certificate", "import", "seal", "seal.pem", "-C", "site", code=1).err)
        expect(states(place), {"seal": "prepared"})
        shown = place.json("certificate", "show", "seal.pem")
        expect(len(shown), 3)
        expect_in("CN=Trục Thử", shown[0]["subject"])
        expect(shown[1]["usage"], "an authority's")
        expect_in("Trục Thử", place.run("certificate", "show", "seal.pem").out)
        # What other software made comes in by import; sign takes either name of it.
        place.run("key", "import", "other", "other.pem", "-C", "site")
        place.write("plain.pdf", plain_pdf())
        for number, name in enumerate((["--key", "other", "-C", "site"], ["--key", "other.pem"])):
            place.run("sign", "plain.pdf", "-o", f"{number}.pdf", *name)
            expect(place.json("verify", f"{number}.pdf", "--anchor", pki.anchor, "--online")["verdict"], "valid")
        expect_in("-C", place.run("sign", "plain.pdf", "-o", "x.pdf", "--key", "other", code=1).err)


def check_evidences_before_and_after_a_change_of_keys_verify(place):
    place.site()
    with Pki(place) as pki:
        pki.issue("Trục Thử", "first.pem")
        certified(place, pki, "second")
        certified(place, pki, "third", None, "rsa-3072")
        place.write("site/truc.toml", f'[evidence]\nkey = "first.pem"\ntimestamps = "{pki.tsa}"\n')
        server = place.serve()
        sent = []

        def changed(name):
            return lambda: server.messages().count(f'"key":"{name}"') > 0

        for number, key in enumerate((None, "second", "third")):
            if key:
                place.run("key", "use", key, "-C", "site", "--for", "evidence")
                until(changed(key))
            sent.append(server.send(place.document(f"{number}.edxml", str(number)))["DocId"])
        expect(states(place), {"second": "past", "third": "current"})
        until(lambda: "6" in server.get("/log/checkpoint")[1].split())
        signers = set()
        for number, document in enumerate(sent):
            bundle = f"{number}.asice"
            place.run("evidence", "export", "-C", "site", document, "-o", bundle)
            judged = place.json("verify", bundle, "--anchor", pki.anchor, "--online", "-C", "site")
            expect(judged["verdict"], "valid")
            with zipfile.ZipFile(place / bundle) as archive:
                proof = json.loads(archive.read("evidence/0001-SubmissionAcceptance.json"))
            signers.add(signer_of(place, pki, proof))
        expect(len(signers), 3)
        expect_in("[trust.key_in_use]", place.run("key", "remove", "third", "-C", "site", code=1).err)
        place.run("key", "remove", "second", "-C", "site")
        assert not os.path.exists(place / "site/keys/second.key")
        expect(states(place)["second"], "past")
        # A certificate renewed for the same key, and a time that is stated.
        text = place.run("key", "use", "third", "-C", "site", "--from", "2020-01-01 08:00:00", code=1).err
        expect_in("[trust.key_use_past]", text)
        expect_in("[cli.bad_time]", place.run("key", "use", "third", "-C", "site", "--from", "mai", code=1).err)
        certified(place, pki, "fourth")
        place.run("key", "use", "fourth", "-C", "site", "--from", "2027-03-01T01:00:00Z")
        expect(states(place), {"second": "past", "third": "current", "fourth": "next"})
        figures = server.get("/metrics")[1]
        for use in ("evidence", "timestamp"):
            expect_in(f'truc_certificate_expires_seconds{{use="{use}",name="', figures)
        server.end()


def check_doctor_warns_before_certificates_expire(place):
    place.site()
    with Pki(place) as pki:
        place.write("site/anchors/a.demonstration.pem", place.read(pki.anchor))
        certified(place, pki, "long")
        place.run("key", "use", "long", "-C", "site")
        place.run("evidence", "list", "-C", "site", "x", code=1)  # migrates
        for name, days, word in (("ahead", 60, "ask for a new one"), ("soon", 20, "replace it soon"),
                                 ("urgent", 5, "replace it now")):
            certified(place, pki, name, days)
            place.run("key", "use", name, "-C", "site")
            told = [one for one in checks(place) if one.get("warning") and "backup" not in one["en"]]
            expect(len(told), 1)
            expect_in(word, told[0]["en"])
            expect_in(name, told[0]["vi"])
        assert any("anchor" in one["en"] for one in checks(place))
        expect_in("! ", place.run("doctor", "-C", "site").out)
        os.rename(place / "site/keys/long.key", place / "long.key")
        assert any("long" in one["en"] and not one["ok"] for one in checks(place, code=1))


def check_doctor_fails_when_a_certificate_has_expired(place):
    place.site()
    expect(place.json("doctor", "-C", "site")["ok"], True)
    place.write("ca.cnf", "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\nserial=serial\n"
                          "default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n")
    place.write("index.txt", "")
    place.write("serial", "01\n")
    for command in (["req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "t.key", "-out", "t.csr", "-subj", "/CN=tls"],
                    ["ca", "-batch", "-config", "ca.cnf", "-selfsign", "-keyfile", "t.key", "-in", "t.csr", "-out", "t.pem",
                     "-notext", "-startdate", "20240101000000Z", "-enddate", "20250101000000Z"]):
        subprocess.run(["openssl", *command], cwd=place.path, check=True, capture_output=True)
    place.write("site/truc.toml", f'[server]\ncertificate = "{place / "t.pem"}"\nkey = "{place / "t.key"}"\n')
    told = [one["en"] for one in checks(place, code=1) if not one["ok"]]
    expect(len(told), 1)
    expect_in("EXPIRED on 2025-01-01", told[0])
    expect_in("TLS", told[0])
    expect_in("ĐÃ HẾT HẠN", place.run("doctor", "-C", "site", code=1).out)
    # An anchor is judged by after its time: a warning only.
    place.write("site/truc.toml", "")
    place.write("site/anchors/old.pem", place.read("t.pem"))
    told = [one["en"] for one in checks(place) if one.get("warning")]
    expect_in("still judged", told[0])


def unsigned(place):
    with sqlite3.connect(f"file:{place / 'site/truc.db'}?mode=ro", uri=True) as records:
        return records.execute("select count(*) from evidence_batch where signature is null or stamp is null").fetchone()[0]


def check_a_key_in_a_token_signs_while_the_token_comes_and_goes(place):
    module = "/usr/lib/softhsm/libsofthsm2.so"
    assert os.path.exists(module), "softhsm2 is not installed"
    os.makedirs(place / "tokens")
    place.write("softhsm2.conf", f"directories.tokendir = {place / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = place / "softhsm2.conf"
    try:
        subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "truc", "--so-pin", "12345678", "--pin", "8765"],
                       check=True, capture_output=True)
        place.write("pin", "8765\n")
        place.site()
        uri = f"pkcs11:token=truc;object=seal?module-path={module}&pin-source=file:{place / 'pin'}"
        with Pki(place) as pki:
            certified(place, pki, "seal", None, "ec-p256", "--token", uri)
            expect([one["kind"] for one in place.json("key", "list", "-C", "site")], ["token"])
            assert not os.path.exists(place / "site/keys/seal.key")
            place.run("key", "use", "seal", "-C", "site")
            place.write("site/truc.toml", f'[evidence]\ntimestamps = "{pki.tsa}"\n')
            os.rename(place / "tokens", place / "away")
            server = place.serve()  # starts without its token
            sent = server.send(place.document("a.edxml"))["DocId"]
            until(lambda: "trust.evidence_delayed" in server.messages())
            assert unsigned(place) > 0
            os.rename(place / "away", place / "tokens")

            until(lambda: unsigned(place) == 0)
            place.run("evidence", "export", "-C", "site", sent, "-o", "a.asice")
            judged = place.run("verify", "a.asice", "--anchor", pki.anchor, "--online", "--lang", "en", "-C", "site").out
            expect_in("Verdict: valid", judged)
            server.end()
    finally:
        del os.environ["SOFTHSM2_CONF"]
