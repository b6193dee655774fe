#include "trust/log/checkpoint.h"

#include <charconv>
#include <optional>

#include "base/hash.h"
#include "base/text.h"

namespace trust::log {

using base::Result;

std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  if (size > (std::uint64_t{1} << 62)) return std::nullopt;
  return size;
}

std::string Checkpoint::text() const {
  return origin + "\n" + std::to_string(size) + "\n" + base::base64(root) + "\n";
}

Result<Checkpoint> Checkpoint::parse(std::string_view text) {
  const base::Error malformed(base::Code::invalid, "trust.checkpoint_malformed",
                              "this is not the head of a log: origin, size and root are expected",
                              "Không phải đầu nhật ký: cần có tên gốc, kích thước và mã băm gốc");
  if (text.empty() || text.back() != '\n') return malformed;
  text.remove_suffix(1);
  const auto lines = base::split(text, '\n');
  if (lines.size() < 3) return malformed;
  for (const std::string_view line : lines) {
    if (line.empty()) return malformed;
  }
  const auto size = parse_size(lines[1]);
  auto root = base::from_base64(lines[2]);
  if (!size || !root || root->size() != base::kSha256Bytes || base::base64(*root) != lines[2]) {
    return malformed;
  }
  return Checkpoint{std::string(lines[0]), *size, std::move(*root)};
}

Result<SignedCheckpoint> SignedCheckpoint::read(base::BytesView bytes, const NoteVerifier& log) {
  SignedCheckpoint out;
  out.note = TRY(parse_note(bytes));
  out.head = TRY(Checkpoint::parse(out.note.text));
  const auto bad = [](const std::string& vi, const std::string& en) {
    return base::Error(base::Code::invalid, "trust.log_bad_signature",
                       "the head of the log cannot be believed: " + en,
                       "Không thể tin đầu nhật ký: " + vi);
  };
  if (out.head.origin != log.name()) {
    return bad("của nhật ký " + out.head.origin, "it is of the log " + out.head.origin);
  }
  if (auto checked = check_note(out.note, log); !checked) {
    return bad(checked.error().text().vi, checked.error().text().en);
  }
  return out;
}

std::vector<Cosignature> cosignatures_of(const Note& note,
                                         const std::vector<NoteVerifier>& witnesses) {
  std::vector<Cosignature> out;
  for (const NoteVerifier& witness : witnesses) {
    base::Time at;
    if (check_note(note, witness, &at)) out.push_back({witness.name(), at});
  }
  return out;
}

}  // namespace trust::log
