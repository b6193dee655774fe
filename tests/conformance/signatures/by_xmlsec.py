"""XML-DSig made by the program xmlsec1, in documents and in containers."""

import subprocess
import zipfile

from pki import read
from world import Case, altered

DSIG = "http://www.w3.org/2000/09/xmldsig#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
INCLUSIVE_11 = "http://www.w3.org/2006/12/xml-c14n11"
METHODS = {
    "rsa-sha1": DSIG + "rsa-sha1",
    "rsa-sha256": MORE + "rsa-sha256",
    "rsa-sha384": MORE + "rsa-sha384",
    "rsa-sha512": MORE + "rsa-sha512",
    "ecdsa-sha256": MORE + "ecdsa-sha256",
    "ecdsa-sha384": MORE + "ecdsa-sha384",
}
DIGESTS = {
    "sha1": DSIG + "sha1",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha384": MORE + "sha384",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
}
ENVELOPED = f'<Transform Algorithm="{DSIG}enveloped-signature"/>'
CERTIFICATES = "<KeyInfo><X509Data><X509Certificate/></X509Data></KeyInfo>"
KEY_ONLY = "<KeyInfo><KeyValue/></KeyInfo>"
LETTER = (
    '<letter xmlns="urn:x-letter" Id="all"><subject Id="part">V/v phối hợp</subject><body>Nội dung</body>%s</letter>'
)


def reference(uri, digest="sha256", transforms=""):
    inside = f"<Transforms>{transforms}</Transforms>" if transforms else ""
    return f'<Reference URI="{uri}">{inside}<DigestMethod Algorithm="{DIGESTS[digest]}"/><DigestValue/></Reference>'


def around(references, method="rsa-sha256", c14n=EXCLUSIVE, key=CERTIFICATES, more=""):
    """A signature that xmlsec1 is to fill in."""
    return (
        f'<Signature xmlns="{DSIG}"><SignedInfo><CanonicalizationMethod Algorithm="{c14n}"/>'
        f'<SignatureMethod Algorithm="{METHODS[method]}"/>{references}</SignedInfo><SignatureValue/>{key}{more}</Signature>'
    )


def template(uris=("",), digest="sha256", transforms=ENVELOPED, c14n=EXCLUSIVE, **more):
    whole = f'{transforms}<Transform Algorithm="{c14n}"/>'
    return around("".join(reference(uri, digest, whole) for uri in uris), c14n=c14n, **more)


def sign(world, name, signer, text, where=None):
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + text
    source, path = world.file(f"{name}.template.xml", text.encode()), world / f"{name}.xml"
    chain = [signer.key, signer.certificate] + ([signer.issuer.certificate] if signer.issuer else [])
    done = subprocess.run(
        [
            "xmlsec1",
            "--sign",
            "--privkey-pem",
            ",".join(chain),
            "--id-attr:Id",
            "letter",
            "--id-attr:Id",
            "subject",
            "--id-attr:Id",
            "Object",
            "--output",
            path,
            source,
        ],
        cwd=where or world.directory,
        capture_output=True,
        timeout=60,
    )
    if done.returncode != 0:
        raise RuntimeError(f"xmlsec1 --sign {name}: {done.stderr.decode()}")
    return path


# How somebody hides the signed element and shows another.
def wrapped(data):
    text = data.decode()
    begin = text.index("<letter")
    return (
        text[:begin]
        + '<letter xmlns="urn:x-letter" Id="other"><body>Forged</body><wrap>'
        + text[begin:]
        + "</wrap></letter>"
    ).encode()


def other_letter(data, at):
    """Another letter of base64 in that place."""
    return altered(data, at, ord("y") if data[at] == ord("x") else ord("x"))


def cases(world):
    kinds, signer = world.by_kind, world.signer

    def case(name, by=signer, text=None, change=None, **how):
        path = sign(world, f"xmlsec1-{name}", by, text or LETTER % template(**how))
        if change:
            world.file(f"xmlsec1-{name}.xml", change(read(path)))
        return Case(f"xmlsec1-{name}", "xmlsec1", "xml", path, None, world)

    def swap(old, new):
        def change(data):
            assert old.encode() in data, old
            return data.replace(old.encode(), new.encode(), 1)

        return change

    yield case("enveloped-rsa2048-sha256")
    yield case("enveloped-rsa3072-sha384", kinds["rsa3072"], method="rsa-sha384", digest="sha384")
    yield case("enveloped-rsa2048-sha512", method="rsa-sha512", digest="sha512")
    yield case("enveloped-p256-sha256", kinds["p256"], method="ecdsa-sha256")
    yield case("enveloped-p384-sha384", kinds["p384"], method="ecdsa-sha384", digest="sha384")
    yield case("inclusive-c14n", c14n=INCLUSIVE)
    yield case("inclusive-c14n-1.1", c14n=INCLUSIVE_11)
    yield case("by-id", uris=("#all",))
    yield case("enveloping", text=template(("#it",), transforms="", more=f'<Object Id="it">{LETTER % ""}</Object>'))
    yield case("part-and-whole", uris=("", "#part"))
    yield case("sha1", method="rsa-sha1", digest="sha1")
    yield case("rsa1024", kinds["rsa1024"])
    yield case("altered-content", change=swap("Nội dung", "Nội dunq"))
    yield case("altered-digest", change=lambda data: other_letter(data, data.index(b"<DigestValue>") + 15))
    yield case("altered-value", change=lambda data: other_letter(data, data.index(b"<SignatureValue>") + 25))
    yield case("appended-inside", change=swap("</letter>", "<body>Thêm</body></letter>"))
    yield case("comment-behind", change=lambda data: data + "<!-- ghi chú -->\n".encode())
    yield case("part-only", uris=("#part",), transforms="")
    yield case("wrapped", uris=("#all",), change=wrapped)
    yield case(
        "two-elements-of-one-id",
        uris=("#part",),
        transforms="",
        change=swap("<body>", '<subject Id="part">Giả</subject><body>'),
    )
    yield case(
        "xpath",
        transforms=f'{ENVELOPED}<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116">'
        '<XPath>not(ancestor-or-self::*[local-name()="body"])</XPath></Transform>',
    )
    yield case("doctype", text='<!DOCTYPE letter [<!ENTITY x "y">]>' + LETTER % template())
    yield case("key-without-certificate", key=KEY_ONLY)
    yield case("expired", world.expired)
    yield case("not-yet-valid", world.early)
    yield case("revoked", world.revoked)
    yield case("untrusted", world.untrusted)
    yield case("self-signed", world.alone)
    yield case("wrong-key-usage", world.no_usage)
    yield from container_cases(world)


def contain(world, name, files, signature):
    """An ASiC-E container around a signature that is there already."""
    path = world / f"{name}.asice"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as out:
        out.writestr("mimetype", "application/vnd.etsi.asic-e+zip")
        for file, data in files.items():
            out.writestr(file, data)
        out.writestr("META-INF/signatures.xml", signature)
    return path


def container_cases(world):
    """Detached signatures by URI."""
    text = read(world.content)
    world.file("second.txt", b"the second\n")
    files = {"content.txt": text, "second.txt": b"the second\n"}

    def signature(name, by):
        body = around("".join(reference(file) for file in files))
        whole = f'<asic:XAdESSignatures xmlns:asic="http://uri.etsi.org/02918/v1.2.1#">{body}</asic:XAdESSignatures>'
        return read(sign(world, f"xmlsec1-{name}", by, whole))

    def case(name, by, **changed):
        whole = dict(files, **{file.replace("_", "."): data for file, data in changed.items()})
        made = signature(name, by)
        whole = {file: data for file, data in whole.items() if data is not None}
        return Case(
            f"xmlsec1-{name}", "xmlsec1", "container", contain(world, f"xmlsec1-{name}", whole, made), None, world
        )

    yield case("container", world.signer)
    yield case("container-altered", world.signer, second_txt=b"the sexond\n")
    yield case("container-missing-file", world.signer, second_txt=None)
    yield case("container-extra-file", world.signer, third_txt=b"not signed\n")
    yield case("container-revoked", world.revoked)
