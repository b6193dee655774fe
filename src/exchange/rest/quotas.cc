// How much callers may ask, and who asks most.
#include "exchange/rest/administration.h"
#include "exchange/rest/face.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"

namespace exchange::rest {
namespace {

using identity::Permission;

constexpr std::int64_t kNumberMax = std::int64_t{1} << 53;

base::Json limit_json(const RateLimit& limit) {
  base::Json json;
  json.add("burst", limit.burst).add("per_minute", limit.per_minute).add("per_day", limit.per_day);
  return json;
}

base::Result<http::Response> quotas(const Face& face, Call& call) {
  TRY(require_platform(call, Permission::platform_operate));
  const Face::Options& options = face.options();
  base::Json json, clients{base::Json::Array{}};
  for (const Rates::Use& one :
       face.rates().busiest(static_cast<std::size_t>(call.limit()), call.now)) {
    const bool stranger = one.client.starts_with("address:");
    const RateLimit& limit = stranger ? options.strangers : options.callers;
    base::Json client;
    client.add("client", one.client).add("today", one.today);
    client.add("left_today", std::max<std::int64_t>(0, limit.per_day - one.today));
    client.add("last_at", base::iso_time_text(one.last_at));
    clients.push(std::move(client));
  }
  json.add("callers", limit_json(options.callers)).add("strangers", limit_json(options.strangers));
  json.add("clients", std::move(clients));
  return http::Response::json(200, json.dump());
}

Schema limit_schema(base::Text about) {
  const auto number = [](base::Text text, std::int64_t example) {
    return integer(0, kNumberMax, std::move(text), example);
  };
  Schema made = object(
      "Quota", {"Được gọi bao nhiêu.", "How much one may ask."},
      {required("burst", number({"Liền một lúc.", "Calls at once."}, 200)),
       required("per_minute", number({"Bù lại mỗi phút.", "By which it is refilled."}, 1200)),
       required("per_day", number({"Mỗi ngày (UTC).", "In a day of UTC."}, 500'000))});
  made.about = std::move(about);
  return made;
}

Schema quotas_schema() {
  const auto number = [](base::Text text, std::int64_t example) {
    return integer(0, kNumberMax, std::move(text), example);
  };
  return object(
      "Quotas", {"Hạn mức và mức dùng.", "Quotas, and how much of them is used."},
      {required("callers",
                limit_schema({"Của mỗi người, mỗi hệ thống.", "Of each person and each system."})),
       required("strangers", limit_schema({"Của mỗi địa chỉ chưa đăng nhập.",
                                           "Of each address that has not signed in."})),
       required("clients",
                list(object("QuotaUse", {"Một bên gọi.", "One caller."},
                            {required("client", text(200,
                                                     {"Ai: người, hệ thống hoặc địa chỉ.",
                                                      "Who: a person, a system or an address."},
                                                     "system:00.53.W00")),
                             required("today", number({"Đã gọi trong ngày.", "Calls today."}, 812)),
                             required("left_today", number({"Còn lại.", "Left today."}, 499'188)),
                             required("last_at", time({"Gọi lần cuối.", "The last call."}))}),
                     200, {"Gọi nhiều nhất trước.", "The busiest first."}))});
}

}  // namespace

std::vector<Route> quota_rows(const Face& face) {
  return {{
      .path = "/api/v1/quotas",
      .access = Permission::platform_operate,
      .name = "getQuotas",
      .tag = "Platform",
      .summary = {"Hạn mức và ai gọi nhiều", "Quotas, and who asks most"},
      .about = {"Của tiến trình này, từ khi chạy hoặc từ đầu ngày.",
                "Of this process, since it started or the day began."},
      .parameters = {limit_parameter()},
      .answers = {{200, {"Hạn mức và mức dùng.", "Quotas and use."}, quotas_schema()}},
      .refusals = {platform_only()},
      .handler = [&face](Call& call) { return quotas(face, call); },
  }};
}

}  // namespace exchange::rest
