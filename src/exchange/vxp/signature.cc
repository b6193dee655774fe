#include "exchange/vxp/signature.h"

#include <array>
#include <cstdio>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"

namespace exchange::vxp {
namespace {

base::Error refused() {
  return base::Error(base::Code::unauthenticated, "vxp.signature", "wrong system id or signature",
                     "Sai mã hệ thống hoặc chữ ký");
}

}  // namespace

std::string_view Parameters::operator[](std::string_view name) const {
  for (const auto& [key, value] : items_) {
    if (key == name) return value;
  }
  return {};
}

bool Parameters::has(std::string_view name) const {
  for (const auto& item : items_) {
    if (item.first == name) return true;
  }
  return false;
}

base::Result<Parameters> verified_parameters(const http::Headers& headers, base::BytesView secret) {
  const std::string_view signed_json = headers[kSignHeader];
  const std::string expected = base::hex(base::hmac_sha256(secret, signed_json));
  const std::string given = base::lower_ascii(base::trim(headers[kHashHeader]));
  if (!base::equal_constant_time(expected, given)) return refused();
  const auto json = base::Json::parse(signed_json);
  if (!json || !json->is_object()) return refused();
  Parameters parameters;
  std::string keys;
  for (const auto& [name, value] : json->object()) {
    if (!name.starts_with(kPrefix)) return refused();
    const std::string key = name.substr(kPrefix.size());
    keys += (keys.empty() ? "" : ";") + key;
    if (value.is_null()) continue;  // as if it were not there
    parameters.add(key, value.is_string() ? std::string(value.text()) : value.dump());
  }
  if (headers.has(kSignHeaderKey) && headers[kSignHeaderKey] != keys) return refused();
  if (parameters["systemid"] != headers[kSystemId]) return refused();
  return parameters;
}

http::Headers signed_headers(const Parameters& parameters, base::BytesView secret) {
  http::Headers headers;
  std::string keys, json = "{";
  for (const auto& [key, value] : parameters.all()) {
    headers.add(std::string(kPrefix) + key, value);
    if (!keys.empty()) {
      keys += ';';
      json += ',';
    }
    keys += key;
    base::append_json_string(json, std::string(kPrefix) + key, false);
    json += ':';
    base::append_json_string(json, value, false);
  }
  json += '}';
  headers.add(std::string(kSignHeaderKey), keys);
  headers.add(std::string(kHashHeader), base::hex(base::hmac_sha256(secret, json)));
  headers.add(std::string(kSignHeader), std::move(json));
  return headers;
}

std::string timestamp_text(base::Time now) {
  const std::string local = base::vietnam_time_text(now, '-');  // yyyy-MM-dd HH:mm:ss
  std::array<char, 8> millis{};
  std::snprintf(millis.data(), millis.size(), "%04d",
                static_cast<int>(base::to_micros(now) / 1000 % 1000));
  return local.substr(8, 2) + local.substr(5, 2) + local.substr(0, 4) + "T" + local.substr(11, 2) +
         local.substr(14, 2) + local.substr(17, 2) + "+" + millis.data();
}

std::string unpadded_hex(base::BytesView digest) {
  std::string out;
  for (const char c : digest) {
    const std::string two = base::hex({&c, 1});
    out += two[0] == '0' ? two.substr(1) : two;
  }
  return out;
}

bool hash_matches(std::string_view written, base::BytesView digest) {
  const std::string given = base::lower_ascii(base::trim(written));
  return given == base::hex(digest) || given == unpadded_hex(digest);
}

}  // namespace exchange::vxp
