// Keys at a remote signing service that speaks the API of the Cloud Signature Consortium, version 2
// (CSC API v2.0.0.2): credentials/info, credentials/authorize, signatures/signHash.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "trust/key.h"

namespace trust::signing {

struct CscOptions {
  std::string url;         // "https://sign.example/csc/v2"
  std::string credential;  // its credentialID
  // Who calls, one of: an access token; a user for auth/login; a client for oauth2/token
  // (client_credentials). The latter two are renewed by themselves.
  std::string bearer = {};
  std::string user = {}, password = {};
  std::string client_id = {}, client_secret = {};
  // Authorises signatures: a PIN, a one-time password asked for with each authorisation, or neither
  // when the service wants neither. A PIN that was refused is not sent again.
  std::string pin = {};
  std::function<base::Result<std::string>()> one_time_password = nullptr;
  std::string trust_file = {};  // PEM with extra authorities for https
  int timeout_ms = 15000;       // of one call
};

// Asks for the certificate at once. One authorisation (SAD) covers exactly the digests of one call
// of sign(); only when the service takes fewer at a time (multisign) there are several. Every
// signature is verified before it is handed on. Errors, here and of sign(): trust.key_unavailable,
// trust.key_refused, trust.key_malformed (no certificate, or a key that signs no digests).
base::Result<std::unique_ptr<SigningKey>> key_from_csc(CscOptions options);

}  // namespace trust::signing
