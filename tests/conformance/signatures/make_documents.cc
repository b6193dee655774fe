// Makes, with Trúc's code, what `truc sign` does not: forms that are signed by a leader and filled
// and sealed by a clerk, and ASiC-E containers. Other programs check what comes out.
//
//   make_documents office DIRECTORY LEADER.pem SEAL.pem TSA
//   make_documents container OUTPUT KEY.pem TSA|- FILE...
#include <cstdio>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "trust/asice/container.h"
#include "trust/key.h"
#include "trust/signing/pdf_sign.h"
#include "trust/signing/testing/sample.h"
#include "trust/timestamp.h"

namespace {

namespace signing = trust::signing;
using Key = std::unique_ptr<trust::SigningKey>;

constexpr std::uint64_t kBytesMax = 16 << 20;

base::Result<base::Bytes> read(const std::string& path) {
  return base::read_file(base::real_files(), path, kBytesMax);
}
base::Result<void> write(const std::string& path, base::BytesView bytes) {
  return base::write_file_durably(base::real_files(), path, bytes);
}
base::Result<Key> key_in(const std::string& path) {
  const base::Bytes pem = TRY(read(path));
  return trust::key_from_pem(pem, "");
}

class Office {
 public:
  Office(std::string directory, Key leader, Key seal, const std::string& authority)
      : directory_(std::move(directory)), leader_(std::move(leader)), seal_(std::move(seal)) {
    timestamps_ = trust::timestamp_client({{authority}}, clock_);
    revocation_ = trust::fetching_revocation_source({.private_addresses = true});
  }

  base::Result<void> run() {
    using signing::testing::sample_pdf, signing::testing::through_qpdf;
    const base::Bytes plain = sample_pdf();
    TRY(way("plain", plain, false));
    TRY(way("certified", plain, true));
    TRY(way("streams", through_qpdf(plain, "--object-streams=generate"), false));
    TRY(way("linearized", through_qpdf(plain, "--linearize --object-streams=generate"), true));
    TRY(way("hybrid", signing::testing::hybrid_pdf(), false));
    return base::done();
  }

 private:
  // The leader reserves fields and signs; the clerk fills number and date and seals; the record is
  // raised to B-LTA.
  base::Result<void> way(const std::string& name, const base::Bytes& pdf, bool certify) {
    const base::Bytes signed_once = TRY(sign(pdf, *leader_, leaders(certify)));
    TRY(write(directory_ + "/" + name + "-leader.pdf", signed_once));
    const base::Bytes sealed = TRY(sign(signed_once, *seal_, clerks()));
    TRY(write(directory_ + "/" + name + "-sealed.pdf", sealed));
    const auto source = trust::memory_source(sealed);
    signing::PdfSigning how = levels();
    how.level = signing::PdfLevel::lta;
    const base::Bytes appended = TRY(signing::raise_pdf(*source, how, clock_));
    return write(directory_ + "/" + name + "-record.pdf", sealed + appended);
  }

  signing::PdfSigning levels() {
    signing::PdfSigning how;
    how.level = signing::PdfLevel::t;
    how.timestamps = timestamps_.get();
    how.revocation = revocation_.get();
    return how;
  }

  base::Result<base::Bytes> sign(const base::Bytes& pdf, trust::SigningKey& with,
                                 const signing::PdfUpdate& update) {
    const auto source = trust::memory_source(pdf);
    const auto made = TRY(signing::sign_pdf(with, *source, update, levels(), clock_));
    if (made.shortfall) return *made.shortfall;
    return pdf + made.appended;
  }

  static signing::PdfUpdate leaders(bool certify) {
    const signing::Box personal{330, 200, 150, 60};
    signing::PdfUpdate update;
    update.text_fields = {{.name = "So", .page = 1, .box = {85, 735, 120, 18}},
                          {.name = "Ngay", .page = 1, .box = {300, 735, 235, 18}}};
    update.signature_fields = {
        {.name = "CoQuan", .page = 1, .box = signing::seal_beside(personal, {0, 0, 102, 102})}};
    update.signature =
        signing::PdfSignature{.field = "LanhDao",
                              .page = 1,
                              .box = personal,
                              .appearance = {.png = signing::testing::hand_signature_png()},
                              .certify = certify};
    return update;
  }
  static signing::PdfUpdate clerks() {
    signing::PdfUpdate update;
    update.fillings = {{"So", "15/QĐ-UBND"}, {"Ngay", "Hà Nội, ngày 22 tháng 11 năm 2026"}};
    update.signature = signing::PdfSignature{.field = "CoQuan",
                                             .appearance = {.png = signing::testing::seal_png()}};
    return update;
  }

  const std::string directory_;
  const Key leader_, seal_;
  const base::SystemClock clock_;
  std::unique_ptr<trust::TimestampClient> timestamps_;
  std::unique_ptr<trust::RevocationSource> revocation_;
};

base::Result<void> contain(const std::vector<std::string>& words) {
  const Key key = TRY(key_in(words[1]));
  std::deque<base::Bytes> contents;  // addresses stay as it grows
  std::vector<std::unique_ptr<trust::Source>> sources;
  trust::Container container;
  for (std::size_t i = 3; i < words.size(); ++i) {
    contents.push_back(TRY(read(words[i])));
    sources.push_back(trust::memory_source(contents.back()));
    const std::string name = words[i].substr(words[i].rfind('/') + 1);
    TRY(container.add(name, "application/octet-stream", *sources.back()));
  }
  const base::SystemClock clock;
  trust::XadesOptions how{clock.now()};
  std::unique_ptr<trust::TimestampClient> timestamps;
  if (words[2] != "-") {
    timestamps = trust::timestamp_client({{words[2]}}, clock);
    how.timestamps = timestamps.get();
  }
  TRY(container.sign(*key, how));
  base::Bytes zip;
  TRY(container.write([&](base::BytesView piece) -> base::Result<void> {
    zip += piece;
    return base::done();
  }));
  return write(words[0], zip);
}

base::Result<void> run(const std::string& what, const std::vector<std::string>& words) {
  if (what == "container" && words.size() >= 4) return contain(words);
  if (what == "office" && words.size() == 4) {
    Key leader = TRY(key_in(words[1]));
    Key seal = TRY(key_in(words[2]));
    return Office(words[0], std::move(leader), std::move(seal), words[3]).run();
  }
  return base::Error(base::Code::invalid, "make_documents.usage",
                     "office DIRECTORY LEADER SEAL TSA | container OUTPUT KEY TSA|- FILE...",
                     "office THƯ-MỤC LÃNH-ĐẠO CON-DẤU TSA | container TỆP KHÓA TSA|- TỆP...");
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> all(words + 1, words + count);
  const auto done =
      all.empty() ? run("", {}) : run(all[0], std::vector<std::string>(all.begin() + 1, all.end()));
  if (done) return 0;
  std::fprintf(stderr, "%s: %s\n", std::string(done.error().reason()).c_str(),
               done.error().detail().c_str());
  return 1;
}
