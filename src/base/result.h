// The one error idea of the house: a function that can fail returns Result<T>.
//
//   Result<Document> read(...);
//   const Document document = TRY(read(...));   // returns the error to the caller
//
// An Error carries a stable reason ("exchange.recipient_unknown") that programs may compare, and a
// sentence in Vietnamese and English for people. Exceptions never cross a module edge.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/check.h"

namespace base {

// What kind of failure it is; one place per protocol maps it (http/problem.cc, exchange/vxp).
enum class Code : unsigned char {
  invalid,          // the input is wrong; the same call will fail again
  unauthenticated,  // who calls is not known
  forbidden,        // who calls is known and may not
  not_found,
  conflict,  // the state does not allow it
  gone,
  too_large,
  too_many,     // rate or quota
  unavailable,  // may work later: disk full, database locked, queue full
  data_loss,    // kept data is damaged
  internal,
};

enum class Language : unsigned char { vietnamese, english };

// One sentence in both languages of the interface.
struct Text {
  std::string vi;
  std::string en;
  const std::string& in(Language language) const {
    return language == Language::vietnamese && !vi.empty() ? vi : en;
  }
};

class [[nodiscard]] Error {
 public:
  // `reason` must be a literal: it is kept by reference and never changes between releases.
  Error(Code code, std::string_view reason, std::string en, std::string vi = {})
      : code_(code), reason_(reason), text_{std::move(vi), std::move(en)} {}
  Code code() const { return code_; }
  std::string_view reason() const { return reason_; }
  // For people. The English sentence is always there; the Vietnamese one wherever a person who is
  // not an operator can meet the error.
  const Text& text() const { return text_; }
  const std::string& detail() const { return text_.en; }
  // Adds what was being done: "while importing x.csv: …".
  Error&& with(std::string_view context) && {
    text_.en.insert(0, std::string(context) + ": ");
    if (!text_.vi.empty()) text_.vi.insert(0, std::string(context) + ": ");
    return std::move(*this);
  }

 private:
  Code code_;
  std::string_view reason_;
  Text text_;
};

template <class T>
class [[nodiscard]] Result {
 public:
  using Value = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT
  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return check(), *std::get_if<0>(&state_); }
  const T& value() const& { return check(), *std::get_if<0>(&state_); }
  T&& value() && { return check(), std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const Error& error() const& { return *std::get_if<1>(&state_); }
  Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

 private:
  void check() const {
    if (!ok()) fail_check("Result::value() on an error", error().detail().c_str(), 0);
  }
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using Value = void;
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT
  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  void value() const {
    if (error_) fail_check("Result::value() on an error", error_->detail().c_str(), 0);
  }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

inline Result<void> done() { return {}; }

}  // namespace base

#define BASE_CONCAT_(a, b) a##b
#define BASE_CONCAT(a, b) BASE_CONCAT_(a, b)
#define TRY_(expression, result)                        \
  __extension__({                                       \
    auto result = (expression);                         \
    if (!result.ok()) return std::move(result).error(); \
    std::move(result).value();                          \
  })
// The value of `expression`, or returns its error from the calling function.
#define TRY(expression) TRY_(expression, BASE_CONCAT(try_result_, __COUNTER__))
