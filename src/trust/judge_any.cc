#include "trust/judge_any.h"

#include <algorithm>

#include "edxml/reader.h"
#include "trust/judge_file.h"

namespace trust {
namespace {

// The header of an edXML file, or nothing when the file is something else.
base::Result<std::optional<edxml::Document>> read_edxml(const Source& file) {
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

}  // namespace

std::optional<Verdict> AnyReport::verdict() const {
  if (bundle) return bundle->verdict();
  std::optional<Verdict> worst;
  if (file.is_signed()) worst = file.verdict();
  if (file.incomplete) worst = std::max(worst.value_or(Verdict::valid), Verdict::undetermined);
  if (attachments && attachments->verdict())
    worst = std::max(worst.value_or(Verdict::valid), *attachments->verdict());
  return worst;
}

base::Result<AnyReport> judge_any(const Source& file, std::string_view name, const Context& context,
                                  const AnyOptions& options) {
  AnyReport judged;
  if (bundle::is_bundle(file)) {
    bundle::BundlePolicy how;
    if (options.log_key) how.log_policy = log::ProofPolicy{*options.log_key, {}, 0};
    judged.bundle = bundle::judge_bundle(file, context, how);
    return judged;
  }
  std::string first(1024, '\0');
  first.resize(TRY(file.read_at(0, first.data(), first.size())));
  judged.file = judge_file(file, name, context, options.content);
  // Kinds that carry no signature are not read.
  if (judged.file.sha256.empty()) judged.file.sha256 = file.sha256().value_or(base::Bytes());
  if (kind_of(first) != FileKind::xml) return judged;
  if (const auto document = TRY(read_edxml(file))) {
    const auto read_at = [&](std::uint64_t offset, char* to, std::size_t wanted) {
      return file.read_at(offset, to, wanted);
    };
    judged.attachments = judge_document(*document, read_at, context, nullptr, options.intake);
    if (!judged.attachments->complete) judged.file.incomplete = true;
  }
  return judged;
}

base::Json to_json(const AnyReport& report) {
  const auto verdict = report.verdict();
  base::Json json;
  json.add("verdict", verdict ? name_of(*verdict) : "unsigned");
  if (report.bundle) {
    json.add("bundle", bundle::to_json(*report.bundle));
  } else {
    json.add("file", to_json(report.file));
  }
  if (report.attachments) json.add("attachments", to_json(*report.attachments));
  return json;
}

std::vector<base::Text> explain(const AnyReport& report) {
  if (report.bundle) {
    return {{bundle::to_text(*report.bundle, base::Language::vietnamese),
             bundle::to_text(*report.bundle, base::Language::english)}};
  }
  std::vector<base::Text> all;
  const auto add = [&](const DocumentReport& one) {
    all.push_back(
        {to_text(one, base::Language::vietnamese), to_text(one, base::Language::english)});
  };
  add(report.file);
  if (report.attachments) {
    for (const DocumentReport& one : report.attachments->attachments) add(one);
  }
  return all;
}

base::Text text_of(const AnyReport& report) {
  const auto verdict = report.verdict();
  return verdict ? text_of(*verdict) : base::Text{"không có chữ ký số", "not digitally signed"};
}

}  // namespace trust
