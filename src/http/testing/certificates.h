// For tests: an authority and server certificates made on the spot with the `openssl` command.
#pragma once
#include <string>

namespace http::testing {

// Files in a directory of their own, removed with the object.
class Certificates {
 public:
  Certificates();
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  std::string authority() const { return directory_ + "/ca.pem"; }
  std::string certificate() const { return directory_ + "/server.pem"; }
  std::string key() const { return directory_ + "/server.key"; }
  std::string directory() const { return directory_; }
  // A new server certificate in the same files; `names` as in subjectAltName.
  void issue(const std::string& names = "DNS:localhost,IP:127.0.0.1");
  // A client's certificate of the same authority, in files called `name`; `subject` as in
  // "/CN=H11/O=UBND tỉnh A".
  void issue_client(const std::string& name, const std::string& subject);
  std::string client_certificate(const std::string& name) const {
    return directory_ + "/" + name + ".pem";
  }
  std::string client_key(const std::string& name) const { return directory_ + "/" + name + ".key"; }

 private:
  void run(const std::string& arguments) const;
  std::string directory_;
};

}  // namespace http::testing
