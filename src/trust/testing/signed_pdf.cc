#include "trust/testing/signed_pdf.h"

#include "base/testing/fake_clock.h"
#include "trust/signing/pdf_sign.h"
#include "trust/signing/testing/sample.h"

namespace trust::testing {

std::string signed_pdf(const std::vector<const demo::Credential*>& signers, base::Time at) {
  base::Bytes pdf = signing::testing::sample_pdf();
  const base::testing::FakeClock clock(at);
  int number = 0;
  for (const demo::Credential* signer : signers) {
    const auto key = key_from_pem(signer->pem(), "").value();
    signing::PdfUpdate update;
    update.signature.emplace();
    update.signature->field = "Signature" + std::to_string(++number);
    const base::Bytes before = pdf;
    pdf += signing::sign_pdf(*key, *memory_source(before), update, {}, clock).value().appended;
  }
  return pdf;
}

}  // namespace trust::testing
