#include "exchange/uploads/refusals.h"

#include <string>

#include "base/text.h"
#include "store/errors.h"

namespace exchange::uploads {

using base::Code;
using base::Error;

Error upload_unknown(std::string_view id) {
  const std::string shown(base::cut_utf8(id, 64));
  return {Code::not_found, "exchange.upload_unknown",
          "no upload of yours has the id " + shown + "; begin a new one",
          "không có tệp tải lên nào của đơn vị mang mã " + shown + "; hãy tải lên lại từ đầu"};
}

Error upload_expired(std::string_view id) {
  const std::string shown(base::cut_utf8(id, 64));
  return {Code::gone, "exchange.upload_expired",
          "upload " + shown + " was left for too long and has expired; begin a new one",
          "tệp tải lên " + shown + " đã quá hạn vì bỏ dở quá lâu; hãy tải lên lại từ đầu"};
}

Error upload_gone() {
  return {Code::gone, "exchange.upload_gone",
          "the upload was removed while bytes arrived for it; begin a new one",
          "tệp tải lên đã bị hủy trong lúc đang nhận; hãy tải lên lại từ đầu"};
}

Error upload_too_large(std::uint64_t bytes_max) {
  return {Code::too_large, "exchange.upload_too_large",
          "the upload is larger than its " + std::to_string(bytes_max) + " bytes allow",
          "tệp tải lên vượt quá " + std::to_string(bytes_max) + " byte cho phép"};
}

Error upload_too_many(std::int64_t uploads_max) {
  return {
      Code::too_many, "exchange.upload_too_many",
      "you have " + std::to_string(uploads_max) +
          " uploads already; use or remove one of them first",
      "đơn vị đã có " + std::to_string(uploads_max) + " tệp tải lên; hãy dùng hoặc hủy bớt trước"};
}

Error upload_quota(std::uint64_t bytes_max) {
  const std::string most = base::size_text(bytes_max);
  return {
      Code::too_many, "exchange.upload_quota",
      "your uploads may take " + most + " in all; use or remove one of them first",
      "tổng dung lượng tải lên của đơn vị tối đa " + most + "; hãy dùng hoặc hủy bớt tệp trước"};
}

Error upload_bad_metadata(std::string_view en, std::string_view vi) {
  return {Code::invalid, "exchange.upload_bad_metadata", "Upload-Metadata: " + std::string(en),
          "Upload-Metadata: " + std::string(vi)};
}

Error upload_bad_size(std::uint64_t received) {
  return {Code::invalid, "exchange.upload_bad_size",
          "the size is less than the " + std::to_string(received) + " bytes that have come",
          "kích thước nhỏ hơn " + std::to_string(received) + " byte đã nhận"};
}

Error upload_size_known(std::uint64_t size) {
  return {Code::conflict, "exchange.upload_size_known",
          "the size of this upload is " + std::to_string(size) + " and does not change",
          "kích thước của tệp tải lên này là " + std::to_string(size) + ", không thay đổi được"};
}

Error upload_wrong_offset(std::uint64_t here) {
  return {Code::conflict, "exchange.upload_wrong_offset",
          std::to_string(here) + " bytes have come: go on from there",
          "đã nhận " + std::to_string(here) + " byte: hãy gửi tiếp từ đó"};
}

Error upload_busy() {
  return {Code::conflict, "exchange.upload_busy",
          "another request is sending bytes of this upload; wait for its end",
          "một yêu cầu khác đang gửi dữ liệu của tệp này; hãy đợi yêu cầu đó kết thúc"};
}

Error upload_taken_over() {
  return {Code::conflict, "exchange.upload_taken_over",
          "a later request has gone on with this upload, since nothing came here any more",
          "một yêu cầu sau đã tiếp tục tệp này vì ở đây không còn dữ liệu đến"};
}

Error upload_incomplete(std::string_view id) {
  const std::string shown(base::cut_utf8(id, 64));
  return {Code::conflict, "exchange.upload_incomplete",
          "upload " + shown + " is not complete yet; send the rest of it first",
          "tệp tải lên " + shown + " chưa đủ; hãy gửi hết phần còn lại trước"};
}

Error upload_joined() {
  return {Code::forbidden, "exchange.upload_joined",
          "this upload was joined from parts and takes no bytes of its own",
          "tệp này được ghép từ các phần, không nhận thêm dữ liệu"};
}

Error upload_not_a_part(std::string_view id) {
  const std::string shown(base::cut_utf8(id, 64));
  return {Code::invalid, "exchange.upload_not_a_part",
          "upload " + shown + " was not begun as a part (Upload-Concat: partial)",
          "tệp tải lên " + shown + " không được tạo làm một phần (Upload-Concat: partial)"};
}

Error upload_disk_full() {
  return {Code::unavailable, "store.disk_full",
          "the disk has no room for this upload; what has come is kept: try again later",
          "Ổ đĩa không còn chỗ cho tệp này; phần đã nhận vẫn được giữ, vui lòng thử lại sau"};
}

Error upload_failed(const Error& cause) {
  if (cause.reason() == "base.disk_full") return upload_disk_full();
  return store::blob_error(cause, "receiving an upload");
}

}  // namespace exchange::uploads
