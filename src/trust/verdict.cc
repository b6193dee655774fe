#include "trust/verdict.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace trust {
namespace {

struct Words {
  SubIndication sub;
  std::string_view name;
  std::string_view vi, en;
};

// EN 319 102-1 §5.1.3; each sentence says what to do next.
constexpr Words kWords[] = {
    {SubIndication::none, "", "", ""},
    {SubIndication::format_failure, "FORMAT_FAILURE",
     "Chữ ký không đúng khuôn dạng, hoặc tệp bị thay đổi sau khi ký theo cách mà chữ ký không cho "
     "phép; đề nghị bên ký gửi lại tệp.",
     "The signature does not follow its format, or the file was changed later in a way that the "
     "signature does not permit; ask the signer for the file again."},
    {SubIndication::hash_failure, "HASH_FAILURE",
     "Nội dung đã bị thay đổi sau khi ký; không dùng tệp này, đề nghị bên ký gửi lại bản gốc.",
     "The content was changed after it was signed; do not use this file, ask the signer for the "
     "original."},
    {SubIndication::sig_crypto_failure, "SIG_CRYPTO_FAILURE",
     "Chữ ký không phải do khóa của chứng thư số này tạo ra; không dùng tệp này, đề nghị bên ký "
     "ký lại.",
     "The signature was not made with the key of this certificate; do not use this file, ask for "
     "it to be signed again."},
    {SubIndication::revoked, "REVOKED",
     "Chứng thư số đã bị thu hồi trước khi ký; đề nghị bên ký ký lại bằng chứng thư số còn hiệu "
     "lực.",
     "The certificate had been revoked before it signed; ask the signer to sign again with a "
     "certificate that is in force."},
    {SubIndication::expired, "EXPIRED",
     "Chứng thư số đã hết hạn trước khi ký; đề nghị bên ký gia hạn chứng thư số rồi ký lại.",
     "The certificate had expired before it signed; ask the signer to renew it and sign again."},
    {SubIndication::not_yet_valid, "NOT_YET_VALID",
     "Chữ ký có trước khi chứng thư số bắt đầu có hiệu lực; đề nghị bên ký kiểm tra đồng hồ và ký "
     "lại.",
     "The signature is older than its certificate; ask the signer to check the clock and sign "
     "again."},
    {SubIndication::sig_constraints_failure, "SIG_CONSTRAINTS_FAILURE",
     "Chữ ký thiếu thuộc tính mà quy định đòi hỏi; đề nghị bên ký dùng phần mềm ký đúng chuẩn.",
     "The signature lacks an attribute that the rules ask for; ask the signer to use software that "
     "follows the standard."},
    {SubIndication::chain_constraints_failure, "CHAIN_CONSTRAINTS_FAILURE",
     "Chứng thư số không được cấp để dùng vào việc này; đề nghị bên ký ký bằng chứng thư số dành "
     "cho chữ ký.",
     "The certificate or one above it was not issued for this use; ask the signer to sign with a "
     "certificate for signatures."},
    {SubIndication::certificate_chain_general_failure, "CERTIFICATE_CHAIN_GENERAL_FAILURE",
     "Đường dẫn chứng thực không hợp lệ: có chứng thư số không do nơi cấp ghi trong đó ký; hãy "
     "liên hệ bên ký qua kênh khác.",
     "The certification path does not hold: a certificate was not signed by the issuer that it "
     "names; contact the signer by other means."},
    {SubIndication::crypto_constraints_failure, "CRYPTO_CONSTRAINTS_FAILURE",
     "Chữ ký dùng thuật toán không còn an toàn hoặc không được chấp nhận; đề nghị bên ký ký lại "
     "bằng thuật toán hiện hành.",
     "The signature uses an algorithm that is not accepted or was no longer safe; ask for it to be "
     "signed again with a current one."},
    {SubIndication::crypto_constraints_failure_no_poe, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
     "Thuật toán nay không còn an toàn, và không có dấu thời gian chứng minh chữ ký có từ khi "
     "thuật toán còn an toàn; hãy hỏi bên ký bản có dấu thời gian hoặc đề nghị ký lại.",
     "The algorithm is no longer safe, and no timestamp proves that the signature is from a time "
     "when it was; ask for a version with a timestamp or a new signature."},
    {SubIndication::timestamp_order_failure, "TIMESTAMP_ORDER_FAILURE",
     "Các mốc thời gian mâu thuẫn nhau; hãy kiểm tra đồng hồ máy chủ, rồi hỏi nơi cấp dấu thời "
     "gian.",
     "The times contradict each other; check this machine's clock, then ask the timestamp "
     "authority."},
    {SubIndication::no_signing_certificate_found, "NO_SIGNING_CERTIFICATE_FOUND",
     "Không tìm thấy chứng thư số đã ký; đề nghị bên ký gửi lại tệp kèm chứng thư số.",
     "The signing certificate is not there; ask the signer for the file with its certificate."},
    {SubIndication::no_certificate_chain_found, "NO_CERTIFICATE_CHAIN_FOUND",
     "Chứng thư số không dẫn về cơ quan chứng thực nào được tin cậy; nếu nơi cấp là đáng tin, "
     "người quản trị hãy thêm chứng thư gốc của họ.",
     "The certificate does not lead to any authority that is trusted here; if its issuer should "
     "be, the operator adds that issuer's root."},
    {SubIndication::no_certificate_chain_found_no_poe, "NO_CERTIFICATE_CHAIN_FOUND_NO_POE",
     "Cơ quan chứng thực không còn được tin cậy, và không có bằng chứng chữ ký có từ trước đó; hãy "
     "hỏi bên ký bản có dấu thời gian.",
     "The authority is no longer trusted, and nothing proves that the signature is older; ask for "
     "a version with a timestamp."},
    {SubIndication::revoked_no_poe, "REVOKED_NO_POE",
     "Chứng thư số đã bị thu hồi, và không có dấu thời gian chứng minh chữ ký có từ trước đó; hãy "
     "hỏi bên ký bản có dấu thời gian hoặc đề nghị ký lại.",
     "The certificate has been revoked, and no timestamp proves that the signature is older; ask "
     "for a version with a timestamp or a new signature."},
    {SubIndication::revoked_ca_no_poe, "REVOKED_CA_NO_POE",
     "Chứng thư của cơ quan chứng thực đã bị thu hồi, và không có bằng chứng chữ ký có từ trước "
     "đó; đề nghị bên ký ký lại bằng chứng thư số mới.",
     "The certificate of an authority above has been revoked, and nothing proves that the "
     "signature is older; ask for a signature with a new certificate."},
    {SubIndication::out_of_bounds_no_poe, "OUT_OF_BOUNDS_NO_POE",
     "Chứng thư số đang ngoài thời hạn, và không có dấu thời gian chứng minh chữ ký được tạo trong "
     "thời hạn; hãy hỏi bên ký bản có dấu thời gian hoặc đề nghị ký lại.",
     "A certificate is outside its validity, and no timestamp proves that the signature was made "
     "within it; ask for a version with a timestamp or a new signature."},
    {SubIndication::out_of_bounds_not_revoked, "OUT_OF_BOUNDS_NOT_REVOKED",
     "Chứng thư số đang ngoài thời hạn tuy không bị thu hồi, và không có dấu thời gian chứng minh "
     "chữ ký được tạo trong thời hạn; hãy hỏi bên ký bản có dấu thời gian hoặc đề nghị ký lại.",
     "A certificate is outside its validity though not revoked, and no timestamp proves that the "
     "signature was made within it; ask for a version with a timestamp or a new signature."},
    {SubIndication::revocation_out_of_bounds_no_poe, "REVOCATION_OUT_OF_BOUNDS_NO_POE",
     "Thông tin thu hồi có sau khi chứng thư số hết hạn nên không cho biết gì về lúc trước; hãy "
     "hỏi bên ký bản kèm thông tin thu hồi tại thời điểm ký.",
     "The revocation information is from after the certificate expired and says nothing of the "
     "time before; ask for a version with revocation information from the time of signing."},
    {SubIndication::no_poe, "NO_POE",
     "Không có bằng chứng về thời điểm chữ ký tồn tại; hãy hỏi bên ký bản có dấu thời gian.",
     "Nothing proves when the signature existed; ask for a version with a timestamp."},
    {SubIndication::try_later, "TRY_LATER",
     "Chưa biết chứng thư số có bị thu hồi hay không vì chưa có thông tin thu hồi còn mới; hãy "
     "kiểm tra lại sau ít phút.",
     "Whether the certificate has been revoked is not known yet, for want of fresh revocation "
     "information; check again in some minutes."},
    {SubIndication::signed_data_not_found, "SIGNED_DATA_NOT_FOUND",
     "Không có nội dung mà chữ ký bao trùm; hãy kiểm tra cùng với tệp gốc.",
     "The content that the signature covers is not here; judge it together with that file."},
};

const Words& words_of(SubIndication sub) {
  const auto* found = std::find_if(std::begin(kWords), std::end(kWords),
                                   [&](const Words& one) { return one.sub == sub; });
  CHECK(found != std::end(kWords));
  return *found;
}

}  // namespace

Verdict DocumentReport::verdict() const {
  if (signatures.empty()) return Verdict::undetermined;
  Verdict worst = incomplete ? Verdict::undetermined : Verdict::valid;
  for (const SignatureReport& one : signatures) worst = std::max(worst, one.verdict);
  return worst;
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::valid:
      return "valid";
    case Verdict::undetermined:
      return "undetermined";
    case Verdict::invalid:
      break;
  }
  return "invalid";
}

std::string_view indication_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::valid:
      return "TOTAL-PASSED";
    case Verdict::undetermined:
      return "INDETERMINATE";
    case Verdict::invalid:
      break;
  }
  return "TOTAL-FAILED";
}

std::string_view name_of(SubIndication sub) { return words_of(sub).name; }

base::Text text_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::valid:
      return {"hợp lệ", "valid"};
    case Verdict::undetermined:
      return {"chưa xác định", "undetermined"};
    case Verdict::invalid:
      break;
  }
  return {"không hợp lệ", "invalid"};
}

base::Text text_of(SubIndication sub) {
  const Words& words = words_of(sub);
  return {std::string(words.vi), std::string(words.en)};
}

}  // namespace trust
