#include "agent/testing/fake_api.h"

#include "base/file.h"
#include "base/hash.h"

namespace agent::testing {
namespace {

Answer answer(int status, base::Json json) {
  Answer made;
  made.status = status;
  made.json = std::move(json);
  return made;
}

Answer unknown() {
  Answer made = answer(404, base::Json());
  made.reason = "exchange.unknown_document";
  return made;
}

base::Error lost() {
  return base::Error(base::Code::unavailable, "http.broken_off", "lost", "mất kết nối");
}

// Documents have the ids of their deliveries with a "d" before them.
std::string delivery_of(std::string_view path, std::string_view before) {
  const std::string_view rest = path.substr(before.size());
  return std::string(rest.substr(0, rest.find('/')));
}

}  // namespace

base::Result<Answer> FakeApi::carried(const std::function<base::Result<Answer>()>& work) {
  const Line now = line(++calls_);
  if (now == Line::lost_before) return lost();
  auto done = work();
  if (now == Line::lost_after) return lost();
  return done;
}

base::Result<Answer> FakeApi::get(const std::string& path) {
  return carried([&]() -> base::Result<Answer> {
    base::Json json;
    if (path.starts_with("/api/v1/deliveries?")) {
      base::Json items{base::Json::Array{}};
      for (const auto& [id, bytes] : waiting) {
        if (acknowledged.count(id) > 0) continue;
        base::Json one;
        one.add("id", id).add("document", "d" + id);
        items.push(std::move(one));
      }
      json.add("items", std::move(items));
      return answer(200, std::move(json));
    }
    if (path.starts_with("/api/v1/deliveries/")) {
      json.add("state", "done").add("recall", recall).add("signatures", verdict);
      return answer(200, std::move(json));
    }
    if (path.starts_with("/api/v1/documents?")) {
      base::Json items{base::Json::Array{}};
      for (const auto& [key, bytes] : submitted) {
        base::Json one;
        one.add("id", base::hex(base::sha256(key)).substr(0, 24));
        one.add("sha256", base::hex(base::sha256(bytes)));
        items.push(std::move(one));
      }
      json.add("items", std::move(items));
      return answer(200, std::move(json));
    }
    if (path.starts_with("/api/v1/submissions/")) {
      json.add("document", path.substr(20)).add("deliveries", base::Json::Array{});
      return answer(200, std::move(json));
    }
    const auto found = waiting.find(delivery_of(path, "/api/v1/documents/d"));
    if (found == waiting.end()) return unknown();
    json.add("judged", true).add("verdict", verdict).add("text_vi", "hợp lệ");
    json.add("size", static_cast<std::int64_t>(found->second.size()));
    json.add("sha256", base::hex(base::sha256(found->second)));
    return answer(200, std::move(json));
  });
}

base::Result<Answer> FakeApi::post(const std::string& path, const base::Json& body,
                                   const std::string& key) {
  return carried([&]() -> base::Result<Answer> {
    const std::string id = delivery_of(path, "/api/v1/deliveries/");
    if (waiting.count(id) == 0) return unknown();
    if (path.ends_with("/acknowledgement")) {
      ++acknowledged[id];
    } else {
      reports.push_back(key + " " + std::string(body["code"].text()));
    }
    return answer(200, base::Json::Object{});
  });
}

base::Result<Answer> FakeApi::submit(const std::string& path, const std::string& key) {
  return carried([&]() -> base::Result<Answer> {
    ++attempts;
    std::string bytes = TRY(base::read_file(base::real_files(), path, 64 << 20));
    if (refusal.status != 0 && bytes.find(refused) != std::string::npos) return refusal;
    submitted[key] = std::move(bytes);
    base::Json json;
    json.add("id", base::hex(base::sha256(key)).substr(0, 24)).add("deliveries", 1);
    return answer(201, std::move(json));
  });
}

base::Result<Answer> FakeApi::content(const std::string& document, http::BodySink& sink) {
  return carried([&]() -> base::Result<Answer> {
    const auto found = waiting.find(document.substr(1));
    if (found == waiting.end()) return unknown();
    ++fetched[found->first];
    if (damaged.count(found->first) > 0) return lost();
    TRY(sink.write(found->second));
    return answer(200, base::Json());
  });
}

}  // namespace agent::testing
