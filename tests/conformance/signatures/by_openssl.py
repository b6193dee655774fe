"""CMS signatures, RFC 3161 timestamps and OCSP answers, made by the program openssl."""

from pki import DAY, NOW, openssl, read
from world import Case, altered


def cms(world, name, signer, *words, detached=True, content=None):
    """Signs; the file's name."""
    path = world / f"{name}.p7s"
    chain = ["-certfile", signer.chain] if read(signer.chain) else []
    openssl(
        "cms",
        "-sign",
        "-binary",
        "-signer",
        signer.certificate,
        "-inkey",
        signer.key,
        *chain,
        "-in",
        content or world.content,
        "-outform",
        "DER",
        "-out",
        path,
        *([] if detached else ["-nodetach"]),
        *words,
    )
    return path


def cms_cases(world):
    kinds, signer = world.by_kind, world.signer
    sha = {"256": ["-md", "sha256"], "384": ["-md", "sha384"], "512": ["-md", "sha512"], "1": ["-md", "sha1"]}
    pss = ["-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:digest"]
    seal = ["-signer", world.seal.certificate, "-inkey", world.seal.key]

    one_only = {"pyhanko": "it reads one signer of a CMS only"}

    def case(name, by, *words, detached=True, change=None, content=None, **more):
        path = cms(world, f"openssl-{name}", by, *words, detached=detached)
        if change:
            world.file(f"openssl-{name}.p7s", change(read(path)))
        return Case(
            f"openssl-{name}", "openssl", "cms", path, (content or world.content) if detached else None, world, **more
        )

    def in_content(data):
        return altered(data, data.index("Kính".encode()))

    yield case("detached-rsa2048-sha256", signer, "-cades", *sha["256"])
    yield case("detached-rsa3072-sha384", kinds["rsa3072"], "-cades", *sha["384"])
    yield case("detached-p256-sha256", kinds["p256"], "-cades", *sha["256"])
    yield case("detached-p384-sha512", kinds["p384"], "-cades", *sha["512"])
    yield case("detached-pss-sha256", signer, "-cades", *sha["256"], *pss)
    yield case("detached-pss-sha512", kinds["rsa3072"], "-cades", *sha["512"], *pss)
    yield case("enveloping-rsa2048", signer, "-cades", *sha["256"], detached=False)
    yield case("enveloping-p256-sha512", kinds["p256"], "-cades", *sha["512"], detached=False)
    yield case("without-cades", signer, *sha["256"])
    yield case("by-key-id", signer, "-cades", "-keyid", *sha["256"])
    yield case("two-signers", signer, "-cades", *sha["256"], *seal, skip=one_only)
    yield case("no-attributes", signer, "-noattr", *sha["256"])
    yield case("sha1", signer, "-cades", *sha["1"])
    yield case("rsa1024", kinds["rsa1024"], "-cades", *sha["256"])
    yield case("altered-content", signer, "-cades", content=world.file("altered.txt", altered(read(world.content), 9)))
    yield case("other-content", signer, "-cades", content=world.other_content)
    yield case("altered-inside", signer, "-cades", detached=False, change=in_content)
    yield case("altered-value", signer, "-cades", change=lambda data: altered(data, -3))
    yield case("truncated", signer, "-cades", change=lambda data: data[:-40])
    yield case("appended", signer, "-cades", change=lambda data: data + b"more")
    yield case("expired", world.expired, "-cades")
    yield case("not-yet-valid", world.early, "-cades")
    yield case("revoked", world.revoked, "-cades")
    yield case("revoked-authority", world.of_fallen, "-cades")
    yield case("untrusted", world.untrusted, "-cades")
    yield case("self-signed", world.alone, "-cades")
    yield case("wrong-key-usage", world.no_usage, "-cades")
    yield case("too-deep", world.too_deep, "-cades")
    yield case("outside-name-constraints", world.outside_names, "-cades")
    yield case("issuer-is-no-authority", world.by_pretender, "-cades")
    yield case(
        "one-signer-untrusted",
        signer,
        "-cades",
        "-signer",
        world.alone.certificate,
        "-inkey",
        world.alone.key,
        skip=one_only,
    )
    yield case("no-certificate", signer, "-nocerts")


def token_cases(world):
    text = read(world.content)

    def case(name, content=None, change=None, **how):
        token = world.token(text, **how)
        path = world.file(f"openssl-token-{name}.tst", change(token) if change else token)
        return Case(f"openssl-token-{name}", "openssl", "token", path, content or world.content, world)

    for digest in ("sha256", "sha384", "sha512", "sha1"):
        yield case(digest, digest=digest)
    yield case("other-content", content=world.other_content)
    yield case("altered-value", change=lambda data: altered(data, -3))
    yield case("altered-inside", change=lambda data: altered(data, data.index(b"\x18\x0f20") + 5))
    for tsa in ("tsa-expired", "tsa-revoked", "tsa-untrusted"):
        yield case(tsa[4:], tsa=tsa)


def old(response, signer, world):
    """The same answer as if given thirty days ago, good for a day; signed anew."""
    der = response
    text = openssl("asn1parse", "-inform", "DER", data=der, code=None).decode().splitlines()
    octets = next(line for line in text if "OCTET STRING" in line)
    start = int(octets.split(":")[0]) + int(octets.split("hl=")[1].split()[0])
    basic = (
        openssl("asn1parse", "-inform", "DER", "-strparse", octets.split(":")[0].strip(), data=der, code=None)
        .decode()
        .splitlines()
    )
    # basic: SEQUENCE, SEQUENCE tbsResponseData, …, BIT STRING
    where = [
        (
            int(line.split(":")[0]) + start,
            int(line.split("hl=")[1].split()[0]),
            int(line.split(" l=")[1].split()[0]),
            line,
        )
        for line in basic
    ]
    begin, head, size, _ = where[1]
    out = bytearray(der)
    for at, hl, length, line in where:
        if "GENERALIZEDTIME" not in line:
            continue
        late = NOW - 29 * DAY if line is last_time(where) else NOW - 30 * DAY
        out[at + hl : at + hl + length] = late.strftime("%Y%m%d%H%M%SZ").encode()
    bits = next(one for one in where if "BIT STRING" in one[3])
    signed = openssl("dgst", "-sha256", "-sign", signer.key, data=bytes(out[begin : begin + head + size]))
    out[bits[0] + bits[1] + 1 : bits[0] + bits[1] + bits[2]] = signed
    return bytes(out)


def last_time(where):
    return [line for _, _, _, line in where if "GENERALIZEDTIME" in line][-1]


def ocsp_cases(world):
    """A signature whose signer's state only this OCSP answer tells."""
    pki, ca = world.pki, world.issuing
    responder = world.responder

    def case(name, by, change=None, of=None, **what):
        signer = pki.issue(f"ocsp-{name}", ca, ocsp=True)
        answer = pki.answer(f"ocsp-{name}", of or signer, ca, by, **what)
        if change:
            data = change(read(answer))
            world.file(f"pki/ocsp-{name}.ocr", data)
            pki.answers[f"/ocsp/ocsp-{name}"] = data
        path = cms(world, f"openssl-ocsp-{name}", signer, "-cades")
        return Case(f"openssl-ocsp-{name}", "openssl", "ocsp", path, world.content, world, ocsp=(signer, ca, answer))

    authority = type("Itself", (), {"certificate": ca.certificate, "key": pki.key("rsa2048", "issuing")})
    yield case("good", responder)
    yield case("good-by-issuer", authority)
    yield case("revoked", responder, revoked=True)
    yield case("unknown", responder, known=False)
    yield case("stale", responder, change=lambda data: old(data, responder, world))
    yield case("altered", responder, change=lambda data: altered(data, data.index(b"\x18\x0f20") + 12))
    yield case("not-appointed", world.no_responder)
    yield case("strange-responder", world.strange_responder)
    yield case("of-another", responder, of=world.seal)


def cases(world):
    yield from cms_cases(world)
    yield from token_cases(world)
    yield from ocsp_cases(world)
