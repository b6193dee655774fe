#include "trust/intake/intake.h"

#include <algorithm>

#include "trust/intake/spool.h"
#include "trust/judge_file.h"
#include "trust/xml/judge_xml.h"

namespace trust {
namespace {

DocumentReport cut_off(DocumentReport report) {
  report.incomplete = true;
  report.remarks.push_back({"Hết thời gian dành cho việc kiểm tra; đang kiểm tra tiếp",
                            "the time for judging ran out; it is being checked further"});
  return report;
}

DocumentReport judge_attachment(const edxml::Attachment& attachment, const edxml::ReadAt& read_at,
                                const Context& context, Scanner* scanner,
                                const IntakeOptions& options) {
  DocumentReport report;
  report.name = attachment.name;
  report.media_type = attachment.content_type;
  report.judged_at = context.now;
  if (context.out_of_time()) return cut_off(std::move(report));
  Spool spool(options.spool_directory, options.memory_bytes_max);
  bool late = false;
  const auto unpacked =
      edxml::extract(attachment, read_at, options.content_bytes_max,
                     [&](base::BytesView piece) -> base::Result<void> {
                       if (context.out_of_time()) {
                         late = true;
                         return base::Error(base::Code::unavailable, "trust.out_of_time",
                                            "out of time", "hết thời gian");
                       }
                       return spool.write(piece);
                     });
  if (late) return cut_off(std::move(report));
  if (!unpacked) {
    report.incomplete = unpacked.error().code() == base::Code::unavailable;
    report.remarks.push_back(unpacked.error().text());
    return report;
  }
  base::Bytes hash = spool.finish_hash();
  report = judge_file(spool, attachment.name, context);
  report.media_type = attachment.content_type;
  report.sha256 = std::move(hash);
  if (scanner) report.scan = scanner->scan(spool, context.deadline_micros);
  return report;
}

}  // namespace

std::optional<Verdict> IntakeReport::verdict() const {
  std::optional<Verdict> worst;
  for (const DocumentReport& report : attachments) {
    if (report.incomplete) worst = std::max(worst.value_or(Verdict::valid), Verdict::undetermined);
    if (report.is_signed()) worst = std::max(worst.value_or(Verdict::valid), report.verdict());
  }
  return worst;
}

bool IntakeReport::signed_by(SignatureReport::Capacity capacity) const {
  if (attachments.empty()) return false;
  const auto& signatures = attachments.front().signatures;
  return std::any_of(signatures.begin(), signatures.end(), [&](const SignatureReport& signature) {
    return signature.verdict == Verdict::valid && signature.capacity == capacity;
  });
}

std::optional<std::string> IntakeReport::malware() const {
  for (const DocumentReport& report : attachments) {
    if (report.scan && report.scan->outcome == Scan::Outcome::infected)
      return report.scan->malware + " (" + report.name + ")";
  }
  return std::nullopt;
}

IntakeReport judge_document(const edxml::Document& document, const edxml::ReadAt& read_at,
                            const Context& context, Scanner* scanner, const IntakeOptions& options,
                            const Source* file) {
  IntakeReport report;
  report.attachments.reserve(document.attachments.size());
  for (const edxml::Attachment& attachment : document.attachments) {
    report.attachments.push_back(judge_attachment(attachment, read_at, context, scanner, options));
    report.complete = report.complete && !report.attachments.back().incomplete;
  }
  if (file == nullptr || !document.has_signature) return report;
  report.envelope = judge_xml(*file, context);
  report.envelope->name = "edXML";
  report.envelope->size = file->size();
  report.envelope->judged_at = context.now;
  if (report.envelope->incomplete && context.out_of_time()) report.complete = false;
  return report;
}

base::Json to_json(const IntakeReport& report) {
  base::Json attachments{base::Json::Array{}};
  for (const DocumentReport& attachment : report.attachments) attachments.push(to_json(attachment));
  base::Json json;
  const auto verdict = report.verdict();
  json.add("verdict", verdict ? name_of(*verdict) : "unsigned");
  json.add("complete", report.complete);
  json.add("attachments", std::move(attachments));
  if (report.envelope) json.add("envelope", to_json(*report.envelope));
  return json;
}

}  // namespace trust
