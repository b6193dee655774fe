#include "base/text.h"
#include "cli/commands.h"
#include "cli/evidence_office.h"
#include "cli/file_source.h"
#include "cli/site.h"
#include "trust/judge_any.h"
#include "trust/judge_file.h"

namespace cli {
namespace {

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

base::Result<trust::AnyReport> judge(const VerifyFileOptions& options) {
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
  trust::AnyOptions how;
  how.intake.spool_directory = "/tmp";
  if (trust::bundle::is_bundle(source)) how.log_key = TRY(log_key(options));
  std::unique_ptr<FileSource> content;
  if (!options.content.empty()) {
    std::string first(1024, '\0');
    first.resize(TRY(source.read_at(0, first.data(), first.size())));
    if (trust::kind_of(first) != trust::FileKind::cms) return content_unused(options.file);
    content = TRY(FileSource::open(options.content));
  }
  how.content = content.get();
  return trust::judge_any(source, options.file, context, how);
}

}  // namespace

// 0 valid, 1 could not be judged (the error was printed), 3 unsigned, 4 undetermined, 5 invalid.
int verify_file(const Terminal& terminal, const VerifyFileOptions& options) {
  const auto judged = judge(options);
  if (!judged) return terminal.fail(judged.error());
  const auto verdict = judged->verdict();
  terminal.give(trust::to_json(*judged));
  for (const base::Text& paragraph : trust::explain(*judged)) terminal.say(paragraph);
  const base::Text word = trust::text_of(*judged);
  terminal.say({"Kết luận: " + word.vi + ".", "Verdict: " + word.en + "."});
  if (!verdict) return 3;
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
