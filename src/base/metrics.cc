#include "base/metrics.h"

#include <array>
#include <cstdio>
#include <set>

namespace base {
namespace {
enum Kind { kCounter, kHistogram, kGauge };
constexpr std::string_view kKindNames[] = {"counter", "histogram", "gauge"};

std::string number_text(double value) {
  std::array<char, 40> out{};
  std::snprintf(out.data(), out.size(), "%.10g", value);
  return out.data();
}

std::string braces(std::string_view labels, std::string_view more = "") {
  if (labels.empty() && more.empty()) return {};
  std::string out = "{";
  out += labels;
  if (!labels.empty() && !more.empty()) out += ',';
  out += more;
  return out + "}";
}
// As Prometheus' text format asks.
std::string quoted(std::string_view value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out + '"';
}
}  // namespace

struct Metrics::Entry {
  std::string name, help, labels;
  int kind = kCounter;
  Counter counter;
  Histogram histogram;
  std::function<double()> read;
  std::function<std::vector<Reading>()> read_all;

  void append_readings(std::string& out) const {
    for (const Reading& reading : read_all()) {
      std::string text;
      for (const auto& [label, value] : reading.labels) {
        text += (text.empty() ? "" : ",") + label + "=" + quoted(value);
      }
      out += name + braces(text) + " " + number_text(reading.value) + "\n";
    }
  }
};

Metrics::Metrics() = default;
Metrics::~Metrics() = default;

void Histogram::observe_micros(std::int64_t micros) {
  const double seconds = static_cast<double>(micros) / 1e6;
  std::size_t i = 0;
  while (i < kBounds.size() && seconds > kBounds[i]) ++i;
  buckets_[i].fetch_add(1, std::memory_order_relaxed);
  sum_micros_.fetch_add(static_cast<std::uint64_t>(micros < 0 ? 0 : micros),
                        std::memory_order_relaxed);
}

void Histogram::append(std::string& out, std::string_view name, std::string_view labels) const {
  const std::string n(name);
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    total += buckets_[i].load(std::memory_order_relaxed);
    const std::string bound = i < kBounds.size() ? number_text(kBounds[i]) : "+Inf";
    out +=
        n + "_bucket" + braces(labels, "le=\"" + bound + "\"") + " " + std::to_string(total) + "\n";
  }
  const double sum = static_cast<double>(sum_micros_.load(std::memory_order_relaxed)) / 1e6;
  out += n + "_sum" + braces(labels) + " " + number_text(sum) + "\n";
  out += n + "_count" + braces(labels) + " " + std::to_string(total) + "\n";
}

Metrics::Entry& Metrics::entry(std::string_view name, std::string_view help,
                               std::string_view labels, int kind) {
  std::lock_guard lock(mutex_);
  for (const auto& known : entries_) {
    if (known->name == name && known->labels == labels) return *known;
  }
  auto made = std::make_unique<Entry>();
  made->name = name;
  made->help = help;
  made->labels = labels;
  made->kind = kind;
  entries_.push_back(std::move(made));
  return *entries_.back();
}

Counter& Metrics::counter(std::string_view name, std::string_view help, std::string_view labels) {
  return entry(name, help, labels, kCounter).counter;
}
Histogram& Metrics::histogram(std::string_view name, std::string_view help,
                              std::string_view labels) {
  return entry(name, help, labels, kHistogram).histogram;
}
void Metrics::gauge(std::string_view name, std::string_view help, std::function<double()> read) {
  Entry& made = entry(name, help, "", kGauge);
  std::lock_guard lock(mutex_);
  made.read = std::move(read);
}

void Metrics::gauge(std::string_view name, std::string_view help,
                    std::function<std::vector<Reading>()> read) {
  Entry& made = entry(name, help, "", kGauge);
  std::lock_guard lock(mutex_);
  made.read_all = std::move(read);
}

std::string Metrics::text() const {
  std::lock_guard lock(mutex_);
  std::string out;
  std::set<std::string_view> done;
  for (const auto& first : entries_) {
    if (!done.insert(first->name).second) continue;
    out += "# HELP " + first->name + " " + first->help + "\n# TYPE " + first->name + " ";
    out += kKindNames[first->kind];
    out += '\n';
    for (const auto& e : entries_) {
      if (e->name != first->name) continue;
      if (e->kind == kHistogram) {
        e->histogram.append(out, e->name, e->labels);
      } else if (e->read_all) {
        e->append_readings(out);
      } else {
        out += e->name + braces(e->labels) + " " +
               (e->kind == kCounter ? std::to_string(e->counter.value())
                                    : number_text(e->read ? e->read() : 0)) +
               "\n";
      }
    }
  }
  return out;
}

}  // namespace base
