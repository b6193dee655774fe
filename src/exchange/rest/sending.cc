#include "exchange/rest/sending.h"

#include "base/text.h"
#include "exchange/uploads/refusals.h"

namespace exchange::rest {

using base::Code;

base::Result<Organisation> sender_named(const Exchange& exchange, const identity::Reach& reach,
                                        std::string_view code) {
  if (!code.empty()) {
    auto sender = exchange.directory().find(code);
    if (sender && !sender->deleted && reach.covers(sender->key)) return *std::move(sender);
    const std::string shown(base::cut_utf8(base::trim(code), 60));
    return base::Error(Code::forbidden, "exchange.sender_unknown",
                       "organisation " + shown + " is not one that you send for",
                       "Đơn vị gửi " + shown + " không phải đơn vị mà bạn được gửi thay");
  }
  std::vector<Organisation> all;
  for (const OrganisationKey key : reach.organisations) {
    auto one = exchange.directory().by_key(key);
    if (one && !one->deleted) all.push_back(*std::move(one));
  }
  if (all.size() == 1) return std::move(all.front());
  const std::string count = std::to_string(all.size());
  return base::Error(Code::invalid, "exchange.sender_missing",
                     "you send for " + count + " organisations; say for which one: its code in " +
                         "from/id of a submission, in organisation= of an upload",
                     "bạn được gửi thay " + count + " đơn vị; hãy nêu mã đơn vị gửi: ở from/id " +
                         "khi gửi văn bản, ở organisation= khi tải tệp lên");
}

base::Result<uploads::Owner> owner_of(uploads::Uploads& uploads, const identity::Principal& caller,
                                      std::string_view upload) {
  uploads::Owner owner = TRY(uploads.owner_of(caller.id, upload));
  if (identity::may(caller, identity::Permission::documents_send, owner.organisation)) return owner;
  return uploads::upload_unknown(upload);
}

std::vector<Refusal> sender_refusals() {
  return {{"exchange.sender_unknown",
           Code::forbidden,
           {"Bên gọi không được gửi thay cơ quan này.", "The caller does not send for it."}},
          {"exchange.sender_missing",
           Code::invalid,
           {"Chưa nêu cơ quan gửi.", "Nothing says which organisation sends."}}};
}

std::vector<Refusal> upload_refusals() {
  return {
      {"exchange.upload_unknown", Code::not_found, {"Không có tệp này.", "No such upload."}},
      {"exchange.upload_expired", Code::gone, {"Đã quá hạn.", "It was left for too long."}},
      {"exchange.upload_gone", Code::gone, {"Đã bị hủy.", "It was removed meanwhile."}},
      {"exchange.upload_incomplete",
       Code::conflict,
       {"Tệp chưa tải lên xong.", "It is not complete yet."}},
      {"exchange.upload_bad_metadata",
       Code::invalid,
       {"Upload-Metadata sai.", "Upload-Metadata is wrong."}},
      {"exchange.upload_damaged",
       Code::data_loss,
       {"Tệp hỏng trên đĩa.", "Its bytes are damaged."}},
      {"store.disk_full", Code::unavailable, {"Đĩa đầy.", "The disk is full."}},
  };
}

Schema upload_id_schema() {
  return text(32, {"Mã tệp tải lên.", "The upload's id."}, "0f3a5c0e1f7b4d2c9a8e6b5d4c3f2a10", 32);
}

}  // namespace exchange::rest
