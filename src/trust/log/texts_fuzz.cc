// Any bytes as each of the texts that strangers send about logs and evidences: what is read is
// written back as it was, where the form has one way to be written.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "trust/evidence/batch.h"
#include "trust/evidence/evidence.h"
#include "trust/evidence/proof.h"
#include "trust/log/checkpoint.h"
#include "trust/log/monitor.h"
#include "trust/log/proof.h"
#include "trust/log/serve.h"
#include "trust/log/witness.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trust;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto note = log::parse_note(text)) {
    CHECK(log::parse_note(note->to_bytes())->to_bytes() == note->to_bytes());
    if (const auto head = log::Checkpoint::parse(note->text)) {
      CHECK(log::Checkpoint::parse(head->text()).value() == *head);
    }
  }
  if (const auto proof = log::Proof::parse(text)) {
    CHECK(log::Proof::parse(proof->text())->text() == proof->text());
  }
  if (const auto request = log::AddCheckpoint::parse(text)) {
    CHECK(log::AddCheckpoint::parse(request->body())->body() == request->body());
  }
  if (const auto state = log::MonitorState::parse(text)) {
    CHECK(log::MonitorState::parse(state->text())->text() == state->text());
  }
  static_cast<void>(log::parse_entries(text));
  static_cast<void>(log::is_log_path(text));
  static_cast<void>(log::NoteVerifier::parse(text));
  if (const auto evidence = evidence::Evidence::parse(text)) {
    CHECK(evidence->bytes().value() == text);
  }
  if (const auto note = evidence::BatchNote::parse(text)) CHECK(note->text() == text);
  if (const auto proof = evidence::EvidenceProof::parse(text)) {
    CHECK(evidence::EvidenceProof::parse(proof->text())->text() == proof->text());
  }
  return 0;
}
