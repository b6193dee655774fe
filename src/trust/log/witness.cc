#include "trust/log/witness.h"

#include <algorithm>

#include "base/check.h"
#include "base/hash.h"
#include "base/text.h"
#include "trust/log/tiles.h"

namespace trust::log {

using base::Bytes;
using base::BytesView;
using base::Code;
using base::Error;
using base::Result;

namespace {

constexpr std::size_t kPathMax = 63;
constexpr const char* kPlain = "text/plain; charset=utf-8";

Error malformed() {
  return Error(Code::invalid, "trust.witness_request_malformed",
               "the request to the witness is malformed", "Yêu cầu gửi nhân chứng sai định dạng");
}

WitnessAnswer conflict(std::uint64_t size) {
  return {409, "text/x.tlog.size", std::to_string(size) + "\n"};
}

WitnessAnswer refusal(int status, std::string_view why) {
  return {status, kPlain, std::string(why) + "\n"};
}

}  // namespace

std::string AddCheckpoint::body() const {
  std::string out = "old " + std::to_string(old_size) + "\n";
  for (const Bytes& hash : path) out += base::base64(hash) + "\n";
  return out + "\n" + checkpoint;
}

Result<AddCheckpoint> AddCheckpoint::parse(BytesView body) {
  if (body.size() > kAddCheckpointBytesMax || !body.starts_with("old ")) return malformed();
  const std::size_t blank = body.find("\n\n");
  if (blank == body.npos) return malformed();
  const auto lines = base::split(body.substr(0, blank), '\n');
  const auto size = parse_size(lines.front().substr(4));
  if (!size || lines.size() > 1 + kPathMax) return malformed();
  AddCheckpoint out;
  out.old_size = *size;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    auto hash = base::from_base64(lines[i]);
    if (!hash || hash->size() != base::kSha256Bytes) return malformed();
    out.path.push_back(std::move(*hash));
  }
  out.checkpoint = Bytes(body.substr(blank + 2));
  return out;
}

Result<std::unique_ptr<Witness>> Witness::open(Parts parts) {
  CHECK(parts.signer.verifier().algorithm() == NoteAlgorithm::cosignature);
  TRY(parts.files.make_directory(parts.directory));
  TRY(parts.files.sync_directory(base::directory_of(parts.directory)));
  auto witness = std::make_unique<Witness>(std::move(parts));
  witness->lock_ = TRY(witness->parts_.files.lock(witness->parts_.directory + "/lock"));
  return witness;
}

std::string Witness::path_of(const std::string& origin) const {
  return parts_.directory + "/" + base::hex(base::sha256(origin));
}

WitnessAnswer Witness::add_checkpoint(BytesView body) {
  auto out = answer(body);
  if (out) return std::move(*out);
  if (out.error().code() == Code::invalid) return refusal(400, out.error().detail());
  return refusal(500, out.error().detail());
}

Result<std::optional<Bytes>> Witness::cosigned(const std::string& origin) {
  auto bytes = base::read_file(parts_.files, path_of(origin), kNoteBytesMax);
  if (bytes) return std::optional(std::move(*bytes));
  if (bytes.error().code() == Code::not_found) return std::optional<Bytes>();
  return std::move(bytes).error();
}

Result<WitnessAnswer> Witness::answer(BytesView body) {
  const AddCheckpoint request = TRY(AddCheckpoint::parse(body));
  Note note = TRY(parse_note(request.checkpoint));
  const Checkpoint head = TRY(Checkpoint::parse(note.text));
  bool known = false, is_signed = false;
  for (const NoteVerifier& log : parts_.logs) {
    if (log.name() != head.origin) continue;
    known = true;
    for (const NoteSignature& signature : note.signatures) {
      is_signed = is_signed || log.verify(note.text, signature);
    }
  }
  if (!known) return refusal(404, "unknown log");
  if (!is_signed) return refusal(403, "no signature by a key that is trusted for this log");
  if (request.old_size > head.size) return refusal(400, "the old size is larger than the new");

  std::lock_guard lock(mutex_);  // comparing and keeping is one step
  Checkpoint kept{head.origin, 0, empty_root()};
  if (const auto bytes = TRY(cosigned(head.origin))) {
    const auto was = parse_note(*bytes);
    auto parsed = was ? Checkpoint::parse(was->text) : was.error();
    if (!parsed || parsed->origin != head.origin) {
      return Error(Code::data_loss, "trust.witness_memory_damaged",
                   "what the witness remembers of " + head.origin + " cannot be read",
                   "Không đọc được trí nhớ của nhân chứng về " + head.origin);
    }
    kept = std::move(*parsed);
  }
  if (request.old_size != kept.size) return conflict(kept.size);
  if (request.old_size == head.size && kept.root != head.root) return conflict(kept.size);
  if (!verify_consistency(kept.size, kept.root, head.size, head.root, request.path)) {
    return refusal(422, "the consistency proof does not verify");
  }
  const NoteSignature cosignature = TRY(parts_.signer.sign(note.text, parts_.clock.now()));
  note.signatures.push_back(cosignature);
  TRY(base::write_file_durably(parts_.files, path_of(head.origin), note.to_bytes()));
  return WitnessAnswer{200, kPlain, line_of(cosignature)};
}

void Witnesses::add(NoteVerifier key, std::unique_ptr<WitnessTransport> transport) {
  witnesses_.push_back({std::move(key), std::move(transport), 0});
}

Result<NoteSignature> Witnesses::ask(Known& witness, const Checkpoint& head, const Note& note) {
  const auto rolled_back = [&] {
    return Error(Code::data_loss, "trust.log_rolled_back",
                 "the witness " + witness.key.name() +
                     " has cosigned another history of this log: restore the log's newest files",
                 "Nhân chứng " + witness.key.name() +
                     " đã ký một lịch sử khác của nhật ký này: hãy khôi phục tệp mới nhất");
  };
  const auto source = log_.source();
  TileTree tree(*source, head.size);
  // A second time with the size that the witness says it has.
  for (int attempt = 0;; ++attempt) {
    if (witness.size > head.size) return rolled_back();
    AddCheckpoint request{witness.size, {}, note.to_bytes()};
    request.path = TRY(tree.consistency(witness.size));
    const WitnessAnswer answer = TRY(witness.transport->add_checkpoint(request.body()));
    if (answer.status == 200) {
      for (const NoteSignature& line : TRY(parse_signature_lines(answer.body))) {
        if (!witness.key.verify(note.text, line)) continue;
        witness.size = head.size;
        return line;
      }
    }
    const auto size = parse_size(base::trim(answer.body));
    if (answer.status == 409 && size) {
      if (*size > head.size || (*size == head.size && attempt > 0)) return rolled_back();
      witness.size = *size;
      if (attempt == 0) continue;
    }
    const std::string why = "HTTP " + std::to_string(answer.status) + " " +
                            std::string(base::cut_utf8(base::trim(answer.body), 200));
    return Error(Code::forbidden, "trust.witness_refused",
                 "the witness " + witness.key.name() + " did not cosign: " + why,
                 "Nhân chứng " + witness.key.name() + " không cùng ký: " + why);
  }
}

std::vector<Witnesses::Outcome> Witnesses::ask(const std::function<bool(std::size_t)>& wanted) {
  std::vector<Outcome> outcomes;
  auto note = parse_note(log_.head_note());
  CHECK(note.ok());
  // Only our own signature goes out: what others said of it is theirs to say.
  std::erase_if(note->signatures,
                [&](const NoteSignature& line) { return !log_.verifier().made(line); });
  const Checkpoint head = Checkpoint::parse(note->text).value();
  if (note->text != text_) {
    text_ = note->text;
    collected_.clear();
  }
  bool more = false;
  for (std::size_t i = 0; i < witnesses_.size(); ++i) {
    Known& witness = witnesses_[i];
    const bool has = std::any_of(collected_.begin(), collected_.end(),
                                 [&](const auto& line) { return witness.key.made(line); });
    if (has || (wanted && !wanted(i))) continue;
    auto line = ask(witness, head, *note);
    outcomes.push_back({witness.key.name(), base::done()});
    if (line) {
      collected_.push_back(std::move(*line));
      more = true;
    } else {
      outcomes.back().result = std::move(line).error();
    }
  }
  if (more) {
    if (auto published = log_.publish_cosignatures(*note, collected_); !published) {
      outcomes.push_back({log_.verifier().name(), std::move(published).error()});
    }
  }
  return outcomes;
}

}  // namespace trust::log
