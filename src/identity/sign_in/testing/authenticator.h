// An authenticator in software, and the browser around it: makes keys, answers ceremonies, and lies
// where a test tells it to.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/json.h"

namespace identity::testing {

class Authenticator {
 public:
  explicit Authenticator(std::string origin);
  ~Authenticator();
  // Answers to the options of begin_registration() and begin_passkey().
  base::Json create(const base::Json& options);
  base::Json get(const base::Json& options);

  // What it says next:
  std::string origin;
  unsigned flags = 0x05;      // UP, UV
  std::uint32_t counter = 1;  // the next one; grows with each use
  bool says_user = true;      // gives the user handle

 private:
  struct Key;
  base::Bytes data(const std::string& party, unsigned more);

  std::unique_ptr<Key> key_;
  base::Bytes id_, user_;
};

}  // namespace identity::testing
