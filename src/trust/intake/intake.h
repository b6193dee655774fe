// Judging a document on its way in: each attachment where it is, inside the edXML and inside its
// single-entry zip, streaming, within a budget of time.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "edxml/attachments.h"
#include "edxml/document.h"
#include "trust/judge.h"
#include "trust/scan/scanner.h"

namespace trust {

struct IntakeOptions {
  std::string spool_directory;
  std::uint64_t memory_bytes_max = 4u << 20;     // of an attachment, before it goes to a spool file
  std::uint64_t content_bytes_max = 8ull << 30;  // of an attachment; beyond: undetermined
};

struct IntakeReport {
  std::vector<DocumentReport> attachments;  // as many as the document has, in its order
  // The edXML file's own XML signature, where it has a signature element. It is shown and decides
  // nothing: what counts in law are the attachments' signatures, and every re-written header breaks
  // this one.
  std::optional<DocumentReport> envelope;
  bool complete = true;  // false: the budget ended first, judge again without it

  // Over the main document (the first attachment) and all others: the worst of what is signed;
  // nothing when nothing is signed.
  std::optional<Verdict> verdict() const;
  // Whether the main document is validly signed by a person, and by an organisation (Decree 30/2020
  // art. 5 asks for both).
  bool signed_by(SignatureReport::Capacity capacity) const;
  // The first malware found, with the attachment's name; nothing when none was.
  std::optional<std::string> malware() const;
};

// `scanner` may be null. The deadline is the context's; an attachment that it cuts off is reported
// as incomplete. `file`, the edXML itself, is judged last where it says that it is signed; null:
// the attachments only.
IntakeReport judge_document(const edxml::Document& document, const edxml::ReadAt& read_at,
                            const Context& context, Scanner* scanner, const IntakeOptions& options,
                            const Source* file = nullptr);

base::Json to_json(const IntakeReport& report);

}  // namespace trust
