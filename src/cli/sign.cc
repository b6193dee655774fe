#include "cli/commands.h"
#include "cli/file_source.h"
#include "cli/signing_keys.h"
#include "cli/site.h"
#include "trust/certificate.h"
#include "trust/key.h"
#include "trust/signing/pdf_sign.h"

namespace cli {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;

base::Result<trust::signing::PdfLevel> level_of(const SignOptions& options) {
  using trust::signing::PdfLevel;
  const std::pair<std::string_view, PdfLevel> known[] = {
      {"b", PdfLevel::b}, {"t", PdfLevel::t}, {"lt", PdfLevel::lt}, {"lta", PdfLevel::lta}};
  for (const auto& [name, level] : known) {
    if (name == options.level) return level;
  }
  return base::Error(base::Code::invalid, "cli.unknown_level",
                     "the level must be b, t, lt or lta, not " + options.level,
                     "mức phải là b, t, lt hoặc lta, không phải " + options.level);
}

struct Made {
  trust::signing::SignedPdf pdf;
  std::optional<base::Time> expired;  // the signing certificate was, since then
};

base::Result<Made> sign_file(const SignOptions& options) {
  base::FileSystem& files = base::real_files();
  const base::SystemClock clock;
  const auto key = TRY(open_named_key(options.site, options.key, options.password_file, clock));
  const auto document = TRY(FileSource::open(options.file));
  trust::signing::PdfSigning how;
  how.level = TRY(level_of(options));
  std::unique_ptr<trust::TimestampClient> timestamps;
  if (!options.timestamps.empty()) {
    timestamps = trust::timestamp_client({options.timestamps}, clock);
    how.timestamps = timestamps.get();
  }
  // Whoever runs this command could ask there without it.
  const auto revocation = trust::fetching_revocation_source({.private_addresses = true});
  how.revocation = revocation.get();
  trust::signing::PdfUpdate update;
  update.signature.emplace();
  update.signature->field = options.field;
  update.signature->page = options.page;
  if (options.show) {
    update.signature->appearance.lines = {trust::signing::signing_time_text(clock.now())};
  }
  Made done;
  done.pdf = TRY(trust::signing::sign_pdf(*key, *document, update, how, clock));
  if (!key->certificates().empty()) {
    const auto certificate = trust::read_certificate(key->certificates().front());
    if (certificate) {
      const base::Time end = trust::summary_of(certificate.get()).not_after;
      if (end <= clock.now()) done.expired = end;
    }
  }
  const auto output = TRY(files.open(options.output, base::FileSystem::Mode::create_new));
  std::string piece(kPieceBytes, '\0');
  for (std::uint64_t at = 0; at < document->size();) {
    const std::size_t got = TRY(document->read_at(at, piece.data(), piece.size()));
    if (got == 0) break;
    TRY(output->write_at(at, {piece.data(), got}));
    at += got;
  }
  TRY(output->write_at(document->size(), done.pdf.appended));
  TRY(output->sync());
  return done;
}

}  // namespace

int sign(const Terminal& terminal, const SignOptions& options) {
  const auto done = sign_file(options);
  if (!done) return terminal.fail(done.error());
  const trust::signing::SignedPdf* const made = &done->pdf;
  const std::string_view levels[] = {"PAdES-B-B", "PAdES-B-T", "PAdES-B-LT", "PAdES-B-LTA"};
  const std::string level(levels[static_cast<std::size_t>(made->level)]);
  base::Json json;
  json.add("file", options.output).add("level", level);
  base::Text text{"Đã ký (" + level + "): " + options.output,
                  "Signed (" + level + "): " + options.output};
  if (made->shortfall) {
    json.add("shortfall", made->shortfall->reason());
    text.vi +=
        "\nChưa đạt mức mong muốn: " + made->shortfall->text().in(base::Language::vietnamese);
    text.en += "\nBelow the level wished: " + made->shortfall->detail();
  }
  if (done->expired) {
    const std::string on = base::vietnam_time_text(*done->expired, '-').substr(0, 10);
    json.add("certificate_expired", base::iso_time_text(*done->expired));
    text.vi += "\n! Chứng thư đã hết hạn ngày " + on +
               ": chữ ký này sẽ không được coi là hợp lệ; hãy xin cấp chứng thư mới";
    text.en += "\n! The certificate expired on " + on +
               ": this signature will not be judged valid; ask for a new certificate";
  }
  terminal.answer(text, json);
  return 0;
}

}  // namespace cli
