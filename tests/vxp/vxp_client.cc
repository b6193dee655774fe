#include "vxp/vxp_client.h"

#include <utility>

namespace vxp_client {
namespace {

constexpr std::string_view kPrefix = "XroadVnpt-";
constexpr std::string_view kAgent =
    "User-Agent: JAVASDKAgent/1.0.0 XRoad/VPCP\r\nXroadVnpt-version: 3.0.201608\r\n";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kOctets = "application/octet-stream";

// As Gson with HTML escaping off: only quotes, backslashes and control characters.
void add_json_text(std::string* out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  out->push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (c == '\n') {
      out->append("\\n");
    } else if (c == '\r') {
      out->append("\\r");
    } else if (c == '\t') {
      out->append("\\t");
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out->append("\\u00");
      out->push_back(kHex[static_cast<unsigned char>(c) >> 4]);
      out->push_back(kHex[static_cast<unsigned char>(c) & 15]);
    } else {
      out->push_back(c);
    }
  }
  out->push_back('"');
}

void add_line(std::string* out, std::string_view name, std::string_view value) {
  out->append(name).append(": ").append(value).append("\r\n");
}

void add_parameter(std::string* out, const std::pair<std::string, std::string>& parameter) {
  out->append(kPrefix);
  add_line(out, parameter.first, parameter.second);
}

void add_signature(std::string* out, const Signature& signature) {
  add_line(out, "XroadVnpt-sign-header-key", signature.key_list);
  add_line(out, "XroadVnpt-sign-header", signature.header);
  add_line(out, "XroadVnpt-hash-header", signature.hash);
}

}  // namespace

Signature sign(const Parameters& parameters, std::string_view secret) {
  Signature signature;
  signature.header.push_back('{');
  for (const auto& [name, value] : parameters) {
    if (!signature.key_list.empty()) {
      signature.key_list.push_back(';');
      signature.header.push_back(',');
    }
    signature.key_list.append(name);
    signature.header.append("\"").append(kPrefix).append(name).append("\":");
    add_json_text(&signature.header, value);
  }
  signature.header.push_back('}');
  signature.hash = hmac_sha256_hex(secret, signature.header);
  return signature;
}

std::string send_head(const Parameters& parameters, std::string_view secret, std::string_view host,
                      std::uint64_t content_length, std::string_view path) {
  std::string out;
  out.reserve(1536);
  out.append("POST ").append(path).append(" HTTP/1.1\r\n");
  add_line(&out, "Content-Type", kOctets);
  for (const auto& parameter : parameters) {
    add_parameter(&out, parameter);
  }
  add_signature(&out, sign(parameters, secret));
  out.append(kAgent);
  out.append("Cache-Control: no-cache\r\nPragma: no-cache\r\n");
  add_line(&out, "Host", host);
  out.append("Accept: text/html, image/gif, image/jpeg, */*; q=0.2\r\nConnection: keep-alive\r\n");
  add_line(&out, "Content-Length", std::to_string(content_length));
  out.append("\r\n");
  return out;
}

std::string call_head(std::string_view http_method, std::string_view path,
                      const Parameters& parameters, std::string_view secret, std::string_view host,
                      CallBody body, std::uint64_t content_length) {
  std::string out;
  out.reserve(1024);
  out.append(http_method).append(" ").append(path).append(" HTTP/1.1\r\n");
  for (const auto& parameter : parameters) {
    if (parameter.first == "Content-Type") {
      add_line(&out, "Content-Type", parameter.second);
    }
    add_parameter(&out, parameter);
  }
  add_signature(&out, sign(parameters, secret));
  out.append(kAgent);
  if (http_method != "GET") {
    add_line(&out, "Content-Length", std::to_string(content_length));
  }
  add_line(&out, "Host", host);
  out.append("Connection: Keep-Alive\r\n");
  if (body != CallBody::none) {
    out.append("Expect: 100-continue\r\n");
  }
  out.append("Accept-Encoding: gzip,deflate\r\n\r\n");
  return out;
}

std::string_view word(MessageType type) { return type == MessageType::edoc ? "edoc" : "status"; }

Caller::Caller(Credentials credentials, std::string host)
    : credentials_(std::move(credentials)), host_(std::move(host)) {}

std::string Caller::send_head(std::string_view from, MessageType type, const Digest& file_digest,
                              std::uint64_t file_size) const {
  const Parameters parameters = {{"systemid", credentials_.system_id},
                                 {"servicetype", "eDoc"},
                                 {"messagetype", std::string(word(type))},
                                 {"hash-file", unpadded_hex(file_digest)},
                                 {"from", std::string(from)},
                                 {"timestamp", credentials_.timestamp},
                                 {"Content-Type", std::string(kOctets)}};
  return vxp_client::send_head(parameters, credentials_.secret, host_, file_size + kFileEnd.size());
}

std::string Caller::send(std::string_view from, MessageType type, std::string_view file) const {
  std::string out = send_head(from, type, sha256(file), file.size());
  out.append(file).append(kFileEnd);
  return out;
}

std::string Caller::list(std::string_view path, MessageType type) const {
  const Parameters parameters = {{"systemid", credentials_.system_id},
                                 {"servicetype", "eDoc"},
                                 {"messagetype", std::string(word(type))},
                                 {"timestamp", credentials_.timestamp},
                                 {"Content-Type", std::string(kJson)}};
  return call_head("POST", path, parameters, credentials_.secret, host_, CallBody::none, 0);
}

std::string Caller::received_list(MessageType type) const {
  return list("/getReceivedEdocList", type);
}

std::string Caller::sent_list(MessageType type) const { return list("/getSentEdocList", type); }

std::string Caller::get(std::string_view doc_id) const {
  const Parameters parameters = {{"systemid", credentials_.system_id},
                                 {"docId", std::string(doc_id)},
                                 {"filePath", "/var/lib/dms/store"},
                                 {"timestamp", credentials_.timestamp},
                                 {"Content-Type", std::string(kJson)}};
  return call_head("POST", "/getEdoc", parameters, credentials_.secret, host_, CallBody::braces,
                   2) +
         "{}";
}

std::string Caller::download(std::string_view doc_id) const {
  const Parameters parameters = {{"systemid", credentials_.system_id},
                                 {"docId", std::string(doc_id)},
                                 {"filePath", "/var/lib/dms/store"},
                                 {"timestamp", credentials_.timestamp},
                                 {"Content-Type", std::string(kJson)}};
  return call_head("GET", "/downloadEdoc", parameters, credentials_.secret, host_, CallBody::none,
                   0);
}

std::string Caller::update_status(std::string_view doc_id, std::string_view status) const {
  const Parameters parameters = {{"systemid", credentials_.system_id},
                                 {"docid", std::string(doc_id)},
                                 {"timestamp", credentials_.timestamp},
                                 {"Content-Type", std::string(kJson)},
                                 {"status", std::string(status)}};
  return call_head("POST", "/updateStatus", parameters, credentials_.secret, host_,
                   CallBody::braces, 2) +
         "{}";
}

std::string Caller::agencies() const {
  const Parameters parameters = {{"systemid", credentials_.system_id},
                                 {"timestamp", credentials_.timestamp},
                                 {"Content-Type", std::string(kJson)}};
  return call_head("POST", "/getAgenciesList", parameters, credentials_.secret, host_,
                   CallBody::none, 0);
}

}  // namespace vxp_client
