#include "trust/bundle/reading.h"

#include <algorithm>

#include "base/text.h"
#include "trust/signed_data.h"

namespace trust::bundle {
namespace {

constexpr std::uint64_t kFileBytesMax = 16u << 20;
constexpr std::string_view kSignatureFile = "META-INF/signatures001.xml";
constexpr std::string_view kManifest = "META-INF/manifest.xml";

base::Error malformed(const std::string& en, const std::string& vi) {
  return {base::Code::invalid, "trust.bundle_malformed",
          "the bundle is not as it was written: " + en,
          "gói bằng chứng không còn đúng như lúc được lập: " + vi};
}

base::Error unsigned_data() {
  return {base::Code::invalid, "trust.bundle_unsigned_data",
          "the signature's file holds a certificate or an answer about revocation that no signed "
          "file of the bundle has",
          "tệp chữ ký có chứng thư hoặc thông tin thu hồi không nằm trong tệp nào đã ký của gói"};
}

// A file that is stored as it is, where it is.
class Part : public Source {
 public:
  Part(const Source& whole, std::uint64_t at, std::uint64_t bytes)
      : whole_(whole), at_(at), size_(bytes) {}
  std::uint64_t size() const override { return size_; }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                    std::size_t wanted) const override {
    if (offset >= size_) return std::size_t{0};
    return whole_.read_at(
        at_ + offset, to,
        static_cast<std::size_t>(std::min<std::uint64_t>(wanted, size_ - offset)));
  }

 private:
  const Source& whole_;
  const std::uint64_t at_, size_;
};

// Takes what a writer writes and compares it with the file.
class Comparison {
 public:
  explicit Comparison(const Source& file) : file_(file) {}
  base::Result<void> take(base::BytesView piece) {
    base::Bytes there(piece.size(), '\0');
    std::size_t got = 0;
    while (got < there.size()) {
      const std::size_t more =
          TRY(file_.read_at(at_ + got, there.data() + got, there.size() - got));
      if (more == 0) break;
      got += more;
    }
    if (got != piece.size() || there != piece) {
      return malformed(
          "the container has bytes that its writer does not make, near byte " + std::to_string(at_),
          "có byte mà chương trình lập gói không ghi, gần byte " + std::to_string(at_));
    }
    at_ += piece.size();
    return base::done();
  }
  std::uint64_t end() const { return at_; }

 private:
  const Source& file_;
  std::uint64_t at_ = 0;
};

// Writes the container again and compares: names, order, times, attributes, manifest.
base::Result<std::vector<SignedFile>> compare(const Source& file, const ZipReader& zip,
                                              const base::Bytes& signature) {
  std::vector<std::unique_ptr<Source>> parts;
  Container again;
  for (const ZipEntry& entry : zip.entries()) {
    if (entry.name == "mimetype" || entry.name == kManifest || entry.name == kSignatureFile) {
      continue;
    }
    const auto type = media_type_of(entry.name);
    if (!type || entry.deflated || entry.extra || entry.streamed) {
      return malformed(entry.name + " does not belong in it", entry.name + " không thuộc gói");
    }
    parts.push_back(std::make_unique<Part>(file, entry.data, entry.packed));
    TRY(again.add(entry.name, std::string(*type), *parts.back()));
  }
  again.add_signature(signature);
  Comparison comparison(file);
  TRY(again.write([&](base::BytesView piece) { return comparison.take(piece); }));
  if (comparison.end() != file.size()) {
    return malformed("it goes on behind its end", "còn byte sau phần kết thúc");
  }
  return again.files();
}

base::Result<base::Bytes> required(const ZipReader& zip, std::string_view name,
                                   const Context& context) {
  const ZipEntry* entry = zip.find(name);
  if (entry == nullptr) {
    return malformed(std::string(name) + " is missing", "thiếu " + std::string(name));
  }
  return zip.read_all(*entry, context, kFileBytesMax);
}

}  // namespace

base::Result<Opened> open_bundle(const Source& file, const Context& context) {
  const auto opened = ZipReader::open(file);
  if (!opened) return opened.error();
  const ZipReader& zip = *opened;
  Opened out;
  out.signature = TRY(required(zip, kSignatureFile, context));
  out.files = TRY(compare(file, zip, out.signature));
  const ZipEntry* document = zip.find(kDocument);
  if (document == nullptr || zip.find(kReport) == nullptr) {
    return malformed("the document or its report is missing", "thiếu văn bản hoặc báo cáo");
  }
  out.document = std::make_unique<Part>(file, document->data, document->packed);
  const base::Bytes certificates = TRY(required(zip, kCertificates, context));
  out.certificates = TRY(read_certificates(certificates));
  std::map<std::string, base::Bytes> revocation;
  for (const ZipEntry& entry : zip.entries()) {
    if (entry.name.starts_with(kRevocationFolder)) {
      base::Bytes answer = TRY(zip.read_all(entry, context, kFileBytesMax));
      revocation.emplace(entry.name, std::move(answer));
    } else if (entry.name.starts_with(kEvidenceFolder)) {
      base::Bytes text = TRY(zip.read_all(entry, context, kFileBytesMax));
      out.evidences.emplace_back(entry.name, std::move(text));
    }
  }
  out.revocation = TRY(RevocationAnswers::read(revocation));
  if (zip.find(kSignatures) != nullptr) {
    base::Bytes signatures = TRY(required(zip, kSignatures, context));
    out.signatures = std::move(signatures);
  }
  return out;
}

base::Result<std::vector<base::Bytes>> certificates_of_token(base::BytesView token) {
  const SignedData read = TRY(read_signed_data(token, Limits()));
  const bool other = !read.crls.empty() || !read.ocsp_responses.empty() ||
                     read.signers.size() != 1 || !read.signers[0].unsigned_attributes.empty();
  if (other) return unsigned_data();
  return std::vector<base::Bytes>(read.certificates.begin(), read.certificates.end());
}

base::Result<void> check_signature_file(const Opened& bundle) {
  const XadesContents contents = TRY(read_own_xades(bundle.signature, bundle.files));
  const auto listed = [&](const base::Bytes& der) {
    return std::find(bundle.certificates.begin(), bundle.certificates.end(), der) !=
           bundle.certificates.end();
  };
  bool whole = std::all_of(contents.certificates.begin(), contents.certificates.end(), listed);
  if (!contents.token.empty()) {
    const auto of_token = TRY(certificates_of_token(contents.token));
    whole = whole && std::all_of(of_token.begin(), of_token.end(), listed);
  }
  for (const auto* answers : {&contents.crls, &contents.ocsp_responses}) {
    whole = whole && std::all_of(answers->begin(), answers->end(), [&](const base::Bytes& answer) {
              return bundle.revocation.holds(answer);
            });
  }
  if (whole) return base::done();
  return unsigned_data();
}

base::Result<evidence::EvidenceProof> exact_proof(const std::string& text) {
  evidence::EvidenceProof proof = TRY(evidence::EvidenceProof::parse(text));
  const auto logged = log::Proof::parse(proof.log_proof);
  if (proof.text() == text && (!logged || logged->text() == proof.log_proof)) return proof;
  return base::Error(base::Code::invalid, "trust.evidence_proof_malformed",
                     "the proof of the evidence is not as it was written",
                     "tệp bằng chứng không còn đúng như lúc được lập");
}

}  // namespace trust::bundle
