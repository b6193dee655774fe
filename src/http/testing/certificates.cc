#include "http/testing/certificates.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/check.h"

namespace http::testing {

Certificates::Certificates() {
  std::string name = (std::filesystem::temp_directory_path() / "truc-http-XXXXXX").string();
  CHECK(mkdtemp(name.data()) != nullptr);
  directory_ = name;
  run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=Test CA' "
      "-keyout " +
      directory_ + "/ca.key -out " + authority());
  issue();
}

Certificates::~Certificates() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void Certificates::issue(const std::string& names) {
  std::ofstream(directory_ + "/names") << "subjectAltName=" << names << "\n";
  run("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=server' -keyout " + key() +
      " -out " + directory_ + "/request");
  run("x509 -req -days 2 -in " + directory_ + "/request -CA " + authority() + " -CAkey " +
      directory_ + "/ca.key -CAcreateserial -extfile " + directory_ + "/names -out " +
      certificate());
}

void Certificates::issue_client(const std::string& name, const std::string& subject) {
  run("req -utf8 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '" + subject +
      "' -keyout " + client_key(name) + " -out " + directory_ + "/request");
  run("x509 -req -days 2 -in " + directory_ + "/request -CA " + authority() + " -CAkey " +
      directory_ + "/ca.key -CAcreateserial -out " + client_certificate(name));
}

void Certificates::run(const std::string& arguments) const {
  const std::string command = "openssl " + arguments + " >" + directory_ + "/log 2>&1";
  CHECK(std::system(command.c_str()) == 0);
}

}  // namespace http::testing
