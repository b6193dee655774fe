#include "identity/sign_in/sign_in_errors.h"

namespace identity {

base::Error sign_in_failed() {
  return base::Error(base::Code::unauthenticated, "identity.sign_in_failed",
                     "login or password is wrong, or the account may not sign in this way; check "
                     "both, or ask your unit's administrator",
                     "tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản không được đăng nhập "
                     "theo cách này; hãy kiểm tra lại hoặc hỏi quản trị viên của đơn vị");
}

base::Error second_factor_missing() {
  return base::Error(
      base::Code::forbidden, "identity.second_factor_missing",
      "a password alone is not enough; ask your unit's administrator for a link code "
      "and set up an authenticator app or a passkey",
      "chỉ có mật khẩu là chưa đủ; hãy xin mã liên kết của quản trị viên đơn vị để "
      "thiết lập ứng dụng xác thực hoặc khóa truy cập");
}

base::Error code_refused() {
  return base::Error(base::Code::unauthenticated, "identity.code_refused",
                     "the code is wrong or was used already; wait for the next one and enter it",
                     "mã không đúng hoặc đã được dùng; hãy chờ mã tiếp theo rồi nhập lại");
}

base::Error verification_needed() {
  return base::Error(base::Code::forbidden, "identity.verification_needed",
                     "confirm with your passkey that it is you, then try again within five minutes",
                     "hãy xác nhận bằng khóa truy cập rồi thực hiện lại trong vòng năm phút");
}

base::Error credential_unknown() {
  return base::Error(base::Code::not_found, "identity.credential_unknown",
                     "you have no such passkey or app; reload the list",
                     "không có khóa truy cập hoặc ứng dụng này; hãy tải lại danh sách");
}

}  // namespace identity
