#include "trust/pdf/signature.h"

#include <algorithm>

#include "base/hash.h"

namespace trust::pdf {
namespace {

constexpr std::size_t kPieceBytes = 128u << 10;

base::Text wrong_range(std::string_view en, std::string_view vi) {
  return {"chữ ký không bao phủ đúng cách nội dung (/ByteRange): " + std::string(vi),
          "the signature does not cover the document as it must (/ByteRange): " + std::string(en)};
}

// §12.8.1: two ranges around exactly this signature's /Contents, from the first byte on.
std::optional<base::Text> check_range(const File& file, const Object& signature, Signature& out) {
  const Array* range = at(signature, "ByteRange").as<Array>();
  if (range == nullptr || range->size() != 4)
    return wrong_range("there are not two ranges", "không phải hai đoạn");
  for (std::size_t i = 0; i < 4; ++i) {
    const auto* n = (*range)[i].as<std::int64_t>();
    if (n == nullptr || *n < 0) return wrong_range("a number is missing", "thiếu một số");
    out.range[i] = static_cast<std::uint64_t>(*n);
  }
  const auto [first, first_size, second, second_size] = out.range;
  const std::uint64_t size = file.source().size();
  if (first != 0)
    return wrong_range("it does not begin with the first byte", "không bắt đầu từ byte đầu tiên");
  if (first_size > size || second > size || second_size > size - second) {
    return wrong_range("it reaches beyond the file", "vượt ra ngoài tệp");
  }
  if (first_size == 0 || second <= first_size)
    return wrong_range("the ranges overlap", "hai đoạn chồng lên nhau");
  if (second_size == 0)
    return wrong_range("nothing after the signature is covered", "không bao phủ phần sau chữ ký");
  out.end = second + second_size;
  const String* contents = at(signature, "Contents").as<String>();
  if (contents == nullptr || !contents->hex || !contents->in_file) {
    return wrong_range("the signature is not a hexadecimal text of the file",
                       "chữ ký không phải chuỗi thập lục phân trong tệp");
  }
  if (contents->begin != first_size || contents->end != second) {
    return wrong_range("what it leaves out is not exactly this signature",
                       "phần chừa ra không đúng là chữ ký này");
  }
  return std::nullopt;
}

void read_names(const Object& list, std::vector<std::string>& out) {
  const Array* names = list.as<Array>();
  if (names == nullptr) return;
  for (const Object& name : *names) {
    if (const String* text = name.as<String>()) out.push_back(text_of(*text));
  }
}

// A list of more names than that locks, or unlocks, in the way that is safer.
constexpr std::size_t kNamesMax = 2048;

void read_lock(const Object& lock, Signature& out) {
  const Object& action = at(lock, "Action");
  const Object& names = at(lock, "Fields");
  const bool many = names.as<Array>() != nullptr && names.as<Array>()->size() > kNamesMax;
  if (action.is_name("All") || action.is_name("Exclude") || (action.is_name("Include") && many)) {
    out.locks_all = true;
  }
  if (many) return;
  if (action.is_name("Include")) read_names(names, out.locked);
  if (action.is_name("Exclude")) read_names(names, out.unlocked);
}

std::optional<Level> level_of(const Object& p) {
  switch (static_cast<int>(p.number_or(2))) {
    case 1:
      return Level::long_term;
    case 3:
      return Level::annotations;
    default:
      return Level::form;
  }
}

base::Result<void> read_permissions(const File& file, const Dict& field, const Object& signature,
                                    Signature& out) {
  const Object references = TRY(file.resolve(at(signature, "Reference")));
  if (const Array* list = references.as<Array>()) {
    for (const Object& item : *list) {
      const Object reference = TRY(file.resolve(item));
      const Object parameters = TRY(file.resolve(at(reference, "TransformParams")));
      const Object& method = at(reference, "TransformMethod");
      if (method.is_name("DocMDP")) out.permits = level_of(TRY(file.resolve(at(parameters, "P"))));
      if (method.is_name("FieldMDP")) read_lock(parameters, out);
    }
  }
  const Object lock = TRY(file.resolve(at(field, "Lock")));
  read_lock(lock, out);
  // ISO 32000-2 §12.7.5.5: the lock may narrow what the document permits.
  const Object& p = at(lock, "P");
  if (!p.null()) {
    const Level level = *level_of(p);
    out.permits = out.permits ? std::min(*out.permits, level) : level;
  }
  return base::done();
}

}  // namespace

bool Signature::locks(const std::string& name) const {
  const auto within = [&name](const std::string& part) {
    return name == part || (name.starts_with(part) && name[part.size()] == '.');
  };
  if (locks_all) return std::none_of(unlocked.begin(), unlocked.end(), within);
  return std::any_of(locked.begin(), locked.end(), within);
}

base::Result<std::vector<Signature>> signatures_of(const File& file, const Limits& limits) {
  std::vector<Signature> out;
  const std::vector<Field> fields = TRY(fields_of(file));
  for (const Field& field : fields) {
    if (field.type != "Sig" || !field.filled) continue;
    if (out.size() >= limits.signatures) {
      return over_limit("the PDF has more signatures than what is looked at",
                        "tệp PDF có nhiều chữ ký hơn mức được xem xét");
    }
    Signature signature;
    signature.field = field.name;
    signature.number = field.value != 0 ? field.value : field.number;
    const Object own = TRY(file.resolve(Object(Ref{field.number, field.generation})));
    const Object dict = TRY(file.resolve(at(own, "V")));
    if (dict.null()) continue;  // a field that nobody has signed
    const Object filter = TRY(file.resolve(at(dict, "SubFilter")));
    if (const Name* name = filter.as<Name>()) signature.sub_filter = name->text;
    const Object date = TRY(file.resolve(at(dict, "M")));
    if (const String* text = date.as<String>()) signature.claimed_at = parse_pdf_date(text->bytes);
    signature.timestamp = signature.sub_filter == "ETSI.RFC3161";
    signature.wrong = check_range(file, dict, signature);
    TRY(read_permissions(file, *own.as<Dict>(), dict, signature));
    out.push_back(std::move(signature));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Signature& a, const Signature& b) { return a.end < b.end; });
  return out;
}

std::optional<base::Time> parse_pdf_date(std::string_view text) {
  if (text.starts_with("D:")) text.remove_prefix(2);
  const auto number = [&text](std::size_t digits, int otherwise) -> std::optional<int> {
    if (text.empty() || text[0] < '0' || text[0] > '9') return otherwise;
    int out = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (i >= text.size() || text[i] < '0' || text[i] > '9') return std::nullopt;
      out = out * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return out;
  };
  const auto year = number(4, -1), month = number(2, 1), day = number(2, 1);
  const auto hour = number(2, 0), minute = number(2, 0), second = number(2, 0);
  if (!year || *year < 0 || !month || !day || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  base::Time time = std::chrono::sys_days(date) + std::chrono::hours(*hour) +
                    std::chrono::minutes(*minute) + std::chrono::seconds(*second);
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    const int sign = text[0] == '+' ? -1 : 1;
    text.remove_prefix(1);
    const auto hours = number(2, 0);
    if (!text.empty() && text[0] == '\'') text.remove_prefix(1);
    const auto minutes = number(2, 0);
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    time += sign * (std::chrono::hours(*hours) + std::chrono::minutes(*minutes));
  }
  return time;
}

base::Result<base::Bytes> contents_of(const File& file, const Signature& signature,
                                      const Limits& limits) {
  const std::uint64_t begin = signature.range[1] + 1, end = signature.range[2] - 1;
  if (end - begin > 2 * limits.cms_bytes) {
    return over_limit("the signature is larger than what is looked at",
                      "chữ ký lớn hơn mức được xem xét");
  }
  std::string digits(static_cast<std::size_t>(end - begin), '\0');
  digits.resize(TRY(file.source().read_at(begin, digits.data(), digits.size())));
  std::optional<base::Bytes> der = base::from_hex(digits);
  if (!der)
    return malformed(begin, "the signature is not hexadecimal",
                     "chữ ký không phải dạng thập lục phân");
  return std::move(*der);
}

Feed covered(const Source& source, const std::array<std::uint64_t, 4>& range,
             const Context& context) {
  return [&source, range, &context](
             const std::function<base::Result<void>(base::BytesView)>& take) -> base::Result<void> {
    base::Bytes piece(kPieceBytes, '\0');
    for (const std::size_t part : {std::size_t{0}, std::size_t{2}}) {
      const std::uint64_t end = range[part] + range[part + 1];
      for (std::uint64_t at = range[part]; at < end;) {
        if (context.out_of_time()) {
          return base::Error(base::Code::unavailable, "trust.out_of_time",
                             "the time for judging this file is over",
                             "đã hết thời gian dành cho việc kiểm tra tệp này");
        }
        const auto wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), end - at));
        const std::size_t got = TRY(source.read_at(at, piece.data(), wanted));
        if (got == 0) return malformed(at, "the file ends too early", "tệp kết thúc quá sớm");
        TRY(take(base::BytesView(piece).substr(0, got)));
        at += got;
      }
    }
    return base::done();
  };
}

}  // namespace trust::pdf
