// B-LT and B-LTA: the document security store and document timestamps (EN 319 142-1 §5.4).
#include <algorithm>
#include <set>

#include "base/hash.h"
#include "trust/signing/joined_source.h"
#include "trust/signing/pdf_form.h"
#include "trust/signing/pdf_gap.h"
#include "trust/signing/pdf_sign.h"
#include "trust/signing/validation_data.h"

namespace trust::signing {
namespace {

constexpr std::size_t kTokenBytes = 16 * 1024;
constexpr int kStoredMax = 4096;

base::Error unsigned_pdf() {
  return {base::Code::invalid, "trust.pdf_unsigned", "The PDF has no signature to add to.",
          "Tệp PDF chưa có chữ ký nào để bổ sung."};
}

int micros_to_ms(std::int64_t micros) {
  return static_cast<int>(std::max<std::int64_t>(micros, 0) / 1000);
}

// Appends what the store's array has not yet.
void store(PdfFile& file, QPDFObjectHandle dss, const char* key,
           const std::vector<base::Bytes>& items) {
  QPDFObjectHandle array = dss.getKey(key);
  std::vector<QPDFObjectHandle> all;
  std::set<base::Bytes> known;
  for (int i = 0; array.isArray() && i < std::min(array.getArrayNItems(), kStoredMax); ++i) {
    QPDFObjectHandle one = array.getArrayItem(i);
    if (!one.isStream()) continue;
    const auto data = one.getStreamData(qpdf_dl_generalized);
    known.insert(base::sha256({reinterpret_cast<const char*>(data->getBuffer()), data->getSize()}));
    all.push_back(one);
  }
  for (const base::Bytes& item : items) {
    if (known.insert(base::sha256(item)).second) all.push_back(file.add_stream("", item));
  }
  if (!all.empty()) dss.replaceKey(key, QPDFObjectHandle::newArray(all));
}

base::Result<base::Bytes> add_store(const Source& document, const PdfSigning& how, base::Time now,
                                    std::int64_t deadline) {
  if (how.revocation == nullptr) {
    return base::Error(base::Code::unavailable, "trust.revocation_unavailable",
                       "No source of revocation information is set.",
                       "Chưa cấu hình nguồn thông tin thu hồi chứng thư số.");
  }
  const auto file = TRY(PdfFile::open(document));
  return guarded_pdf([&]() -> base::Result<base::Bytes> {
    PdfFonts fonts("");
    PdfForm form(*file, fonts);
    std::vector<base::Bytes> signers;
    for (QPDFObjectHandle signature : form.signatures()) {
      QPDFObjectHandle contents = signature.getKey("/Contents");
      if (!contents.isString()) continue;
      for (base::Bytes& der : certificates_in(contents.getStringValue())) {
        signers.push_back(std::move(der));
      }
    }
    if (signers.empty()) return unsigned_pdf();
    const ValidationData data =
        TRY(gather(signers, how.certificates, *how.revocation, now, deadline));
    QPDFObjectHandle root = file->root();
    QPDFObjectHandle dss = root.getKey("/DSS");
    if (!dss.isDictionary()) {
      dss = file->add_dictionary("<< /Type /DSS >>");
      root.replaceKey("/DSS", dss);
      file->touch(root, root);
    }
    store(*file, dss, "/Certs", data.certificates);
    store(*file, dss, "/CRLs", data.crls);
    store(*file, dss, "/OCSPs", data.ocsp_responses);
    file->touch(dss, root);
    return file->write().bytes;
  });
}

base::Result<base::Bytes> add_document_timestamp(const Source& document, const PdfSigning& how,
                                                 std::int64_t deadline) {
  if (how.timestamps == nullptr) {
    return base::Error(base::Code::unavailable, "trust.timestamp_unavailable",
                       "No timestamp authority is set.",
                       "Chưa cấu hình dịch vụ cấp dấu thời gian.");
  }
  const auto file = TRY(PdfFile::open(document));
  PreparedPdf prepared = TRY(guarded_pdf([&]() -> base::Result<PreparedPdf> {
    PdfFonts fonts("");
    PdfForm form(*file, fonts);
    std::string name;
    for (int i = 1; name.empty() || form.find(name); ++i) name = "Timestamp" + std::to_string(i);
    QPDFObjectHandle field = TRY(form.add_timestamp_field(name));
    QPDFObjectHandle value = file->allocate();
    field.replaceKey("/V", value);
    file->touch(field, field);
    form.mark_signed();
    return write_with_gap(*file, document, value,
                          "/Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161",
                          kTokenBytes, ContentDigest::sha256);
  }));
  const int left = micros_to_ms(deadline - base::monotonic_micros());
  const Stamp stamp = TRY(how.timestamps->stamp(prepared.digest, left));
  return complete_pdf(std::move(prepared), stamp.token);
}

}  // namespace

base::Result<base::Bytes> raise_pdf(const Source& document, const PdfSigning& how,
                                    const base::Clock& clock) {
  const std::int64_t deadline = base::monotonic_micros() + std::int64_t{how.budget_ms} * 1000;
  base::Bytes appended = TRY(add_store(document, how, clock.now(), deadline));
  if (how.level == PdfLevel::lta) {
    const base::Bytes stamped =
        TRY(add_document_timestamp(JoinedSource(document, appended), how, deadline));
    appended += stamped;
  }
  return appended;
}

}  // namespace trust::signing
