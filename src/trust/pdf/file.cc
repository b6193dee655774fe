#include "trust/pdf/file.h"

#include <algorithm>

#include "trust/pdf/inflate.h"
#include "trust/pdf/xref.h"

namespace trust::pdf {
namespace {

constexpr std::uint64_t kHeaderWithin = 1024;
constexpr std::uint64_t kEndWithin = 64u << 10;
constexpr std::uint64_t kSpendFactor = 32;  // work in all, in units of what may be held

// Of the objects that are remembered; in memory they may take a few dozen times that.
constexpr std::uint64_t kReadBytesMax = 128u << 10;

// Skips the end of the line after "stream" (§7.3.8.1); an end that is only CR is not allowed.
bool skip_stream_eol(Lexer& lexer) {
  int c = lexer.take();
  if (c == '\r') c = lexer.take();
  return c == '\n';
}

}  // namespace

Budget::Budget(const Limits& limits, std::int64_t deadline_micros)
    : deadline_micros_(deadline_micros),
      held_max_(limits.parsed_bytes),
      left_(held_max_ * kSpendFactor) {}

base::Result<void> Budget::spend(std::uint64_t bytes) {
  if (bytes > left_) {
    left_ = 0;
    return over_limit("the PDF's structure is more work than what is done for one file",
                      "cấu trúc của tệp PDF vượt quá khối lượng được xử lý cho một tệp");
  }
  left_ -= bytes;
  return time();
}

base::Result<void> Budget::time() const {
  if (deadline_micros_ == 0 || base::monotonic_micros() < deadline_micros_) return base::done();
  return base::Error(base::Code::unavailable, "trust.out_of_time",
                     "the time for judging this file is over",
                     "đã hết thời gian dành cho việc kiểm tra tệp này");
}

base::Result<std::unique_ptr<File>> File::open(const Source& source, std::uint64_t end, bool exact,
                                               Budget& budget) {
  std::unique_ptr<File> file(new File(source, std::min(end, source.size()), budget));
  TRY(file->find_ends(exact));
  TRY(read_xref(*file));
  return file;
}

// The header, and what stands after the last startxref.
base::Result<void> File::find_ends(bool exact) {
  std::string head(kHeaderWithin + 5, '\0');
  head.resize(TRY(prefix_.read_at(0, head.data(), head.size())));
  const std::size_t header = head.find("%PDF-");
  if (header == std::string::npos)
    return malformed(0, "there is no %PDF header", "không có đầu tệp %PDF");
  header_at_ = header;
  const std::uint64_t tail_at = prefix_.size() > kEndWithin ? prefix_.size() - kEndWithin : 0;
  std::string tail(static_cast<std::size_t>(prefix_.size() - tail_at), '\0');
  tail.resize(TRY(prefix_.read_at(tail_at, tail.data(), tail.size())));
  const std::size_t eof = tail.rfind("%%EOF");
  const std::size_t start = eof == std::string::npos ? eof : tail.rfind("startxref", eof);
  if (start == std::string::npos) {
    return malformed(prefix_.size(), "the end of the file (startxref, %%EOF) is missing",
                     "thiếu phần cuối tệp (startxref, %%EOF)");
  }
  Lexer lexer(prefix_, tail_at + start);
  if (!lexer.keyword("startxref") || lexer.next() != Token::integer || lexer.integer() < 0) {
    return malformed(lexer.begin(), "startxref has no number", "startxref không có số");
  }
  startxref_ = static_cast<std::uint64_t>(lexer.integer());
  while (is_space(lexer.peek())) lexer.take();
  if (lexer.at() != tail_at + eof) {
    return malformed(lexer.at(), "something stands between startxref and %%EOF",
                     "có nội dung lạ giữa startxref và %%EOF");
  }
  std::size_t after = eof + 5;
  if (after < tail.size() && tail[after] == '\r') ++after;
  if (after < tail.size() && tail[after] == '\n') ++after;
  end_ = tail_at + after;
  trailing_ =
      static_cast<std::uint64_t>(std::count_if(tail.begin() + static_cast<std::ptrdiff_t>(after),
                                               tail.end(), [](char c) { return !is_space(c); }));
  if (exact && trailing_ > 0) {
    return malformed(end_, "the revision does not end after %%EOF",
                     "phiên bản không kết thúc sau %%EOF");
  }
  return base::done();
}

const Place* File::place(std::uint32_t number) const {
  const auto it =
      std::lower_bound(places_.begin(), places_.end(), number,
                       [](const Place& place, std::uint32_t n) { return place.number < n; });
  return it == places_.end() || it->number != number || it->kind == Place::Kind::free ? nullptr
                                                                                      : &*it;
}

base::Result<Indirect> File::load(Ref ref) const {
  const Place* found = place(ref.number);
  const std::uint32_t generation =
      found != nullptr && found->kind == Place::Kind::plain ? found->which : 0;
  if (found == nullptr || generation != ref.generation) return Indirect{};
  return load(*found);
}

base::Result<Indirect> File::load(const Place& place) const {
  return place.kind == Place::Kind::plain ? load_plain(place) : load_packed(place);
}

base::Result<Indirect> File::load_plain(const Place& place) const {
  TRY(budget_.spend(64));
  if (const auto known = read_.find(place.where);
      known != read_.end() && known->second.place == place) {
    TRY(budget_.spend(known->second.bytes));
    return known->second.object;
  }
  std::uint64_t bytes = 0;
  Indirect out = TRY(read_plain(place, bytes));
  if (!out.stream && read_bytes_ + bytes <= kReadBytesMax) {
    read_bytes_ += bytes;
    read_.insert_or_assign(place.where, Read{place, out, bytes});
  }
  return out;
}

base::Result<Indirect> File::read_plain(const Place& place, std::uint64_t& bytes) const {
  // A signature's /Contents is a text of up to a few MiB.
  Lexer lexer(prefix_, place.where, static_cast<std::size_t>(budget_.held_max() / 4));
  if (lexer.next() != Token::integer || lexer.integer() != place.number ||
      lexer.next() != Token::integer || lexer.integer() != place.which || !lexer.keyword("obj")) {
    return malformed(place.where, "the object that the table names is not there",
                     "không có đối tượng mà bảng tham chiếu nêu");
  }
  Indirect out;
  const ObjectBounds bounds{static_cast<std::size_t>(budget_.held_max() / 4)};
  out.value = TRY(read_object(lexer, bounds, true));
  bytes = lexer.at() - place.where;
  TRY(budget_.spend(bytes));
  if (lexer.next() != Token::keyword)
    return malformed(lexer.begin(), "endobj is missing", "thiếu endobj");
  if (lexer.text() == "endobj") return out;
  const Dict* dict = out.value.as<Dict>();
  if (lexer.text() != "stream" || dict == nullptr || !skip_stream_eol(lexer)) {
    return malformed(lexer.begin(), "endobj is missing", "thiếu endobj");
  }
  out.stream = true;
  out.data = lexer.at();
  const Object* length = &at(*dict, "Length");
  Object elsewhere;
  if (const Ref* ref = length->as<Ref>()) {
    // A length that is itself a stream, or this one, would lead in circles.
    const Place* there = this->place(ref->number);
    if (there != nullptr && there->number != place.number) {
      Lexer other(prefix_, there->where);
      if (there->kind == Place::Kind::plain) {
        if (other.next() == Token::integer && other.integer() == ref->number &&
            other.next() == Token::integer && other.integer() == ref->generation &&
            other.keyword("obj") && other.next() == Token::integer) {
          elsewhere = Object(other.integer());
        }
      } else if (unpacking_) {
        return malformed(out.data, "a stream's length is inside a stream",
                         "độ dài luồng nằm trong một luồng");
      } else {
        elsewhere = TRY(load_packed(*there)).value;
      }
    }
    length = &elsewhere;
  }
  const std::int64_t* size = length->as<std::int64_t>();
  if (size == nullptr || *size < 0 ||
      static_cast<std::uint64_t>(*size) > prefix_.size() - out.data) {
    return malformed(out.data, "a stream has no good length", "luồng không có độ dài đúng");
  }
  out.size = static_cast<std::uint64_t>(*size);
  Lexer end(prefix_, out.data + out.size);
  if (!end.keyword("endstream") || !end.keyword("endobj")) {
    return malformed(end.begin(), "a stream does not end where its length says",
                     "luồng không kết thúc ở nơi độ dài của nó nêu");
  }
  return out;
}

base::Result<Indirect> File::load_packed(const Place& place) const {
  if (unpacked_number_ != place.where) {
    const Place* container =
        place.where > 0xffffffffu ? nullptr : this->place(static_cast<std::uint32_t>(place.where));
    if (container == nullptr || container->kind != Place::Kind::plain) {
      return malformed(0, "an object stream is missing", "thiếu một luồng đối tượng");
    }
    unpacking_ = true;  // its length may not be in an object stream again
    base::Result<Indirect> loaded = load_plain(*container);
    unpacking_ = false;
    const Indirect stream = TRY(std::move(loaded));
    const auto* count = at(stream.value, "N").as<std::int64_t>();
    const auto* first = at(stream.value, "First").as<std::int64_t>();
    if (!stream.stream || !at(stream.value, "Type").is_name("ObjStm") || count == nullptr ||
        first == nullptr || *count < 0 || *first < 0 ||
        static_cast<std::uint64_t>(*count) > budget_.objects_max()) {
      return malformed(container->where, "an object stream is not one",
                       "luồng đối tượng không đúng dạng");
    }
    unpacked_number_ = 0;
    unpacked_index_.clear();
    unpacked_ = TRY(decoded(stream, budget_.held_max() / 4));
    const auto source = memory_source(unpacked_);
    Lexer lexer(*source, 0);
    for (std::int64_t i = 0; i < *count; ++i) {
      if (lexer.next() != Token::integer || lexer.integer() < 0 || lexer.integer() > 0x7fffffff)
        break;
      const auto number = static_cast<std::uint32_t>(lexer.integer());
      if (lexer.next() != Token::integer || lexer.integer() < 0) break;
      unpacked_index_.emplace_back(
          number, static_cast<std::uint64_t>(*first) + static_cast<std::uint64_t>(lexer.integer()));
    }
    if (unpacked_index_.size() != static_cast<std::size_t>(*count)) {
      return malformed(container->where, "an object stream is not one",
                       "luồng đối tượng không đúng dạng");
    }
    unpacked_number_ = place.where;
  }
  if (place.which >= unpacked_index_.size() || unpacked_index_[place.which].first != place.number) {
    return malformed(0, "an object is not where the table says in its stream",
                     "đối tượng không ở chỗ bảng tham chiếu nêu trong luồng");
  }
  const auto source = memory_source(unpacked_);
  Lexer lexer(*source, unpacked_index_[place.which].second,
              static_cast<std::size_t>(budget_.held_max() / 4));
  const ObjectBounds bounds{static_cast<std::size_t>(budget_.held_max() / 4)};
  Indirect out;
  out.value = TRY(read_object(lexer, bounds, false));
  TRY(budget_.spend(lexer.at() - unpacked_index_[place.which].second));
  return out;
}

base::Result<Object> File::resolve(const Object& object) const {
  const Ref* ref = object.as<Ref>();
  if (ref == nullptr) return object;
  Object out = TRY(load(*ref)).value;
  for (int i = 0; i < 16 && out.as<Ref>() != nullptr; ++i) out = TRY(load(*out.as<Ref>())).value;
  return out.as<Ref>() != nullptr ? Object() : std::move(out);
}

base::Result<base::Bytes> File::decoded(const Indirect& stream, std::uint64_t max) const {
  const Dict* dict = stream.value.as<Dict>();
  if (!stream.stream || dict == nullptr)
    return malformed(0, "a stream is missing", "thiếu một luồng");
  base::Bytes out = TRY(decode(prefix_, stream.data, stream.size, *dict, max));
  TRY(budget_.spend(stream.size + out.size()));
  return out;
}

}  // namespace trust::pdf
