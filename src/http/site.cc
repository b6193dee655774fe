#include "http/site.h"

#include <string>

namespace http {
namespace {

RouteMeter make_meter(base::Metrics& metrics, std::string_view path, std::string_view method) {
  const std::string labels =
      "route=\"" + std::string(path) + "\",method=\"" + std::string(method) + "\"";
  RouteMeter meter;
  meter.seconds = &metrics.histogram("http_request_seconds",
                                     "From the whole head to the answer's first byte.", labels);
  for (std::size_t i = 1; i < meter.by_class.size(); ++i) {
    meter.by_class[i] = &metrics.counter("http_requests_total", "Requests answered.",
                                         labels + ",status=\"" + std::to_string(i) + "xx\"");
  }
  meter.by_class[0] = meter.by_class[5];
  return meter;
}

constexpr std::string_view kOther = "other";

}  // namespace

Site::Site(const Server::Options& o, const Router& r, base::Metrics& metrics, base::Random& random)
    : options(o),
      router(r),
      jobs(o.waiting_max),
      connections(std::make_shared<std::atomic<std::size_t>>(0)),
      waits(std::make_shared<std::atomic<std::size_t>>(0)),
      streams(std::make_shared<std::atomic<std::size_t>>(0)),
      id_seed(random.number()) {
  for (const Route& route : router.routes()) {
    meters_.push_back(make_meter(metrics, route.path, method_name(route.method)));
  }
  meters_.push_back(make_meter(metrics, "none", "any"));
  for (const std::string_view reason :
       {std::string_view("http.busy"), std::string_view("http.body_too_large"),
        std::string_view("http.head_too_large"), std::string_view("http.head_malformed"),
        std::string_view("http.body_malformed"), std::string_view("http.pipelined"),
        std::string_view("http.not_found"), std::string_view("http.method_not_allowed"),
        std::string_view("http.timed_out"), std::string_view("http.cut_off"),
        std::string_view("http.stream_stalled"), std::string_view("http.connections_max"),
        kOther}) {
    refused_.push_back({reason, &metrics.counter("http_refused_total", "Requests not served.",
                                                 "reason=\"" + std::string(reason) + "\"")});
  }
  metrics.gauge("http_connections", "Open connections.",
                [open = connections] { return static_cast<double>(open->load()); });
  metrics.gauge("http_waits", "Answers that come later.",
                [open = waits] { return static_cast<double>(open->load()); });
  metrics.gauge("http_streams", "Streams of events.",
                [open = streams] { return static_cast<double>(open->load()); });
}

void Site::count_answer(const Route* route, int status, std::int64_t micros) {
  RouteMeter& meter = route == nullptr
                          ? meters_.back()
                          : meters_[static_cast<std::size_t>(route - router.routes().data())];
  const int by_class = status >= 100 && status < 600 ? status / 100 : 0;
  meter.by_class[static_cast<std::size_t>(by_class)]->add();
  meter.seconds->observe_micros(micros);
}

void Site::count_refused(std::string_view reason) {
  for (const Refused& refused : refused_) {
    if (refused.reason == reason || refused.reason == kOther) {
      refused.counter->add();
      return;
    }
  }
}

void Site::connection_gone() {
  connections->fetch_sub(1);
  if (!stopping) return;
  { std::lock_guard lock(gone_mutex); }
  gone.notify_all();
}

}  // namespace http
