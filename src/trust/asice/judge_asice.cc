#include "trust/asice/judge_asice.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/hash.h"
#include "trust/algorithms.h"
#include "trust/asice/zip.h"
#include "trust/steps.h"
#include "trust/xml/asic_manifest.h"
#include "trust/xml/judge_xml.h"
#include "trust/xml/sign_xades.h"

namespace trust {
namespace {

constexpr std::string_view kAsicE = "application/vnd.etsi.asic-e+zip";
constexpr std::string_view kAsicS = "application/vnd.etsi.asic-s+zip";
constexpr std::string_view kFolder = "META-INF/";
constexpr std::uint64_t kSignatureFileMax = 8u << 20;
constexpr std::size_t kPieceBytes = 64u << 10;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

class Judging {
 public:
  Judging(const ZipReader& zip, const Context& context, DocumentReport& out)
      : zip_(zip), context_(context), out_(out) {}
  void run();

 private:
  base::Result<base::Bytes> digest_of(const ZipEntry& entry, std::string_view algorithm);
  base::Result<std::optional<Detached>> resolve(std::string_view uri, std::string_view algorithm);
  base::Result<base::Bytes> small(const ZipEntry& entry) {
    return zip_.read_all(entry, context_, kSignatureFileMax);
  }
  // Of the signatures that the limit still allows.
  Context rest() const;
  void judge_folder();
  void judge_xades(const ZipEntry& entry);
  void judge_manifest(const ZipEntry& entry);
  void judge_cades(const ZipEntry& entry, const Feed& content, const AsicManifest* manifest);
  void judge_single(const ZipEntry& entry);
  void check_manifest(const AsicManifest& manifest, SignatureReport& report);
  void check_mimetype();
  void check_coverage();
  void unreadable(const ZipEntry& entry, const base::Error& error);
  void remark(std::string en, std::string vi) {
    out_.remarks.push_back({std::move(vi), std::move(en)});
  }

  const ZipReader& zip_;
  const Context& context_;
  DocumentReport& out_;
  std::vector<const ZipEntry*> content_;
  std::set<std::string> used_;  // CMS files that a manifest names
  std::map<std::pair<const ZipEntry*, std::string>, base::Bytes> digests_;
};

base::Result<base::Bytes> Judging::digest_of(const ZipEntry& entry, std::string_view algorithm) {
  const auto key = std::make_pair(&entry, std::string(algorithm));
  if (const auto known = digests_.find(key); known != digests_.end()) return known->second;
  if (digest_named(algorithm) == nullptr) return base::Bytes();  // equal to no digest
  Digest running(algorithm);
  TRY(zip_.read(entry, context_, [&running](base::BytesView bytes) {
    running.update(bytes);
    return base::done();
  }));
  return digests_[key] = running.finish();
}

base::Result<std::optional<Detached>> Judging::resolve(std::string_view uri,
                                                       std::string_view algorithm) {
  const std::optional<std::string> name = name_of_uri(uri);
  const ZipEntry* entry = name ? zip_.find(*name) : nullptr;
  if (entry == nullptr) return std::optional<Detached>();
  base::Bytes digest = TRY(digest_of(*entry, algorithm));
  return std::optional<Detached>(Detached{entry->name, std::move(digest)});
}

Context Judging::rest() const {
  Context context = context_;
  const std::size_t used = out_.signatures.size();
  context.limits.signatures -= std::min(used, context.limits.signatures);
  return context;
}

void Judging::unreadable(const ZipEntry& entry, const base::Error& error) {
  SignatureReport& report = out_.signatures.emplace_back();
  report.where = entry.name;
  report.covers_whole = false;
  report.verdict = Verdict::valid;
  const bool wrong = error.code() == base::Code::invalid;
  add_step(report, kFormatBlock, wrong ? Verdict::invalid : Verdict::undetermined,
           wrong ? SubIndication::format_failure : SubIndication::sig_constraints_failure,
           error.text());
}

void Judging::judge_xades(const ZipEntry& entry) {
  const base::Result<base::Bytes> xml = small(entry);
  if (!xml.ok()) return unreadable(entry, xml.error());
  DocumentReport judged = judge_xml(
      *memory_source(*xml), rest(),
      [this](std::string_view uri, std::string_view digest) { return resolve(uri, digest); });
  if (judged.signatures.empty() && !judged.incomplete) {
    remark(entry.name + " holds no signature", entry.name + " không có chữ ký nào");
  }
  for (base::Text& text : judged.remarks) {
    out_.remarks.push_back({entry.name + ": " + text.vi, entry.name + ": " + text.en});
  }
  out_.incomplete = out_.incomplete || judged.incomplete;
  for (SignatureReport& report : judged.signatures) {
    report.where = entry.name + report.where;
    for (SignatureReport& stamp : report.timestamps) stamp.where = entry.name + stamp.where;
    out_.signatures.push_back(std::move(report));
  }
}

void Judging::check_manifest(const AsicManifest& manifest, SignatureReport& report) {
  const auto fail = [&report](Verdict verdict, SubIndication sub, base::Text text) {
    add_constraint(report, kCryptoBlock, verdict, sub, std::move(text));
  };
  for (const AsicManifest::File& file : manifest.files) {
    if (file.digest_name.empty()) {
      return fail(Verdict::undetermined, SubIndication::crypto_constraints_failure,
                  {"thuật toán băm của tệp này không được hỗ trợ: " + file.uri,
                   "the digest algorithm for this file is not supported: " + file.uri});
    }
    const std::optional<base::Time> good = context_.policy.good_until(file.digest_name, 0);
    const base::Time proven = report.proven_at.value_or(context_.now);
    if (good && *good <= proven) {
      return fail(Verdict::undetermined, SubIndication::crypto_constraints_failure_no_poe,
                  {"thuật toán băm không còn an toàn: " + file.digest_name,
                   "the digest algorithm is no longer safe: " + file.digest_name});
    }
    const auto found = resolve(file.uri, file.digest_name);
    if (!found.ok()) {
      return fail(
          found.error().code() == base::Code::invalid ? Verdict::invalid : Verdict::undetermined,
          found.error().code() == base::Code::invalid ? SubIndication::hash_failure
                                                      : SubIndication::sig_constraints_failure,
          found.error().text());
    }
    if (!found->has_value()) {
      return fail(
          Verdict::undetermined, SubIndication::signed_data_not_found,
          {"không tìm thấy tệp đã ký: " + file.uri, "the signed file is not there: " + file.uri});
    }
    report.covers.push_back((*found)->name);
    if (!base::equal_constant_time((*found)->digest, file.digest)) {
      fail(Verdict::invalid, SubIndication::hash_failure,
           {"nội dung đã bị thay đổi sau khi ký: " + (*found)->name,
            "the content was changed after it was signed: " + (*found)->name});
    }
  }
}

void Judging::judge_cades(const ZipEntry& entry, const Feed& content,
                          const AsicManifest* manifest) {
  if (rest().limits.signatures == 0) {
    out_.incomplete = true;
    return remark("there are too many signatures; the rest was not judged",
                  "có quá nhiều chữ ký; phần còn lại không được kiểm tra");
  }
  const base::Result<base::Bytes> der = zip_.read_all(entry, context_, context_.limits.cms_bytes);
  if (!der.ok()) return unreadable(entry, der.error());
  CmsInput input;
  input.der = *der;
  input.content = content;
  for (SignatureReport& report : judge_cms(input, rest())) {
    report.where = entry.name;
    if (manifest != nullptr) check_manifest(*manifest, report);
    out_.signatures.push_back(std::move(report));
  }
}

void Judging::judge_manifest(const ZipEntry& entry) {
  const base::Result<base::Bytes> xml = small(entry);
  if (!xml.ok()) return unreadable(entry, xml.error());
  const base::Result<AsicManifest> manifest = read_asic_manifest(*xml, context_);
  if (!manifest.ok()) return unreadable(entry, manifest.error());
  const std::optional<std::string> name = name_of_uri(manifest->signature_uri);
  const ZipEntry* signature = name ? zip_.find(*name) : nullptr;
  if (signature == nullptr) {
    return unreadable(entry, base::Error(base::Code::unavailable, "trust.asic_signature_missing",
                                         "the signature file that the manifest names is not there",
                                         "không có tệp chữ ký mà ASiCManifest nêu tên"));
  }
  used_.insert(signature->name);
  if (lower(signature->name).ends_with(".tst")) {
    return remark(signature->name + " is a timestamp over files; it was not judged",
                  signature->name + " là dấu thời gian cho các tệp, không được kiểm tra");
  }
  judge_cades(
      *signature, [&xml](const auto& take) { return take(*xml); }, &*manifest);
}

// ASiC-S: one file, and META-INF/signature.p7s over it as it is.
void Judging::judge_single(const ZipEntry& entry) {
  if (content_.size() != 1) {
    return unreadable(entry, base::Error(base::Code::unavailable, "trust.asic_content",
                                         "which file this signature covers cannot be told",
                                         "không rõ chữ ký này dành cho tệp nào"));
  }
  const std::size_t first = out_.signatures.size();
  judge_cades(
      entry, [this](const auto& take) { return zip_.read(*content_[0], context_, take); }, nullptr);
  for (std::size_t i = first; i < out_.signatures.size(); ++i) {
    if (out_.signatures[i].verdict != Verdict::invalid) {
      out_.signatures[i].covers.push_back(content_[0]->name);
    }
  }
}

void Judging::judge_folder() {
  std::vector<const ZipEntry*> single;
  for (const ZipEntry& entry : zip_.entries()) {
    if (!entry.name.starts_with(kFolder)) continue;
    const std::string name = lower(std::string_view(entry.name).substr(kFolder.size()));
    const bool xml = name.ends_with(".xml");
    if (xml && name.find("asicarchivemanifest") != std::string::npos) {
      remark(entry.name + " is for keeping over decades; it was not judged",
             entry.name + " dùng để lưu trữ lâu dài, không được kiểm tra");
    } else if (xml && name.find("asicmanifest") != std::string::npos) {
      judge_manifest(entry);
    } else if (xml && name.find("signatures") != std::string::npos) {
      judge_xades(entry);
    } else if (name.ends_with(".p7s")) {
      single.push_back(&entry);
    } else if (name != "manifest.xml" && name != "container.xml" && !name.ends_with(".tst")) {
      remark("a file in META-INF is neither content nor a signature: " + entry.name,
             "có tệp trong META-INF không phải nội dung cũng không phải chữ ký: " + entry.name);
    }
    if (context_.out_of_time()) {
      out_.incomplete = true;
      return remark("the time allowed for judging is over; judge the file again",
                    "đã hết thời gian dành cho việc kiểm tra; hãy kiểm tra lại tệp");
    }
  }
  for (const ZipEntry* entry : single) {
    if (!used_.contains(entry->name)) judge_single(*entry);
  }
}

void Judging::check_mimetype() {
  const ZipEntry* entry = zip_.find("mimetype");
  if (entry == nullptr) {
    return remark("the container does not say its kind (mimetype)",
                  "gói không ghi loại của nó (mimetype)");
  }
  const base::Result<base::Bytes> text = zip_.read_all(*entry, context_, 256);
  if (text.ok() && (*text == kAsicE || *text == kAsicS)) out_.media_type = *text;
  if (entry->header != 0 || entry->deflated || entry->extra || out_.media_type.empty()) {
    remark("the container's mimetype is not as ETSI EN 319 162-1 wants it",
           "mimetype của gói không đúng quy cách ETSI EN 319 162-1");
  }
}

void Judging::check_coverage() {
  std::set<std::string> covered;
  for (const SignatureReport& report : out_.signatures) {
    covered.insert(report.covers.begin(), report.covers.end());
  }
  std::string missing;
  for (const ZipEntry* entry : content_) {
    if (covered.contains(entry->name)) continue;
    missing += (missing.empty() ? "" : ", ") + entry->name;
  }
  for (SignatureReport& report : out_.signatures) {
    const std::set<std::string> own(report.covers.begin(), report.covers.end());
    report.covers_whole =
        std::all_of(content_.begin(), content_.end(),
                    [&own](const ZipEntry* entry) { return own.contains(entry->name); });
    if (missing.empty() && !content_.empty()) continue;
    add_constraint(
        report, kAcceptanceBlock, Verdict::undetermined, SubIndication::sig_constraints_failure,
        content_.empty() ? base::Text{"gói không có tệp nào", "the container holds no file"}
                         : base::Text{"có tệp không được chữ ký nào bao gồm: " + missing,
                                      "no signature covers: " + missing});
  }
}

void Judging::run() {
  check_mimetype();
  for (const ZipEntry& entry : zip_.entries()) {
    if (entry.name != "mimetype" && !entry.name.starts_with(kFolder)) content_.push_back(&entry);
  }
  judge_folder();
  check_coverage();
}

base::Result<base::Bytes> hash_of(const Source& source, const Context& context) {
  base::Sha256 hash;
  std::string piece(kPieceBytes, '\0');
  for (std::uint64_t at = 0;;) {
    if (context.out_of_time()) {
      return base::Error(base::Code::unavailable, "trust.out_of_time",
                         "the time allowed for judging is over; judge the file again",
                         "đã hết thời gian dành cho việc kiểm tra; hãy kiểm tra lại tệp");
    }
    const std::size_t got = TRY(source.read_at(at, piece.data(), piece.size()));
    if (got == 0) return hash.finish();
    hash.update({piece.data(), got});
    at += got;
  }
}

}  // namespace

DocumentReport judge_asice(const Source& container, const Context& context) {
  DocumentReport out;
  out.size = container.size();
  out.judged_at = context.now;
  const auto give_up = [&out](const base::Error& error) {
    out.remarks.push_back(error.text());
    out.incomplete = true;
    return out;
  };
  const base::Result<base::Bytes> hash = hash_of(container, context);
  if (!hash.ok()) return give_up(hash.error());
  out.sha256 = *hash;
  const base::Result<ZipReader> zip = ZipReader::open(container);
  if (!zip.ok()) return give_up(zip.error());
  Judging(*zip, context, out).run();
  if (out.media_type.empty()) out.media_type = kAsicE;
  return out;
}

}  // namespace trust
