#include "cli/operation.h"

#include "store/journal.h"

namespace cli {
namespace {

constexpr std::int64_t kLookEveryMicros = 1'000'000;
constexpr std::uint64_t kFreeBytesLeast = 64ull << 20;

const store::Query kHeartbeat{"cli.heartbeat",
                              "insert into meta (name, value) values ('heartbeat', $1) "
                              "on conflict (name) do update set value = excluded.value"};

base::Json list_of(const std::vector<base::Text>& texts) {
  base::Json list{base::Json::Array{}};
  for (const base::Text& text : texts) {
    base::Json one;
    one.add("vi", text.vi).add("en", text.en);
    list.push(std::move(one));
  }
  return list;
}

http::Response health_answer(Health& health) {
  const std::vector<base::Text> troubles = health.troubles(), degraded = health.degradations();
  base::Json json;
  json.add("ok", troubles.empty()).add("troubles", list_of(troubles));
  if (!degraded.empty()) json.add("degradations", list_of(degraded));
  return http::Response::json(troubles.empty() ? 200 : 503, json.dump());
}

}  // namespace

std::vector<base::Text> Health::troubles() {
  std::lock_guard lock(mutex_);
  const std::int64_t now = base::monotonic_micros();
  if (looked_at_ == 0 || now - looked_at_ >= kLookEveryMicros) {
    last_ = look();
    looked_at_ = now;
  }
  return last_;
}

std::vector<base::Text> Health::degradations() {
  EvidenceOffice* const office = site_.evidence();
  return office ? office->degradations() : std::vector<base::Text>{};
}

std::vector<base::Text> Health::look() {
  std::vector<base::Text> troubles;
  const auto note = [&](const base::Error& error, std::string_view vi, std::string_view en) {
    troubles.push_back({std::string(vi) + ": " + error.text().in(base::Language::vietnamese),
                        std::string(en) + ": " + error.detail()});
  };
  if (const auto probe = site_.blobs->probe(); !probe) {
    note(probe.error(), "Không ghi được nội dung văn bản", "document bytes cannot be written");
  }
  const auto heartbeat =
      site_.database->write([&](store::Connection& connection) -> base::Result<void> {
        TRY(connection.run(kHeartbeat, {base::iso_time_text(site_.clock.now())}));
        return store::journal::check_end(connection);
      });
  if (!heartbeat) note(heartbeat.error(), "Không ghi được hồ sơ", "records cannot be written");
  if (base::real_files().free_bytes(site_.directory) < kFreeBytesLeast) {
    troubles.push_back({"Đĩa gần đầy: còn dưới 64 MiB; hãy dọn hoặc mở rộng đĩa",
                        "the disk is nearly full: less than 64 MiB left; free or add space"});
  }
  return troubles;
}

std::vector<http::Route> operation_routes(Site& site, Health& health) {
  constexpr auto get = http::Method::get;
  constexpr auto open = http::Permission::open;
  return {
      {get, "/healthz", open, 0, [&health](http::Request&) { return health_answer(health); },
       "whether documents can be accepted"},
      {get, "/readyz", open, 0, [&health](http::Request&) { return health_answer(health); },
       "whether this process should get requests"},
      {get, "/metrics", http::Permission::loopback, 0,
       [&site](http::Request&) {
         return http::Response::text(200, "text/plain; version=0.0.4; charset=utf-8",
                                     site.metrics.text());
       },
       "figures for Prometheus"},
  };
}

}  // namespace cli
