// Judges one file of any kind that carries signatures: a bundle of evidence, an edXML with its
// attachments, a PDF, a container, XML, CMS. What `truc verify FILE` and the open call of the API
// say alike.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trust/bundle/judge_bundle.h"
#include "trust/intake/intake.h"
#include "trust/judge.h"
#include "trust/log/proof.h"

namespace trust {

struct AnyReport {
  DocumentReport file;
  std::optional<IntakeReport> attachments;     // of an edXML
  std::optional<bundle::BundleReport> bundle;  // instead of both
  // The worst of all; nothing when nothing is signed. What was not looked at may be signed.
  std::optional<Verdict> verdict() const;
};

struct AnyOptions {
  const Source* content = nullptr;  // what a signature in a file of its own covers: judge_file()
  std::optional<log::NoteVerifier> log_key;  // of the log that evidences of a bundle are in
  IntakeOptions intake = {};
};

// `name` is for people. The errors of reading the file.
base::Result<AnyReport> judge_any(const Source& file, std::string_view name, const Context& context,
                                  const AnyOptions& options);

// {"verdict": "valid" … or "unsigned", "bundle" or "file" and "attachments"}.
base::Json to_json(const AnyReport& report);
// Paragraphs for people, one for each thing that was judged.
std::vector<base::Text> explain(const AnyReport& report);
base::Text text_of(const AnyReport& report);  // the verdict in words

}  // namespace trust
