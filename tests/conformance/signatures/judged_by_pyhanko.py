"""What pyHanko says of PDFs (by ETSI EN 319 102-1, which it implements too) and of CMS signatures."""

import asyncio
import io

from asn1crypto import cms
from asn1crypto import crl as asn1_crl
from asn1crypto import pem
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import ades, generic_cms
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from pki import read

# A person's certificate may be for either of the two.
USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
REQUIRED = RevocationCheckingPolicy(
    ee_certificate_rule=RevocationCheckingRule.CRL_OR_OCSP_REQUIRED,
    intermediate_ca_cert_rule=RevocationCheckingRule.CRL_OR_OCSP_REQUIRED,
)


def lists(path):
    return [asn1_crl.CertificateList.load(der) for _, _, der in pem.unarmor(read(path), multiple=True)]


def climb(signature, spec):
    """Basic signatures, signatures with time, long-term: the first of the three processes that passes, or the last."""
    signature.compute_integrity_info()
    for process in (ades.ades_basic_validation, ades.ades_with_time_validation):
        result = asyncio.run(
            process(signature.signed_data, spec.signature_validation_spec, raw_digest=signature.compute_digest())
        )
        if result.ades_subindic.status == ades.AdESStatus.PASSED:
            return result
    return asyncio.run(ades.ades_lta_validation(signature, spec))


def judge_pdf(case):
    """Whether every signature and document timestamp passes; and what it said of those that do not."""
    root = load_cert_from_pemder(case.world.anchor)
    policy = CertValidationPolicySpec(SimpleTrustManager.build([root]), CertRevTrustPolicy(REQUIRED))
    knowledge = LocalKnowledge(known_crls=[CRLContainer(one) for one in lists(case.world.lists)])
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(
            policy,
            RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
            local_knowledge=knowledge,
            key_usage_settings=USAGE,
        )
    )
    words = []
    with open(case.path, "rb") as file:
        data = file.read()
    # Strict, it will not look at files that also have a table for readers of PDF 1.5 (hybrid); other files it must.
    reader = PdfFileReader(io.BytesIO(data), strict=b"/XRefStm" not in data)
    if reader.encrypted:
        reader.decrypt("")
    for signature in reader.embedded_regular_signatures:
        result = climb(signature, spec)
        found = signature.summarise_integrity_info()
        if result.ades_subindic.status != ades.AdESStatus.PASSED:
            words.append(f"{signature.field_name}: {result.ades_subindic}")
        elif found["coverage"] < SignatureCoverageLevel.ENTIRE_REVISION:
            words.append(f"{signature.field_name}: covers {found['coverage'].name}")
        elif not found["docmdp_ok"]:
            words.append(f"{signature.field_name}: changes beyond what is allowed")
    if not reader.embedded_regular_signatures:
        words.append("no signature")
    return not words, "; ".join(words)


def judge_cms(case):
    context = ValidationContext(
        trust_roots=[load_cert_from_pemder(case.world.anchor)], crls=lists(case.world.lists), revocation_mode="require"
    )
    info = cms.ContentInfo.load(read(case.path), strict=True)
    data = info["content"]
    if case.content:
        status = asyncio.run(
            generic_cms.async_validate_detached_cms(read(case.content), data, context, key_usage_settings=USAGE)
        )
    else:
        status = asyncio.run(
            generic_cms.async_validate_cms_signature(data, validation_context=context, key_usage_settings=USAGE)
        )
    good = status.intact and status.valid and status.trusted
    return bool(good), "" if good else status.summary()


def judge(case):
    """Accepted or not, with its reason."""
    try:
        return judge_pdf(case) if case.kind == "pdf" else judge_cms(case)
    except Exception as refused:  # whatever it raises, it did not accept
        return False, f"{type(refused).__name__}: {refused}"
