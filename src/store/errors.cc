#include "store/errors.h"

namespace store {
namespace {

using base::Code;
using base::Error;

std::string sentence(std::string_view text, std::string_view detail) {
  return std::string(text) + " (" + std::string(detail) + ")";
}

}  // namespace

Error database_error(Failure failure, std::string_view detail) {
  switch (failure) {
    case Failure::locked:
      return Error(Code::unavailable, "store.locked",
                   sentence("The database is locked by another program", detail),
                   "Cơ sở dữ liệu đang được chương trình khác sử dụng, vui lòng thử lại sau");
    case Failure::full:
      return Error(Code::unavailable, "store.full",
                   sentence("The disk of the database is full", detail),
                   "Ổ đĩa của cơ sở dữ liệu đã đầy");
    case Failure::unavailable:
      return Error(Code::unavailable, "store.unavailable",
                   sentence("The database cannot be used now", detail),
                   "Cơ sở dữ liệu tạm thời không sử dụng được, vui lòng thử lại sau");
    case Failure::damaged:
      return Error(Code::data_loss, "store.damaged", sentence("The database is damaged", detail),
                   "Cơ sở dữ liệu bị hỏng");
    case Failure::constraint:
      return Error(Code::conflict, "store.constraint",
                   sentence("The database refuses these values", detail),
                   "Dữ liệu trái với ràng buộc của cơ sở dữ liệu");
    case Failure::bad_statement:
      break;
  }
  return Error(Code::internal, "store.bad_statement",
               sentence("The database does not accept the statement", detail),
               "Lỗi nội bộ: câu lệnh cơ sở dữ liệu không hợp lệ");
}

Error blob_error(const Error& cause, std::string_view doing) {
  const std::string detail = std::string(doing) + ": " + cause.detail();
  if (cause.reason() == "base.disk_full") {
    return Error(Code::unavailable, "store.disk_full", sentence("The disk is full", detail),
                 "Ổ đĩa lưu văn bản đã đầy");
  }
  if (cause.code() == Code::not_found) return blob_missing(doing);
  return Error(Code::unavailable, "store.unavailable",
               sentence("The files of documents cannot be used now", detail),
               "Kho tệp văn bản tạm thời không sử dụng được, vui lòng thử lại sau");
}

Error blob_missing(std::string_view ref) {
  return Error(Code::data_loss, "store.blob_missing",
               sentence("The bytes of a document are missing", ref),
               "Không tìm thấy nội dung của văn bản trong kho tệp");
}

Error blob_damaged(std::string_view ref, std::string_view finding) {
  return Error(Code::data_loss, "store.blob_damaged",
               sentence("The bytes of a document are damaged",
                        std::string(ref) + ": " + std::string(finding)),
               "Nội dung của văn bản trong kho tệp bị hỏng");
}

}  // namespace store
