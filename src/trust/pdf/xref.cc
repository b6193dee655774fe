#include "trust/pdf/xref.h"

#include <algorithm>
#include <array>

#include "trust/pdf/file.h"
#include "trust/pdf/inflate.h"

namespace trust::pdf {
namespace {

constexpr std::size_t kSectionsMax = 1024;

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace

class XrefReader {
 public:
  explicit XrefReader(File& file) : file_(file), budget_(file.budget_) {}

  base::Result<void> read() {
    // Readers count from the header (ISO 32000-2 §7.5.2) or from the first byte (ISO 32000-1).
    // Where junk stands before the header both are tried; who asks sees header_at().
    const base::Result<void> from_header = chain(file_.header_at_);
    if (from_header.ok() || file_.header_at_ == 0) return finish(from_header);
    reset();
    return finish(chain(0));
  }

 private:
  void reset() {
    found_.clear();
    file_.sections_.clear();
    file_.trailer_ = {};
    file_.hybrid_ = false;
  }

  base::Result<void> finish(const base::Result<void>& chained) {
    if (!chained.ok()) return chained.error();
    // The first that was found of a number is the newest.
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Place& a, const Place& b) { return a.number < b.number; });
    found_.erase(std::unique(found_.begin(), found_.end(),
                             [](const Place& a, const Place& b) { return a.number == b.number; }),
                 found_.end());
    file_.places_ = std::move(found_);
    if (at(file_.trailer_, "Root").as<Ref>() == nullptr) {
      return malformed(file_.startxref_, "the trailer names no catalog",
                       "phần cuối tệp không nêu danh mục gốc");
    }
    return base::done();
  }

  base::Result<void> chain(std::uint64_t base) {
    base_ = base;
    std::uint64_t next = file_.startxref_;
    while (true) {
      const std::uint64_t here = next + base_;
      if (here >= file_.prefix_.size()) {
        return malformed(here, "the cross-reference table lies outside of the file",
                         "bảng tham chiếu nằm ngoài tệp");
      }
      if (std::find(file_.sections_.begin(), file_.sections_.end(), here) !=
          file_.sections_.end()) {
        return malformed(here, "the cross-reference tables lead in circles",
                         "các bảng tham chiếu trỏ vòng quanh");
      }
      if (file_.sections_.size() >= kSectionsMax) {
        return over_limit("the PDF has more revisions than what is looked at",
                          "tệp PDF có nhiều phiên bản hơn mức được xem xét");
      }
      file_.sections_.push_back(here);
      Dict trailer = TRY(section(here));
      const Object previous = at(trailer, "Prev");
      if (file_.sections_.size() == 1) file_.trailer_ = std::move(trailer);
      if (previous.null()) return base::done();
      const auto* offset = previous.as<std::int64_t>();
      if (offset == nullptr || *offset < 0)
        return malformed(here, "/Prev is no number", "/Prev không phải là số");
      next = static_cast<std::uint64_t>(*offset);
    }
  }

  base::Result<Dict> section(std::uint64_t here) {
    Lexer lexer(file_.prefix_, here);
    const Token first = lexer.next();
    if (first == Token::keyword && lexer.text() == "xref") return table(lexer, here);
    if (first == Token::integer && lexer.integer() > 0 && lexer.integer() <= 0x7fffffff) {
      const auto number = static_cast<std::uint32_t>(lexer.integer());
      if (lexer.next() == Token::integer && lexer.integer() >= 0 && lexer.integer() <= 65535) {
        return stream(
            {here, number, static_cast<std::uint32_t>(lexer.integer()), Place::Kind::plain});
      }
    }
    return malformed(here, "no cross-reference table stands there",
                     "ở đó không có bảng tham chiếu");
  }

  base::Result<void> add(const Place& place) {
    if (found_.size() >= budget_.objects_max()) return over();
    if (found_.size() % 4096 == 0) TRY(budget_.spend(4096));
    found_.push_back(place);
    return base::done();
  }

  base::Result<Dict> table(Lexer& lexer, std::uint64_t here) {
    std::vector<Place> freed;
    for (bool any = false;; any = true) {
      const Token token = lexer.next();
      if (any && token == Token::keyword && lexer.text() == "trailer") break;
      const std::int64_t first = lexer.integer();
      if (token != Token::integer || lexer.next() != Token::integer || first < 0 ||
          lexer.integer() < 0 || first > 0x7fffffff || lexer.integer() > 0x7fffffff - first) {
        return malformed(lexer.begin(), "the cross-reference table is damaged",
                         "bảng tham chiếu hỏng");
      }
      const std::int64_t end = first + lexer.integer();
      for (std::int64_t number = first; number < end; ++number) {
        Place place;
        place.number = static_cast<std::uint32_t>(number);
        const bool where = lexer.next() == Token::integer && lexer.integer() >= 0;
        place.where = static_cast<std::uint64_t>(lexer.integer()) + base_;
        const bool which = where && lexer.next() == Token::integer && lexer.integer() >= 0 &&
                           lexer.integer() <= 65535;
        place.which = static_cast<std::uint32_t>(lexer.integer());
        if (!which || lexer.next() != Token::keyword ||
            (lexer.text() != "n" && lexer.text() != "f")) {
          return malformed(lexer.begin(), "the cross-reference table is damaged",
                           "bảng tham chiếu hỏng");
        }
        if (lexer.text() == "n") {
          place.kind = Place::Kind::plain;
          TRY(add(place));
        } else {
          place.where = 0;
          if (freed.size() >= budget_.objects_max()) return over();
          freed.push_back(place);
        }
      }
    }
    const Object trailer = TRY(read_object(lexer, {std::size_t{1} << 20}, true));
    const Dict* dict = trailer.as<Dict>();
    if (dict == nullptr)
      return malformed(here, "the trailer is no dictionary", "phần cuối tệp không phải là từ điển");
    // Objects of a hybrid file that only a reader of cross-reference streams sees are free in the
    // table (§7.5.8.4), so the stream comes before the free entries.
    if (const auto* more = at(*dict, "XRefStm").as<std::int64_t>(); more != nullptr && *more >= 0) {
      file_.hybrid_ = true;
      const std::uint64_t there = static_cast<std::uint64_t>(*more) + base_;
      Lexer other(file_.prefix_, there);
      if (other.next() != Token::integer || other.integer() <= 0 || other.integer() > 0x7fffffff)
        return damaged(there);
      const auto number = static_cast<std::uint32_t>(other.integer());
      if (other.next() != Token::integer || other.integer() != 0) return damaged(there);
      TRY(stream({there, number, 0, Place::Kind::plain}));
    }
    for (const Place& place : freed) TRY(add(place));
    return *dict;
  }

  static base::Error over() {
    return over_limit("the PDF has more objects than what is looked at",
                      "tệp PDF có nhiều đối tượng hơn mức được xem xét");
  }
  static base::Error damaged(std::uint64_t where) {
    return malformed(where, "the cross-reference stream is damaged", "luồng tham chiếu hỏng");
  }

  base::Result<Dict> stream(const Place& place) {
    // Its length must be direct (§7.5.8.2): nothing is known of other objects yet.
    const Indirect stream = TRY(file_.load(place));
    const Dict* dict = stream.value.as<Dict>();
    if (!stream.stream || !at(stream.value, "Type").is_name("XRef")) return damaged(place.where);
    const auto* size = at(*dict, "Size").as<std::int64_t>();
    const Array* widths = at(*dict, "W").as<Array>();
    if (size == nullptr || *size < 0 || *size > 0x7fffffff || widths == nullptr ||
        widths->size() < 3) {
      return damaged(place.where);
    }
    std::array<std::size_t, 3> width{};
    for (std::size_t i = 0; i < 3; ++i) {
      const auto* w = (*widths)[i].as<std::int64_t>();
      if (w == nullptr || *w < 0 || *w > 8) return damaged(place.where);
      width[i] = static_cast<std::size_t>(*w);
    }
    const std::size_t row = width[0] + width[1] + width[2];
    Array index = {Object(std::int64_t{0}), Object(*size)};
    if (const Array* given = at(*dict, "Index").as<Array>()) index = *given;
    const base::Bytes rows = TRY(file_.decoded(stream, budget_.held_max() / 4));
    if (row == 0 || index.size() % 2 != 0 || rows.size() % row != 0) return damaged(place.where);
    std::size_t here = 0;
    for (std::size_t i = 0; i < index.size(); i += 2) {
      const auto* first = index[i].as<std::int64_t>();
      const auto* count = index[i + 1].as<std::int64_t>();
      if (first == nullptr || count == nullptr || *first < 0 || *count < 0 || *first > 0x7fffffff ||
          static_cast<std::uint64_t>(*count) > (rows.size() - here) / row ||
          *count > 0x7fffffff - *first) {
        return damaged(place.where);
      }
      for (std::int64_t k = 0; k < *count; ++k, here += row) {
        const std::string_view bytes = std::string_view(rows).substr(here, row);
        const std::uint64_t kind = width[0] == 0 ? 1 : big_endian(bytes.substr(0, width[0]));
        Place entry;
        entry.number = static_cast<std::uint32_t>(*first + k);
        entry.where = big_endian(bytes.substr(width[0], width[1]));
        const std::uint64_t which = big_endian(bytes.substr(width[0] + width[1]));
        if (which > 0x7fffffff) return damaged(place.where);
        entry.which = static_cast<std::uint32_t>(which);
        if (kind > 2) continue;  // "shall be ignored"
        entry.kind = kind == 0   ? Place::Kind::free
                     : kind == 1 ? Place::Kind::plain
                                 : Place::Kind::packed;
        if (kind == 1) entry.where += base_;
        if (kind == 0) entry.where = 0;
        TRY(add(entry));
      }
    }
    return *dict;
  }

  File& file_;
  Budget& budget_;
  std::uint64_t base_ = 0;
  std::vector<Place> found_;
};

base::Result<void> read_xref(File& file) { return XrefReader(file).read(); }

}  // namespace trust::pdf
