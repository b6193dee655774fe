#include "base/log.h"

#include <unistd.h>

#include <mutex>

#include "base/json.h"
#include "base/time.h"

namespace base::log {
namespace {

struct Sink {
  std::mutex mutex;
  std::function<void(std::string_view)> write;
};

// The logger's sink is the one global of the house.
Sink& sink() {
  static Sink instance;
  return instance;
}
std::atomic<Level> least_level{Level::info};
std::atomic<std::uint64_t> errors{0};
thread_local std::string request;

constexpr std::string_view kNames[] = {"debug", "info", "warning", "error"};

}  // namespace

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (level == Level::error) errors.fetch_add(1);
  if (level < least_level.load(std::memory_order_relaxed)) return;
  std::string line = "{\"time\":\"" + iso_time_text(SystemClock().now()) + "\",\"level\":\"";
  line += kNames[static_cast<int>(level)];
  line += "\",\"event\":";
  append_json_string(line, event, false);
  if (!request.empty()) {
    line += ",\"request\":";
    append_json_string(line, request, false);
  }
  for (const Field& field : fields) {
    line += ',';
    append_json_string(line, field.name, false);
    line += ':';
    if (const auto* text = std::get_if<std::string_view>(&field.value)) {
      append_json_string(line, *text, false);
    } else if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
      line += std::to_string(*number);
    } else {
      line += std::get<bool>(field.value) ? "true" : "false";
    }
  }
  line += '}';
  std::lock_guard lock(sink().mutex);
  if (sink().write) {
    sink().write(line);
    return;
  }
  line += '\n';
  // A log line that cannot be written has nowhere to be reported.
  [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, line.data(), line.size());
}

void set_level(Level least) { least_level = least; }
void set_sink(std::function<void(std::string_view)> to) {
  std::lock_guard lock(sink().mutex);
  sink().write = std::move(to);
}

RequestScope::RequestScope(std::string_view id) : before_(std::move(request)) { request = id; }
RequestScope::~RequestScope() { request = std::move(before_); }
std::string_view current_request() { return request; }
std::uint64_t error_count() { return errors.load(); }

}  // namespace base::log
