// Structured events as JSON lines: log::info("exchange.accepted", {{"document", id}, {"bytes",
// n}}). The name comes first and never changes. No personal data, no document text, no secret.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace base::log {

enum class Level : unsigned char { debug, info, warning, error };

struct Field {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, bool> value;
  Field(std::string_view n, std::string_view v) : name(n), value(v) {}
  Field(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
  Field(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
  Field(std::string_view n, bool v) : name(n), value(v) {}
  template <class T>
  requires std::is_integral_v<T> Field(std::string_view n, T v)
      : name(n), value(static_cast<std::int64_t>(v)) {}
};

// One line per event, one write(2) each, to standard error unless a test or `serve` sets another
// sink. Any thread.
void write(Level level, std::string_view event, std::initializer_list<Field> fields);
inline void debug(std::string_view e, std::initializer_list<Field> f = {}) {
  write(Level::debug, e, f);
}
inline void info(std::string_view e, std::initializer_list<Field> f = {}) {
  write(Level::info, e, f);
}
inline void warning(std::string_view e, std::initializer_list<Field> f = {}) {
  write(Level::warning, e, f);
}
inline void error(std::string_view e, std::initializer_list<Field> f = {}) {
  write(Level::error, e, f);
}

void set_level(Level least);
// Every complete line, without its line end. An empty function restores standard error.
void set_sink(std::function<void(std::string_view line)> sink);

// While it lives, every line written by this thread carries "request": id.
class RequestScope {
 public:
  explicit RequestScope(std::string_view id);
  ~RequestScope();
  RequestScope(const RequestScope&) = delete;
  RequestScope& operator=(const RequestScope&) = delete;

 private:
  std::string before_;
};
std::string_view current_request();

// How many events of level error were written since the start; tests expect none.
std::uint64_t error_count();

}  // namespace base::log
