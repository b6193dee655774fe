"""PAdES signatures made by pyHanko, and what others may append to them."""

import io

from asn1crypto import crl as asn1_crl
from asn1crypto import pem
from pyhanko.keys import load_cert_from_pemder, load_certs_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from pki import DAY, NOW, read
from trust_checks import plain_pdf
from world import Case, altered

PADES, ADOBE = fields.SigSeedSubFilter.PADES, fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED


class Signer(signers.PdfSigner):
    """Writes a time of its own into the signature's dictionary."""

    def __init__(self, *words, at, **more):
        super().__init__(*words, **more)
        self.at = at

    def init_signing_session(self, *words, **more):
        session = super().init_signing_session(*words, **more)
        session.system_time = self.at or session.system_time
        return session


def store(credential):
    return SimpleCertificateStore.from_certs(
        load_certs_from_pemder([credential.chain]) if read(credential.chain) else []
    )


def lists(text):
    return [asn1_crl.CertificateList.load(der) for _, _, der in pem.unarmor(text, multiple=True)]


def stamper(world, tsa="tsa", at=None):
    one = world.tsas[tsa]
    return timestamps.DummyTimeStamper(
        load_cert_from_pemder(one.certificate),
        load_private_key_from_pemder(one.key, None),
        certs_to_embed=store(one),
        fixed_dt=at,
    )


def sign(
    world,
    pdf,
    by,
    field="Signature1",
    *,
    pss=False,
    digest="sha256",
    tsa=None,
    stamped_at=None,
    at=None,
    crls=None,
    format=PADES,
    level="b",
    certify=None,
    spec=None,
    password=None,
):
    """The signed bytes. `level`: b, t, lt, lta; `at`: the time that the signer claims."""
    if level != "b" and tsa is None:
        tsa = "tsa"
    context = None
    if level in ("lt", "lta"):
        context = ValidationContext(
            trust_roots=[load_cert_from_pemder(world.anchor)],
            crls=lists(crls or read(world.lists)),
            other_certs=list(store(by)),
            revocation_mode="hard-fail",
            moment=stamped_at if crls else None,
        )
    who = signers.SimpleSigner(
        load_cert_from_pemder(by.certificate),
        load_private_key_from_pemder(by.key, None),
        store(by),
        prefer_pss=pss,
        embed_roots=False,
    )
    how = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm=digest,
        subfilter=format,
        certify=certify is not None,
        embed_validation_info=context is not None,
        use_pades_lta=level == "lta",
        validation_context=context,
        signer_key_usage=set(),
        **({"docmdp_permissions": certify} if certify else {}),
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if password is not None:
        writer.encrypt(password)
    out = io.BytesIO()
    Signer(
        how, signer=who, timestamper=stamper(world, tsa, stamped_at) if tsa else None, new_field_spec=spec, at=at
    ).sign_pdf(writer, output=out)
    return out.getvalue()


def with_form():
    """The page with an empty text field."""
    writer = IncrementalPdfFileWriter(io.BytesIO(plain_pdf()))
    page = writer.root["/Pages"]["/Kids"][0]
    field = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/FT"): pdf_name("/Tx"),
                pdf_name("/T"): generic.pdf_string("So"),
                pdf_name("/F"): generic.NumberObject(4),
                pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (85, 735, 205, 753)]),
            }
        )
    )
    page[pdf_name("/Annots")] = generic.ArrayObject([field])
    writer.root[pdf_name("/AcroForm")] = writer.add_object(
        generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject([field])})
    )
    writer.update_container(page)
    writer.update_root()
    return written(writer)


def written(writer):
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def text_stream(text):
    return generic.StreamObject(stream_data=text.encode())


def fill(pdf, text="15"):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    field = next(one.get_object() for one in writer.root["/AcroForm"]["/Fields"] if one.get_object()["/T"] == "So")
    look = text_stream(f"/Tx BMC q BT ({text}) Tj ET Q EMC")
    look.update(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 120, 18)]),
        }
    )
    field[pdf_name("/V")] = generic.pdf_string(text)
    field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(look)})
    writer.update_container(field)
    return written(writer)


def other_content(pdf):
    """Another content stream in the page's place: what shadow attacks come to."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page[pdf_name("/Contents")] = writer.add_object(text_stream("q 9 w 0 0 m 99 99 l S Q"))
    writer.update_container(page)
    return written(writer)


def note(pdf):
    """A note laid over the page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    one = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/F"): generic.NumberObject(4),
                pdf_name("/Contents"): generic.pdf_string("50.000.000"),
                pdf_name("/DA"): generic.pdf_string("/Helv 12 Tf"),
                pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (100, 100, 300, 130)]),
            }
        )
    )
    page[pdf_name("/Annots")] = generic.ArrayObject([*page.get("/Annots", ()), one])
    writer.update_container(page)
    return written(writer)


def another_page(pdf):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    pages = writer.root["/Pages"]
    added = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/Parent"): writer.root.raw_get("/Pages"),
            pdf_name("/MediaBox"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 595, 842)]),
            pdf_name("/Resources"): generic.DictionaryObject(),
            pdf_name("/Contents"): writer.add_object(text_stream("q Q")),
        }
    )
    pages["/Kids"].append(writer.add_object(added))
    pages[pdf_name("/Count")] = generic.NumberObject(2)
    writer.update_container(pages)
    return written(writer)


def as_streams():
    """The page in a file of object and reference streams (PDF 1.5)."""
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(plain_pdf())), {"stream_xrefs": True})
    return written(writer)


def in_contents(pdf, change):
    """With the (only) signature changed in its place; `change` gets the DER and gives as many bytes."""
    at = pdf.index(b"/Contents <") + 11
    size = 2 * (4 + int(pdf[at + 4 : at + 8], 16))  # 30 82 and two bytes of length
    return pdf[:at] + change(bytes.fromhex(pdf[at : at + size].decode())).hex().encode() + pdf[at + size :]


def cases(world):
    plain, kinds, signer, seal = plain_pdf(), world.by_kind, world.signer, world.seal
    box = fields.SigFieldSpec("Signature1", box=(330, 200, 480, 260))

    def case(name, data, **more):
        return Case(f"pyhanko-{name}", "pyhanko", "pdf", world.file(f"pyhanko-{name}.pdf", data), None, world, **more)

    def signed(by=signer, pdf=plain, *words, **how):
        return sign(world, pdf, by, *words, **how)

    one = signed()
    yield case("b-rsa2048-sha256", one)
    yield case("b-rsa3072-sha384", signed(kinds["rsa3072"], digest="sha384"))
    yield case("b-rsa2048-sha512", signed(digest="sha512"))
    yield case("b-p256-sha256", signed(kinds["p256"]))
    yield case("b-p384-sha384", signed(kinds["p384"], digest="sha384"))
    yield case("b-pss-sha256", signed(pss=True))
    yield case("b-shown", signed(spec=box))
    yield case("b-streams", signed(pdf=as_streams()))
    yield case("adobe-detached", signed(format=ADOBE))
    yield case("adobe-stamped", signed(format=ADOBE, tsa="tsa"))
    for level in ("t", "lt", "lta"):
        yield case(level, signed(level=level))
    yield case("two-signatures", signed(seal, one, "Signature2"))
    yield case(
        "three-signatures",
        signed(kinds["p256"], signed(seal, signed(level="lta"), "Signature2", level="t"), "Signature3", level="lta"),
    )
    form = signed(pdf=with_form())
    yield case("form-filled", fill(form))
    yield case("form-filled-and-sealed", signed(seal, fill(form), "Signature2"))
    yield case("certified-form-filled", fill(signed(pdf=with_form(), certify=fields.MDPPerm.FILL_FORMS)))
    yield case("certified-no-changes-form-filled", fill(signed(pdf=with_form(), certify=fields.MDPPerm.NO_CHANGES)))
    yield case("altered-page", altered(one, one.index(b"1 w"), ord("2")))
    yield case("altered-value", in_contents(one, lambda cms: altered(cms, -3)))
    yield case("altered-certificate", in_contents(one, lambda cms: altered(cms, 1000)))
    yield case("zeroed", in_contents(one, lambda cms: bytes(len(cms))))
    yield case("shadow-content", other_content(one))
    yield case("shadow-content-then-sealed", signed(seal, other_content(one), "Signature2"))
    yield case("appended-note", note(one))
    yield case("appended-page", another_page(one))
    yield case("appended-bytes", one + b"%% more\n")
    yield case("appended-object", one + b"4 0 obj\n<< /Length 5 >>\nstream\nq Q q\nendstream\nendobj\n")
    yield case("prepended-bytes", b"GIF89a\n" + one)
    yield case("sha1", signed(digest="sha1"))
    yield case("rsa1024", signed(kinds["rsa1024"]))
    yield case("expired", signed(world.expired))
    then = NOW - 100 * DAY
    old = b"".join(world.pki.crl(one, then, then + 30 * DAY) for one in (world.root, world.issuing))
    no_past = {"openssl": "it judges at the present time only", "pdfsig": "it judges at the present time only"}
    yield case(
        "expired-stamped-before",
        signed(world.expired, level="lt", tsa="tsa-long", stamped_at=then + DAY, at=then + DAY, crls=old),
        skip=no_past,
    )
    yield case("not-yet-valid", signed(world.early))
    yield case("revoked", signed(world.revoked))
    long = {"tsa": "tsa-long", "at": NOW - 50 * DAY}
    yield case("revoked-stamped-before", signed(world.revoked_later, stamped_at=NOW - 50 * DAY, **long), skip=no_past)
    yield case("revoked-stamped-after", signed(world.revoked_later, stamped_at=NOW - 5 * DAY, **long))
    yield case("untrusted", signed(world.untrusted))
    yield case("untrusted-timestamp", signed(tsa="tsa-untrusted"))
    yield case("self-signed", signed(world.alone))
    yield case("wrong-key-usage", signed(world.no_usage))
    yield case("second-signature-untrusted", signed(world.untrusted, one, "Signature2"))
    for name, mac in (("encrypted", False), ("encrypted-with-mac", True)):
        locked = copy_into_new_writer(PdfFileReader(io.BytesIO(plain)))
        locked.encrypt("owner", "", pdf_mac=mac)
        yield case(name, signed(pdf=written(locked), password=""))
