#include "identity/sign_in/passkey_errors.h"

#include <string>

namespace identity {

base::Error passkey_malformed(std::string_view field) {
  const std::string shown(field);
  return base::Error(base::Code::invalid, "identity.passkey_malformed",
                     "the passkey's answer is malformed in " + shown + "; try again",
                     "câu trả lời của khóa truy cập sai định dạng ở " + shown + "; hãy thử lại");
}

base::Error passkey_refused(std::string_view field) {
  const std::string shown(field);
  return base::Error(
      base::Code::unauthenticated, "identity.passkey_refused",
      "the passkey's answer is not accepted (" + shown + "); begin again",
      "câu trả lời của khóa truy cập không được chấp nhận (" + shown + "); hãy làm lại từ đầu");
}

}  // namespace identity
