// Counters, gauges and histograms in Prometheus' text format (version 0.0.4).
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace base {

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// Durations in seconds, buckets from 0.5 ms to 10 s.
class Histogram {
 public:
  static constexpr std::array<double, 14> kBounds = {
      0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
  void observe_micros(std::int64_t micros);
  void append(std::string& out, std::string_view name, std::string_view labels) const;

 private:
  std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> buckets_{};
  std::atomic<std::uint64_t> sum_micros_{0};
};

// Owns the metrics of one server; objects live as long as it. Registration and text(): any thread.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  // `labels` is empty or like `route="/healthz",method="GET"`; asking twice gives the same object.
  Counter& counter(std::string_view name, std::string_view help, std::string_view labels = "");
  Histogram& histogram(std::string_view name, std::string_view help, std::string_view labels = "");
  // `read` is called at every text(); it must be quick.
  void gauge(std::string_view name, std::string_view help, std::function<double()> read);
  // The same for one name with labels that come and go.
  struct Reading {
    std::vector<std::pair<std::string, std::string>> labels;  // values as they are
    double value = 0;
  };
  void gauge(std::string_view name, std::string_view help,
             std::function<std::vector<Reading>()> read);
  std::string text() const;

 private:
  struct Entry;
  Entry& entry(std::string_view name, std::string_view help, std::string_view labels, int kind);
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Entry>> entries_;
};

}  // namespace base
