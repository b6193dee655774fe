#include "store/dialect.h"

#include <array>
#include <cstddef>

#include "base/text.h"

namespace store {
namespace {

struct TypeWord {
  std::string_view word, sqlite, postgresql, postgresql_cast;
};
constexpr std::array<TypeWord, 5> kTypes = {{
    {"int64", "INTEGER", "BIGINT", "BIGINT"},
    {"text", "TEXT", "TEXT COLLATE \"C\"", "TEXT"},
    {"bytes", "BLOB", "BYTEA", "BYTEA"},
    {"bool", "INTEGER", "BIGINT", "BIGINT"},
    {"time", "INTEGER", "BIGINT", "BIGINT"},
}};

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

// The end of the token that starts at `at`: a word, a literal, a quoted name, a comment, a run of
// white space, or one other character. What is left open ends with the text.
std::size_t token_end(std::string_view sql, std::size_t at) {
  const char c = sql[at];
  const auto after = [&](std::size_t found, std::size_t length) {
    return found == std::string_view::npos ? sql.size() : found + length;
  };
  if (c == '\'' || c == '"') return after(sql.find(c, at + 1), 1);
  if (sql.substr(at, 2) == "--") return after(sql.find('\n', at), 0);
  if (sql.substr(at, 2) == "/*") return after(sql.find("*/", at + 2), 2);
  std::size_t end = at + 1;
  if (is_word_char(c)) {
    while (end < sql.size() && is_word_char(sql[end])) ++end;
  }
  return end;
}

bool is_blank(std::string_view token) {
  return token.substr(0, 2) == "--" || token.substr(0, 2) == "/*" || token == " " ||
         token == "\n" || token == "\t" || token == "\r";
}

// Walks the tokens and knows, for the statement at hand, whether a column's type comes next.
class Translation {
 public:
  Translation(std::string_view sql, Engine engine) : sql_(sql), engine_(engine) {}

  std::string run() {
    for (std::size_t at = 0; at < sql_.size();) {
      const std::size_t end = token_end(sql_, at);
      const std::string_view token = sql_.substr(at, end - at);
      if (is_blank(token)) {
        out_ += token;
      } else {
        take(token, end);
      }
      at = end;
    }
    return std::move(out_);
  }

 private:
  enum class Statement : unsigned char { unknown, create, create_table, alter, alter_table, other };

  void take(std::string_view token, std::size_t end) {
    const std::string word = base::lower_ascii(token);
    if (token == ";") {
      out_ += token;
      statement_ = Statement::unknown;
      depth_ = 0;
      in_column_ = 0;
      closed_ = false;
      previous_.clear();
      return;
    }
    if (closed_ && engine_ == Engine::postgresql && depth_ == 0 &&
        (word == "without" || word == "rowid" || word == "strict" || word == ",")) {
      return;
    }
    if (!replaced(word)) out_ += token;
    step(word, end);
    previous_ = word;
  }

  bool replaced(const std::string& word) {
    const bool in_table =
        statement_ == Statement::create_table || statement_ == Statement::alter_table;
    const bool cast = previous_ == "as" && depth_ > 0;
    if (!in_table || !(in_column_ == 2 || cast)) return false;
    for (const TypeWord& type : kTypes) {
      if (word != type.word) continue;
      out_ += engine_ == Engine::sqlite ? type.sqlite
              : cast                    ? type.postgresql_cast
                                        : type.postgresql;
      return true;
    }
    return false;
  }

  // `in_column_` says what the next token is: 1 the column's name, 2 its type, 0 anything else.
  void step(const std::string& word, std::size_t end) {
    in_column_ = in_column_ == 1 ? 2 : 0;
    switch (statement_) {
      case Statement::unknown:
        statement_ = word == "create"  ? Statement::create
                     : word == "alter" ? Statement::alter
                                       : Statement::other;
        break;
      case Statement::create:
        if (word == "table") {
          statement_ = Statement::create_table;
        } else if (word != "temp" && word != "temporary") {
          statement_ = Statement::other;
        }
        break;
      case Statement::alter:
        statement_ = word == "table" ? Statement::alter_table : Statement::other;
        break;
      case Statement::create_table:
        step_create(word, end);
        break;
      case Statement::alter_table:
        if (word == "column" && previous_ == "add") in_column_ = 1;
        if (word == "(") ++depth_;
        if (word == ")") --depth_;
        break;
      case Statement::other:
        break;
    }
  }

  void step_create(const std::string& word, std::size_t end) {
    if (word == "(") {
      if (++depth_ == 1) in_column_ = 1;
    } else if (word == ",") {
      if (depth_ == 1) in_column_ = 1;
    } else if (word == ")" && --depth_ == 0 && !closed_) {
      closed_ = true;
      if (engine_ == Engine::sqlite) out_ += strict_suffix(end);
    }
  }

  std::string_view strict_suffix(std::size_t at) const {
    while (at < sql_.size()) {
      const std::size_t end = token_end(sql_, at);
      const std::string_view token = sql_.substr(at, end - at);
      at = end;
      if (is_blank(token)) continue;
      if (base::equal_ignoring_case(token, "strict")) return "";
      if (base::equal_ignoring_case(token, "without")) return " STRICT,";
      break;
    }
    return " STRICT";
  }

  const std::string_view sql_;
  const Engine engine_;
  std::string out_;
  std::string previous_;
  Statement statement_ = Statement::unknown;
  int depth_ = 0;
  int in_column_ = 0;
  bool closed_ = false;
};

}  // namespace

std::string translate(std::string_view sql, Engine engine) {
  return Translation(sql, engine).run();
}

bool changes_schema(std::string_view sql) {
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t end = token_end(sql, at);
    const std::string_view token = sql.substr(at, end - at);
    at = end;
    if (is_blank(token)) continue;
    return base::equal_ignoring_case(token, "create") ||
           base::equal_ignoring_case(token, "alter") || base::equal_ignoring_case(token, "drop");
  }
  return false;
}

}  // namespace store
