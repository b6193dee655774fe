// The small JSON answers.
#include <cstdint>

#include "vxp/vxp_client.h"

namespace vxp_client {
namespace {

// Reads the JSON that the protocol uses; values that nobody asks for are skipped, nested ones too.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool object(Answer* answer) {
    return members([&](const std::string& name) {
      if (name == "data") {
        return data(answer);
      }
      std::string value;
      if (!scalar(&value)) {
        return skip(0);
      }
      if (name == "status") {
        answer->status = value;
      } else if (name == "ErrorCode") {
        answer->error_code = value;
      } else if (name == "ErrorDesc") {
        answer->error_desc = value;
      } else if (name == "DocId") {
        answer->doc_id = value;
      }
      return true;
    });
  }

 private:
  static constexpr int kDepth = 32;

  void blank() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
  }
  bool eat(char c) {
    blank();
    if (at_ < text_.size() && text_[at_] == c) {
      ++at_;
      return true;
    }
    return false;
  }
  char peek() {
    blank();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  template <typename Member>
  bool members(const Member& member) {
    if (!eat('{')) {
      return false;
    }
    if (eat('}')) {
      return true;
    }
    std::string name;
    do {
      if (peek() != '"' || !string(&name) || !eat(':') || !member(name)) {
        return false;
      }
    } while (eat(','));
    return eat('}');
  }

  bool data(Answer* answer) {
    if (peek() != '[') {
      return scalar(&answer->data) || skip(0);
    }
    eat('[');
    if (eat(']')) {
      return true;
    }
    do {
      Item item;
      const bool read = members([&](const std::string& name) {
        std::string value;
        if (!scalar(&value)) {
          return skip(0);
        }
        item.add(name, std::move(value));
        return true;
      });
      if (!read) {
        return false;
      }
      answer->items.push_back(std::move(item));
    } while (eat(','));
    return eat(']');
  }

  // A string, number or word; false (and nothing eaten) before an array or object.
  bool scalar(std::string* out) {
    const char c = peek();
    if (c == '"') {
      return string(out);
    }
    if (c == '[' || c == '{' || c == '\0') {
      return false;
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '}' && text_[at_] != ']' &&
           text_[at_] != ' ' && text_[at_] != '\n' && text_[at_] != '\r') {
      ++at_;
    }
    out->assign(text_.substr(start, at_ - start));
    return true;
  }

  bool skip(int depth) {
    if (depth > kDepth) {
      return false;
    }
    std::string ignored;
    if (peek() == '{') {
      return members([&](const std::string&) { return skip(depth + 1); });
    }
    if (eat('[')) {
      if (eat(']')) {
        return true;
      }
      do {
        if (!skip(depth + 1)) {
          return false;
        }
      } while (eat(','));
      return eat(']');
    }
    return scalar(&ignored);
  }

  bool string(std::string* out) {
    out->clear();
    ++at_;
    while (at_ < text_.size()) {
      const std::size_t stop = text_.find_first_of("\"\\", at_);
      if (stop == std::string_view::npos) {
        return false;
      }
      out->append(text_.substr(at_, stop - at_));
      at_ = stop + 1;
      if (text_[stop] == '"') {
        return true;
      }
      if (!escape(out)) {
        return false;
      }
    }
    return false;
  }

  bool escape(std::string* out) {
    if (at_ >= text_.size()) {
      return false;
    }
    const char c = text_[at_++];
    constexpr std::string_view kFrom = "nrtbf";
    constexpr std::string_view kTo = "\n\r\t\b\f";
    if (const std::size_t i = kFrom.find(c); i != std::string_view::npos) {
      out->push_back(kTo[i]);
    } else if (c == 'u') {
      std::uint32_t code = 0;
      if (!hex4(&code)) {
        return false;
      }
      if (code >= 0xd800 && code < 0xdc00 && text_.substr(at_, 2) == "\\u") {
        at_ += 2;
        std::uint32_t low = 0;
        if (!hex4(&low)) {
          return false;
        }
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      }
      utf8(code, out);
    } else {
      out->push_back(c);
    }
    return true;
  }

  bool hex4(std::uint32_t* code) {
    if (at_ + 4 > text_.size()) {
      return false;
    }
    *code = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = text_[at_++];
      const std::size_t digit = std::string_view("0123456789abcdefABCDEF").find(c);
      if (digit == std::string_view::npos) {
        return false;
      }
      *code = *code * 16 + static_cast<std::uint32_t>(digit < 16 ? digit : digit - 6);
    }
    return true;
  }

  static void utf8(std::uint32_t code, std::string* out) {
    const auto byte = [out](std::uint32_t value) { out->push_back(static_cast<char>(value)); };
    if (code < 0x80) {
      byte(code);
    } else if (code < 0x800) {
      byte(0xc0 | (code >> 6));
      byte(0x80 | (code & 63));
    } else if (code < 0x10000) {
      byte(0xe0 | (code >> 12));
      byte(0x80 | ((code >> 6) & 63));
      byte(0x80 | (code & 63));
    } else {
      byte(0xf0 | (code >> 18));
      byte(0x80 | ((code >> 12) & 63));
      byte(0x80 | ((code >> 6) & 63));
      byte(0x80 | (code & 63));
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

void Item::add(std::string name, std::string value) {
  members_.emplace_back(std::move(name), std::move(value));
}

std::string_view Item::operator[](std::string_view name) const {
  for (const auto& [key, value] : members_) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

std::optional<Answer> parse_answer(std::string_view json) {
  Answer answer;
  if (!Reader(json).object(&answer)) {
    return std::nullopt;
  }
  return answer;
}

}  // namespace vxp_client
