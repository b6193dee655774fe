#include "trust/pdf/history.h"

#include <algorithm>

namespace trust::pdf {
namespace {

bool out_of_bounds(const base::Error& error) {
  return error.reason() == "trust.pdf_limit" || error.reason() == "trust.out_of_time";
}

// Whether the revision's own fields hold this signature where the file now has it.
bool held(const File& revision, const File& file, const Signature& signature,
          const std::vector<Field>& fields) {
  const Place* then = revision.place(signature.number);
  const Place* now = file.place(signature.number);
  if (then == nullptr || now == nullptr || !(*then == *now)) return false;
  return std::any_of(fields.begin(), fields.end(), [&](const Field& field) {
    return field.name == signature.field && field.type == "Sig" && field.filled &&
           (field.value != 0 ? field.value : field.number) == signature.number;
  });
}

// Bytes after `from` that no revision accounts for. Objects among them would be shown by a reader
// that repairs files.
base::Result<void> loose_bytes(const Source& source, std::uint64_t from, Budget& budget,
                               std::vector<Change>& out) {
  constexpr std::size_t kPiece = 64u << 10;
  std::string piece, carried;
  std::uint64_t loose = 0;
  bool objects = false;
  for (std::uint64_t at = from; at < source.size();) {
    piece.resize(kPiece);
    const std::size_t got = TRY(source.read_at(at, piece.data(), piece.size()));
    if (got == 0) break;
    piece.resize(got);
    at += got;
    loose += static_cast<std::uint64_t>(
        std::count_if(piece.begin(), piece.end(), [](char c) { return !is_space(c); }));
    carried += piece;
    objects = objects || carried.find(" obj") != std::string::npos;
    carried.erase(0, carried.size() - std::min<std::size_t>(carried.size(), 3));
    TRY(budget.spend(got / 16));
  }
  if (loose == 0) return base::done();
  out.push_back({Level::anything, objects,
                 objects
                     ? base::Text{"có đối tượng được nối vào cuối tệp mà không thuộc phiên bản nào",
                                  "objects were appended that belong to no revision"}
                     : base::Text{"có nội dung được nối vào cuối tệp mà không thuộc phiên bản nào",
                                  "something was appended that belongs to no revision"}});
  return base::done();
}

bool builds_on(const File& later, const File& earlier) {
  return std::find(later.sections().begin(), later.sections().end(), earlier.sections().front()) !=
         later.sections().end();
}

class Historian {
 public:
  Historian(const File& file, const Source& source, std::vector<Signature>& signatures)
      : file_(file), source_(source), signatures_(signatures) {}

  base::Result<History> run() {
    std::shared_ptr<const File> before;
    std::uint64_t end = 0;
    for (Signature& signature : signatures_) {
      if (signature.wrong || signature.end == end) continue;
      end = signature.end;
      std::shared_ptr<const File> revision = TRY(open(end));
      if (revision == nullptr) continue;
      if (before != nullptr) TRY(step(*before, *revision));
      history_.revisions.push_back({end, false, {}, {}});
      const base::Result<Dict> root = catalog(*revision);
      history_.revisions.back().store = root.ok() && !at(*root, "DSS").null();
      before = std::move(revision);
    }
    return last(before.get());
  }

 private:
  void refuse(std::uint64_t end, const base::Text& why) {
    for (Signature& signature : signatures_) {
      if (signature.end == end && !signature.wrong) signature.wrong = why;
    }
  }

  // The whole file is its last revision, and is not read again.
  base::Result<std::shared_ptr<const File>> read(std::uint64_t end) const {
    if (end == file_.source().size() && file_.trailing() == 0) {
      return std::shared_ptr<const File>(std::shared_ptr<const File>(), &file_);
    }
    std::unique_ptr<File> opened = TRY(File::open(source_, end, true, file_.budget()));
    return std::shared_ptr<const File>(std::move(opened));
  }

  // The revision with that end; nothing when there is none, and then its signatures say so.
  base::Result<std::shared_ptr<const File>> open(std::uint64_t end) {
    base::Result<std::shared_ptr<const File>> revision = read(end);
    base::Result<std::vector<Field>> fields =
        revision.ok() ? fields_of(**revision)
                      : base::Result<std::vector<Field>>(std::vector<Field>());
    const base::Error* error = !revision.ok() ? &std::as_const(revision).error()
                               : !fields.ok() ? &std::as_const(fields).error()
                                              : nullptr;
    if (error != nullptr) {
      if (out_of_bounds(*error)) return *error;
      refuse(end, {"nội dung mà chữ ký bao phủ không phải một phiên bản trọn vẹn của tệp: " +
                       error->text().vi,
                   "what the signature covers is not a whole revision of the file: " +
                       error->text().en});
      return std::shared_ptr<const File>();
    }
    for (Signature& signature : signatures_) {
      if (signature.end != end || signature.wrong || held(**revision, file_, signature, *fields))
        continue;
      signature.wrong = base::Text{"chữ ký không nằm trong phiên bản mà nó bao phủ",
                                   "the signature is not in the revision that it covers"};
    }
    return revision;
  }

  base::Result<void> step(const File& before, const File& after) {
    base::Result<Changes> changes = changes_between(before, after);
    Revision& revision = history_.revisions.back();
    if (!changes.ok()) {
      revision.unknown = changes.error();
      if (out_of_bounds(changes.error())) return changes.error();
      return base::done();
    }
    revision.changes = std::move(changes->list);
    if (!builds_on(after, before)) {
      revision.changes.push_back({Level::anything,
                                  false,
                                  {"bản cập nhật không nối tiếp phiên bản đã ký",
                                   "the update does not build on the signed revision"}});
    }
    history_.survey = std::move(changes->survey);
    return base::done();
  }

  base::Result<History> last(const File* before) {
    const bool same = before != nullptr && before->sections().front() == file_.sections().front();
    if (before == nullptr || same) {
      history_.survey = TRY(survey(file_, {}));
    } else {
      TRY(step(*before, file_));
    }
    if (!history_.revisions.empty()) {
      Revision& revision = history_.revisions.back();
      TRY(loose_bytes(source_, same ? revision.end : file_.end(), file_.budget(),
                      revision.changes));
    }
    return std::move(history_);
  }

  const File& file_;
  const Source& source_;
  std::vector<Signature>& signatures_;
  History history_;
};

}  // namespace

base::Result<History> history_of(const File& file, const Source& source,
                                 std::vector<Signature>& signatures) {
  return Historian(file, source, signatures).run();
}

Later later_than(const History& history, const Signature& signature) {
  // Without /DocMDP it is left to the reader: it may be signed again anywhere, and its form filled.
  const Level permitted = signature.permits.value_or(Level::signing);
  Later out;
  const auto add = [&out](base::Text text, Verdict verdict) {
    if (verdict > out.verdict) {
      out.verdict = verdict;
      out.worst = text;
    }
    if (verdict != Verdict::valid) {
      text.vi += " (chữ ký không cho phép)";
      text.en += " (the signature does not permit it)";
    }
    const auto same = [&text](const base::Text& other) { return other.en == text.en; };
    constexpr std::size_t kListed = 200;
    if (out.texts.size() < kListed && std::none_of(out.texts.begin(), out.texts.end(), same))
      out.texts.push_back(std::move(text));
  };
  for (const Revision& revision : history.revisions) {
    if (revision.end < signature.end) continue;
    if (revision.unknown) add(revision.unknown->text(), Verdict::undetermined);
    for (const Change& change : revision.changes) {
      const bool locked =
          change.level == Level::form && !change.field.empty() && signature.locks(change.field);
      const bool refused = change.level > permitted || locked;
      add(change.text, !refused      ? Verdict::valid
                       : change.seen ? Verdict::invalid
                                     : Verdict::undetermined);
    }
  }
  return out;
}

}  // namespace trust::pdf
