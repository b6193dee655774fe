#include "trust/testing/csc_server.h"

#include <openssl/ecdsa.h>

#include "base/hash.h"
#include "base/json.h"
#include "trust/certificate.h"

namespace trust::testing {
namespace {

http::Response error(int status, const char* code, const char* description) {
  base::Json body;
  body.add("error", code);
  body.add("error_description", description);
  return http::Response::json(status, body.dump());
}

std::vector<std::string> texts(const base::Json& array) {
  std::vector<std::string> out;
  for (const base::Json& one : array.array()) out.emplace_back(one.text());
  return out;
}

base::Bytes side_by_side(const base::Bytes& der, std::size_t half) {
  const unsigned char* at = unsigned_of(base::BytesView(der));
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  base::Bytes out(half * 2, '\0');
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), unsigned_of(out), static_cast<int>(half));
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), unsigned_of(out) + half, static_cast<int>(half));
  ECDSA_SIG_free(pair);
  return out;
}

}  // namespace

CscServer::CscServer(SigningKey& key) : key_(key), server_(routes()) {}

std::string CscServer::url() const {
  return "http://127.0.0.1:" + std::to_string(server_.port) + "/csc/v2";
}

void CscServer::forget_tokens() {
  const std::lock_guard lock(mutex_);
  tokens_.clear();
}

std::vector<http::Route> CscServer::routes() {
  std::vector<http::Route> out;
  const auto add = [&](std::string_view path,
                       http::Response (CscServer::*answer)(const http::Request&),
                       bool needs_token) {
    out.push_back({http::Method::post, path, http::Permission::open, 1u << 20,
                   [this, answer, needs_token](http::Request& request) {
                     if (down) return error(503, "temporarily_unavailable", "Maintenance");
                     const std::lock_guard lock(mutex_);
                     if (needs_token && !known(request)) {
                       return error(401, "invalid_token", "The access token is not valid");
                     }
                     return (this->*answer)(request);
                   },
                   "CSC"});
  };
  add("/csc/v2/auth/login", &CscServer::login, false);
  add("/csc/v2/oauth2/token", &CscServer::oauth, false);
  add("/csc/v2/credentials/info", &CscServer::info, true);
  add("/csc/v2/credentials/authorize", &CscServer::authorize, true);
  add("/csc/v2/signatures/signHash", &CscServer::sign, true);
  return out;
}

bool CscServer::known(const http::Request& request) {
  const std::string_view header = request.headers["Authorization"];
  return header.starts_with("Bearer ") && tokens_.contains(std::string(header.substr(7)));
}

http::Response CscServer::new_token() {
  ++logins;
  const std::string token = "token-" + std::to_string(next_++);
  tokens_.insert(token);
  base::Json body;
  body.add("access_token", token);
  body.add("token_type", "Bearer");
  body.add("expires_in", 3600);
  return http::Response::json(200, body.dump());
}

http::Response CscServer::login(const http::Request& request) {
  if (request.headers["Authorization"] != "Basic " + base::base64(user + ":" + password)) {
    return error(401, "authentication_error", "Wrong user or password");
  }
  return new_token();
}

http::Response CscServer::oauth(const http::Request& request) {
  if (request.body !=
      "grant_type=client_credentials&client_id=truc&client_secret=b%C3%AD%20m%E1%BA%ADt%20%26%20kh"
      "%C3%A1c") {
    return error(401, "invalid_client", "Unknown client");
  }
  return new_token();
}

http::Response CscServer::info(const http::Request& request) {
  const base::Json ask = base::Json::parse(request.body).value();
  if (ask["credentialID"].text() != credential) {
    return error(400, "invalid_request", "Invalid parameter credentialID");
  }
  base::Json::Array chain;
  for (const base::Bytes& one : key_.certificates()) chain.push_back(base::base64(one));
  base::Json key, cert, auth, body;
  key.add("status", "enabled");
  key.add("len", key_.bits());
  cert.add("status", "valid");
  cert.add("certificates", chain);
  auth.add("mode", "explicit");
  body.add("key", key);
  body.add("cert", cert);
  body.add("auth", auth);
  body.add("SCAL", "2");
  body.add("multisign", static_cast<std::int64_t>(multisign));
  return http::Response::json(200, body.dump());
}

http::Response CscServer::authorize(const http::Request& request) {
  ++authorisations;
  const base::Json ask = base::Json::parse(request.body).value();
  const std::vector<std::string> hashes = texts(ask["hashes"]);
  if (ask["credentialID"].text() != credential ||
      ask["hashAlgorithmOID"].text() != "2.16.840.1.101.3.4.2.1" ||
      ask["numSignatures"].integer() != static_cast<std::int64_t>(hashes.size()) ||
      hashes.empty() || hashes.size() > static_cast<std::size_t>(multisign)) {
    return error(400, "invalid_request", "numSignatures, hashes or credentialID");
  }
  const base::Json::Array& proofs = ask["authData"].array();
  if (proofs.size() != 1 || proofs[0]["id"].text() != "PIN" || proofs[0]["value"].text() != pin) {
    return error(400, "invalid_pin", "The PIN is invalid");
  }
  const std::string sad = "sad-" + std::to_string(next_++);
  authorised_[sad] = hashes;
  base::Json body;
  body.add("SAD", sad);
  body.add("expiresIn", 300);
  return http::Response::json(200, body.dump());
}

http::Response CscServer::sign(const http::Request& request) {
  const base::Json ask = base::Json::parse(request.body).value();
  const auto authorised = authorised_.find(std::string(ask["SAD"].text()));
  if (authorised == authorised_.end()) return error(400, "invalid_request", "Invalid SAD");
  const std::vector<std::string> allowed = authorised->second, hashes = texts(ask["hashes"]);
  authorised_.erase(authorised);  // for one use
  if (hashes != allowed || ask["credentialID"].text() != credential) {
    return error(400, "invalid_request", "The hashes are not those of the SAD");
  }
  const bool rsa = key_.algorithm() == KeyAlgorithm::rsa;
  if (ask["signAlgo"].text() != (rsa ? "1.2.840.113549.1.1.11" : "1.2.840.10045.4.3.2")) {
    return error(400, "invalid_request", "Invalid parameter signAlgo");
  }
  base::Json::Array signatures;
  for (const std::string& hash : hashes) {
    base::Bytes digest = base::from_base64(hash).value();
    if (lies) digest[0] ^= 1;
    base::Bytes signature = key_.sign_one(digest).value();
    if (raw_ecdsa) signature = side_by_side(signature, static_cast<std::size_t>(key_.bits()) / 8);
    signatures.push_back(base::base64(signature));
  }
  base::Json body;
  body.add("signatures", signatures);
  return http::Response::json(200, body.dump());
}

}  // namespace trust::testing
