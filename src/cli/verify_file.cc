#include "base/text.h"
#include "cli/commands.h"
#include "cli/evidence_office.h"
#include "cli/file_source.h"
#include "cli/site.h"
#include "edxml/reader.h"
#include "trust/bundle/judge_bundle.h"
#include "trust/intake/intake.h"
#include "trust/judge_file.h"

namespace cli {
namespace {

// The header of an edXML file, or nothing when the file is something else.
base::Result<std::optional<edxml::Document>> read_edxml(const trust::Source& file) {
  edxml::Reader reader;
  std::string piece(64 * 1024, '\0');
  for (std::uint64_t at = 0; at < file.size();) {
    const std::size_t got = TRY(file.read_at(at, piece.data(), piece.size()));
    if (got == 0 || !reader.feed({piece.data(), got})) return std::optional<edxml::Document>();
    at += got;
  }
  auto document = reader.finish();
  if (!document) return std::optional<edxml::Document>();
  return std::optional(*std::move(document));
}

struct Judged {
  trust::DocumentReport file;
  std::optional<trust::IntakeReport> attachments;     // of an edXML
  std::optional<trust::bundle::BundleReport> bundle;  // instead of both
  std::optional<trust::Verdict> verdict() const {
    if (bundle) return bundle->verdict();
    std::optional<trust::Verdict> worst;
    if (file.is_signed()) worst = file.verdict();
    // What was not looked at may be signed.
    if (file.incomplete)
      worst = std::max(worst.value_or(trust::Verdict::valid), trust::Verdict::undetermined);
    if (attachments && attachments->verdict())
      worst = std::max(worst.value_or(trust::Verdict::valid), *attachments->verdict());
    return worst;
  }
};

base::Error content_unused(const std::string& file) {
  return {base::Code::invalid, "cli.content_unused",
          "--content goes with a detached CMS signature or a timestamp (DER), which " + file +
              " is not; leave it out",
          "--content chỉ dùng cho chữ ký CMS tách rời hoặc dấu thời gian (DER), mà " + file +
              " không phải; hãy bỏ tùy chọn này"};
}

// The key of the log that the evidences of a bundle are in: as given, or the site's.
base::Result<std::optional<trust::log::NoteVerifier>> log_key(const VerifyFileOptions& options) {
  base::FileSystem& files = base::real_files();
  if (!options.log_key.empty()) {
    return std::optional(TRY(trust::log::NoteVerifier::parse(options.log_key)));
  }
  if (options.site.empty() || !files.exists(log_key_path(options.site))) {
    return std::optional<trust::log::NoteVerifier>();
  }
  const auto signer = TRY(read_log_key(options.site));
  return std::optional(signer->verifier());
}

base::Result<Judged> judge(const VerifyFileOptions& options) {
  base::FileSystem& files = base::real_files();
  const auto opened = TRY(FileSource::open(options.file));
  const FileSource& source = *opened;
  trust::Anchors anchors;
  if (!options.site.empty()) anchors = TRY(load_anchors(anchors_path(options.site)));
  for (const std::string& pem : options.anchors) {
    trust::Anchor like;
    like.name = pem;
    like.demonstration = pem.ends_with(".demonstration.pem");
    TRY(anchors.add_pem(TRY(base::read_file(files, pem, 16 << 20)), like));
  }
  const trust::Policy policy = trust::Policy::standard();
  // Whoever runs this command could ask there without it.
  const auto revocation =
      options.online ? trust::fetching_revocation_source({.private_addresses = true}) : nullptr;
  const base::SystemClock clock;
  const trust::Context context{anchors, policy, revocation.get(), clock.now(), 0, {}, nullptr};
  Judged judged;
  if (trust::bundle::is_bundle(source)) {
    const auto key = TRY(log_key(options));
    trust::bundle::BundlePolicy how;
    if (key) how.log_policy = trust::log::ProofPolicy{*key, {}, 0};
    judged.bundle = trust::bundle::judge_bundle(source, context, how);
    return judged;
  }
  std::string first(1024, '\0');
  first.resize(TRY(source.read_at(0, first.data(), first.size())));
  std::unique_ptr<FileSource> content;
  if (!options.content.empty()) {
    if (trust::kind_of(first) != trust::FileKind::cms) return content_unused(options.file);
    content = TRY(FileSource::open(options.content));
  }
  judged.file = trust::judge_file(source, options.file, context, content.get());
  if (trust::kind_of(first) != trust::FileKind::xml) return judged;
  if (const auto document = TRY(read_edxml(source))) {
    const auto read_at = [&](std::uint64_t offset, char* to, std::size_t wanted) {
      return source.read_at(offset, to, wanted);
    };
    trust::IntakeOptions intake;
    intake.spool_directory = "/tmp";
    judged.attachments = trust::judge_document(*document, read_at, context, nullptr, intake);
  }
  return judged;
}

}  // namespace

// 0 valid, 1 could not be judged (the error was printed), 3 unsigned, 4 undetermined, 5 invalid.
int verify_file(const Terminal& terminal, const VerifyFileOptions& options) {
  const auto judged = judge(options);
  if (!judged) return terminal.fail(judged.error());
  const auto verdict = judged->verdict();
  base::Json json;
  json.add("verdict", verdict ? trust::name_of(*verdict) : "unsigned");
  if (judged->bundle) {
    json.add("bundle", trust::bundle::to_json(*judged->bundle));
  } else {
    json.add("file", trust::to_json(judged->file));
  }
  if (judged->attachments) json.add("attachments", trust::to_json(*judged->attachments));
  terminal.give(json);
  const auto explain = [&](const trust::DocumentReport& report) {
    terminal.say({trust::to_text(report, base::Language::vietnamese),
                  trust::to_text(report, base::Language::english)});
  };
  if (judged->bundle) {
    terminal.say({trust::bundle::to_text(*judged->bundle, base::Language::vietnamese),
                  trust::bundle::to_text(*judged->bundle, base::Language::english)});
  } else {
    explain(judged->file);
  }
  if (judged->attachments) {
    for (const trust::DocumentReport& report : judged->attachments->attachments) explain(report);
  }
  if (!verdict) {
    terminal.say({"Kết luận: không có chữ ký số.", "Verdict: not digitally signed."});
    return 3;
  }
  const base::Text word = trust::text_of(*verdict);
  terminal.say({"Kết luận: " + word.vi + ".", "Verdict: " + word.en + "."});
  switch (*verdict) {
    case trust::Verdict::valid:
      return 0;
    case trust::Verdict::undetermined:
      return 4;
    case trust::Verdict::invalid:
      return 5;
  }
  return 1;
}

}  // namespace cli
