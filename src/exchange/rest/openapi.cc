#include "exchange/rest/openapi.h"

#include <limits>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "exchange/rest/idempotency.h"
#include "exchange/rest/request.h"

namespace exchange::rest {
namespace {

using Json = base::Json;
using Type = Schema::Type;

constexpr std::string_view kVersion = "1.0.0";
constexpr std::int64_t kUnbounded = std::numeric_limits<std::int64_t>::max();

// Every schema that has a name, described once.
class Components {
 public:
  // `strict`: members that are not described are refused there.
  Json describe(const Schema& schema, bool strict) {
    if (schema.name.empty()) return inline_of(schema, strict);
    if (!all_.contains(schema.name)) {
      all_.emplace(schema.name, Json());
      all_[schema.name] = inline_of(schema, strict);
    }
    Json json;
    json.add("$ref", "#/components/schemas/" + std::string(schema.name));
    if (!schema.about.en.empty()) json.add("description", schema.about.en);
    return json;
  }
  Json take() const {
    Json json{Json::Object{}};
    for (const auto& [name, schema] : all_) json.add(std::string(name), schema);
    return json;
  }

 private:
  static std::string_view type_name(Type type) {
    return type == Type::object    ? "object"
           : type == Type::array   ? "array"
           : type == Type::text    ? "string"
           : type == Type::integer ? "integer"
                                   : "boolean";
  }
  Json inline_of(const Schema& schema, bool strict) {
    Json json{Json::Object{}};
    if (schema.type != Type::anything) json.add("type", type_name(schema.type));
    if (!schema.about.en.empty()) json.add("description", schema.about.en);
    if (!schema.about.vi.empty()) json.add("x-description-vi", schema.about.vi);
    if (schema.type == Type::object) add_members(schema, strict, json);
    if (schema.type == Type::array)
      json.add("items", describe(schema.items.at(0), strict)).add("maxItems", schema.most);
    if (schema.type == Type::integer) json.add("minimum", schema.least).add("maximum", schema.most);
    if (schema.type == Type::text) add_text(schema, json);
    return json;
  }
  void add_members(const Schema& schema, bool strict, Json& json) {
    Json properties{Json::Object{}}, required{Json::Array{}};
    for (const Member& member : schema.members) {
      properties.add(std::string(member.name), describe(member.schema, strict));
      if (member.required) required.push(member.name);
    }
    json.add("properties", std::move(properties));
    if (!required.array().empty()) json.add("required", std::move(required));
    if (strict) json.add("additionalProperties", false);
  }
  static void add_text(const Schema& schema, Json& json) {
    if (!schema.values.empty()) {
      Json values{Json::Array{}};
      for (const auto value : schema.values) values.push(value);
      json.add("enum", std::move(values));
    } else if (schema.format == Schema::Format::time) {
      json.add("format", "date-time");
    } else if (schema.format == Schema::Format::date) {
      json.add("format", "date");
    } else {
      if (schema.least > 0) json.add("minLength", schema.least);
      if (schema.most < kUnbounded) json.add("maxLength", schema.most);
    }
  }

  std::map<std::string_view, Json> all_;
};

Schema problem_schema() {
  const auto line = [](std::string_view vi, std::string_view en, std::string_view example) {
    return text(10'000, {std::string(vi), std::string(en)}, example);
  };
  return object(
      "Problem", {"Lỗi (RFC 9457).", "An error (RFC 9457)."},
      {required("type", line("Tên lỗi dạng URN.", "The reason as a URN.",
                             "urn:truc:exchange.unknown_document")),
       required("title", line("Loại lỗi.", "What kind of error.", "Không tìm thấy")),
       required("status", integer(400, 599, {"Mã HTTP.", "The status."}, 404)),
       required("detail", line("Lỗi, bằng ngôn ngữ của bên gọi.", "In the caller's language.",
                               "không có văn bản nào của đơn vị mang mã này")),
       optional("detail_vi", line("Bằng tiếng Việt.", "In Vietnamese.",
                                  "không có văn bản nào của đơn vị mang mã này")),
       required("detail_en",
                line("Bằng tiếng Anh.", "In English.", "no document of yours has this id")),
       required("reason", line("Tên lỗi, không bao giờ đổi.", "Stable; for programs.",
                               "exchange.unknown_document")),
       // As long as a head may be.
       optional("instance",
                text(64 * 1024, {"Địa chỉ đã gọi.", "What was called."}, "/api/v1/documents/5f1c")),
       optional("pointer",
                line("Mục sai: JSON Pointer trong nội dung, hoặc tên tham số.",
                     "What is wrong: a JSON Pointer into the body, or a parameter.", "/to/0"))});
}

Json problem_example(const Refusal& refusal, int status) {
  Json value;
  value.add("type", "urn:truc:" + std::string(refusal.reason));
  value.add("title", http::status_phrase(status)).add("status", status);
  value.add("detail", refusal.meaning.en).add("detail_vi", refusal.meaning.vi);
  value.add("detail_en", refusal.meaning.en).add("reason", refusal.reason);
  Json example;
  example.add("summary", refusal.meaning.en).add("value", std::move(value));
  return example;
}

Json media(std::string_view type, Json content) {
  Json json;
  json.add(std::string(type), std::move(content));
  return json;
}

Json headers_of(const Answer& answer, Components& components) {
  Json json;
  for (const Parameter& header : answer.headers) {
    Json one;
    Schema schema = header.schema;
    const base::Text about = std::exchange(schema.about, {});
    one.add("description", about.en).add("x-description-vi", about.vi);
    one.add("schema", components.describe(schema, false)).add("example", example_of(schema));
    json.add(std::string(header.name), std::move(one));
  }
  for (const char* name : {"RateLimit", "RateLimit-Policy", "X-Request-Id"}) {
    Json ref;
    ref.add("$ref", "#/components/headers/" + std::string(name));
    json.add(name, std::move(ref));
  }
  return json;
}

Json responses_of(const Route& row, Components& components) {
  std::map<int, Json> by_status;
  for (const Answer& answer : row.answers) {
    Json json;
    json.add("description", answer.about.en).add("x-description-vi", answer.about.vi);
    json.add("headers", headers_of(answer, components));
    Json content{Json::Object{}};
    if (answer.schema) {
      content.add("schema", components.describe(*answer.schema, false));
      content.add("example", example_of(*answer.schema));
      Json types = media("application/json", std::move(content));
      if (!answer.also.empty()) types.add(std::string(answer.also), Json{Json::Object{}});
      json.add("content", std::move(types));
    } else if (!answer.type.empty()) {
      json.add("content", media(answer.type, std::move(content)));
    }
    by_status.emplace(answer.status, std::move(json));
  }
  if (row.method == http::Method::get) {
    Json json;
    by_status.emplace(304, std::move(json.add("description", "It is what If-None-Match names.")));
  }
  std::map<int, std::map<std::string_view, Json>> examples;
  for (const Refusal& refusal : refusals_of(row)) {
    const int status = status_of(refusal);
    examples[status].emplace(refusal.reason, problem_example(refusal, status));
  }
  for (auto& [status, all] : examples) {
    Json named{Json::Object{}}, content, json;
    for (auto& [reason, example] : all) named.add(std::string(reason), std::move(example));
    content.add("schema", components.describe(problem_schema(), false));
    content.add("examples", std::move(named));
    json.add("description", http::status_phrase(status));
    json.add("content", media("application/problem+json", std::move(content)));
    by_status.emplace(status, std::move(json));
  }
  Json json;
  for (auto& [status, response] : by_status) json.add(std::to_string(status), std::move(response));
  return json;
}

Json parameter_json(std::string_view in, std::string_view name, bool required, Json schema,
                    const base::Text& about, Json example) {
  Json json;
  json.add("name", name).add("in", in).add("required", required);
  if (!about.en.empty()) json.add("description", about.en).add("x-description-vi", about.vi);
  json.add("schema", std::move(schema));
  if (!example.is_null()) json.add("example", std::move(example));
  return json;
}

Json parameters_of(const Route& row, Components& components) {
  Json all{Json::Array{}};
  for (const Parameter& parameter : row.parameters) {
    static constexpr std::string_view kIn[] = {"path", "query", "header"};
    Schema schema = parameter.schema;
    const base::Text about = std::exchange(schema.about, {});
    // A cursor cannot be made up.
    Json example = parameter.name == "cursor" ? Json() : example_of(parameter.schema);
    all.push(parameter_json(kIn[static_cast<int>(parameter.in)], parameter.name, parameter.required,
                            components.describe(schema, true), about, std::move(example)));
  }
  const auto header = [&](std::string_view name, base::Text about, std::string_view example,
                          std::int64_t most, std::int64_t least) {
    all.push(parameter_json("header", name, false,
                            components.describe(text(most, {}, example, least), true), about,
                            example));
  };
  if (row.method == http::Method::post && row.keeps_answer) {
    header("Idempotency-Key",
           {"Khóa của lần gửi này: gửi lại với cùng khóa nhận lại câu trả lời đầu tiên (24 giờ).",
            "A key of this request: repeated with it, the first answer comes again (24 hours)."},
           "3f0d9a52-6c1e-4b6e-9a8a-0d6a52b1c7e4", kKeyBytesMax, 1);
  }
  if (row.method == http::Method::put) {
    header("If-Match", {"ETag đã đọc.", "The ETag that was read."}, "\"9f86d081884c7d65\"",
           kUnbounded, 0);
    header("If-None-Match", {"* khi thêm mới.", "* for a new one."}, "*", kUnbounded, 0);
  }
  return all;
}

Json body_of(const Route& row, Components& components) {
  Json content{Json::Object{}};
  if (row.body.json) {
    Json json;
    json.add("schema", components.describe(*row.body.json, true));
    json.add("example", example_of(*row.body.json));
    content.add("application/json", std::move(json));
  }
  for (const std::string_view type : row.body.types) content.add(std::string(type), Json::Object{});
  Json json;
  json.add("required", !row.body.optional);
  if (!row.body.about.en.empty()) json.add("description", row.body.about.en);
  json.add("content", std::move(content));
  return json;
}

Json security_of(const Route& row) {
  Json all{Json::Array{}};
  if (row.access.open_to_strangers()) return all;
  for (const char* scheme : {"bearer", "mutualTLS", "session"}) {
    Json one, scopes{Json::Array{}};
    if (row.access.kind() == Access::Kind::permitted)
      scopes.push(identity::name_of(row.access.permission()));
    all.push(std::move(one.add(scheme, std::move(scopes))));
  }
  return all;
}

Json operation_of(const Route& row, Components& components) {
  Json json;
  json.add("operationId", row.name).add("tags", Json::Array{row.tag});
  json.add("summary", row.summary.en).add("x-summary-vi", row.summary.vi);
  std::string about = row.about.en;
  if (row.access.kind() == Access::Kind::permitted)
    about += "\n\nNeeds the permission `" +
             std::string(identity::name_of(row.access.permission())) + "`.";
  json.add("description", about).add("x-description-vi", row.about.vi);
  if (Json parameters = parameters_of(row, components); !parameters.array().empty())
    json.add("parameters", std::move(parameters));
  if (row.body.json || row.body.open) json.add("requestBody", body_of(row, components));
  json.add("responses", responses_of(row, components));
  json.add("security", security_of(row));
  Json sample;
  sample.add("lang", "Shell").add("source", curl_example(row));
  json.add("x-codeSamples", Json::Array{std::move(sample)});
  return json;
}

Json security_schemes() {
  const auto scheme = [](std::initializer_list<std::pair<const char*, const char*>> members) {
    Json json;
    for (const auto& [name, value] : members) json.add(name, value);
    return json;
  };
  Json json;
  json.add("bearer", scheme({{"type", "http"},
                             {"scheme", "bearer"},
                             {"description", "An access token or an API key of a system."}}));
  json.add("mutualTLS",
           scheme({{"type", "mutualTLS"}, {"description", "A system's client certificate."}}));
  json.add("session", scheme({{"type", "apiKey"},
                              {"in", "cookie"},
                              {"name", "truc_session"},
                              {"description", "A person's session in a browser."}}));
  return json;
}

Json common_headers() {
  const auto header = [](const char* about, const char* example) {
    Json schema, json;
    schema.add("type", "string");
    json.add("description", about).add("schema", std::move(schema)).add("example", example);
    return json;
  };
  Json json;
  json.add("RateLimit", header("What is left (draft-ietf-httpapi-ratelimit-headers).",
                               "\"burst\";r=199;t=1, \"day\";r=499999;t=43200"));
  json.add("RateLimit-Policy",
           header("How much a client may ask.", "\"burst\";q=200;w=10, \"day\";q=500000;w=86400"));
  json.add("X-Request-Id", header("Of this request, as the server's log names it.", "5c0e1f"));
  return json;
}

Json info() {
  Json licence, json;
  licence.add("name", "Apache-2.0").add("identifier", "Apache-2.0");
  json.add("title", "Trúc").add("version", kVersion);
  json.add("summary", "The exchange of signed e-documents between State agencies");
  json.add(
      "description",
      "Hand documents in, fetch what waits, acknowledge it, say what is done with it, follow "
      "it and prove each step. Every answer of a change comes once it is on disk. What belongs "
      "to others is 404. Errors are problem+json (RFC 9457) with a stable `reason`; their "
      "sentences are in Vietnamese unless Accept-Language asks for English.");
  json.add("license", std::move(licence));
  return json;
}

Json tags_of(const std::deque<Route>& rows) {
  std::set<std::string_view> seen;
  Json tags{Json::Array{}};
  for (const Route& row : rows) {
    if (!row.path.starts_with("/api/") || !seen.insert(row.tag).second) continue;
    Json tag;
    tag.add("name", row.tag).add("description", "Calls about: " + base::lower_ascii(row.tag));
    tags.push(std::move(tag));
  }
  return tags;
}

}  // namespace

base::Json openapi(const std::deque<Route>& rows) {
  Components components;
  std::map<std::string_view, Json> paths;
  for (const Route& row : rows) {
    if (!row.path.starts_with("/api/")) continue;
    paths[row.path].add(base::lower_ascii(http::method_name(row.method)),
                        operation_of(row, components));
  }
  Json json, all{Json::Object{}}, parts, server;
  for (auto& [path, operations] : paths) all.add(std::string(path), std::move(operations));
  server.add("url", "/").add("description", "This exchange");
  parts.add("securitySchemes", security_schemes()).add("headers", common_headers());
  parts.add("schemas", components.take());
  json.add("openapi", "3.1.0").add("info", info());
  json.add("servers", Json::Array{std::move(server)}).add("tags", tags_of(rows));
  json.add("paths", std::move(all)).add("components", std::move(parts));
  return json;
}

}  // namespace exchange::rest
