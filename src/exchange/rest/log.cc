#include "exchange/rest/log.h"

#include <memory>
#include <utility>

#include "base/hash.h"
#include "exchange/rest/rates.h"
#include "exchange/rest/request.h"
#include "identity/sign_in/attempts.h"
#include "trust/evidence/standing.h"
#include "trust/evidence/trail.h"

namespace exchange::rest {
namespace {

using base::Code;
using trust::log::NoteVerifier;

constexpr RateLimit kQuestions{30, 60, 5000};  // of each address
constexpr std::size_t kWitnessesMax = 64;

base::Result<http::Response> log(Exchange& exchange, const std::optional<NoteVerifier>& key,
                                 const std::vector<NoteVerifier>& witnesses) {
  base::Json json, others{base::Json::Array{}};
  json.add("given", key.has_value());
  if (key) {
    trust::evidence::Standing standing;
    TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
      standing = TRY(trust::evidence::standing_of(connection, true, false));
      return base::done();
    }));
    json.add("origin", key->name()).add("key", key->text());
    if (standing.logged_at) json.add("newest_at", base::iso_time_text(*standing.logged_at));
    json.add("waiting", standing.waiting);
  }
  for (const NoteVerifier& one : witnesses) {
    base::Json witness;
    witness.add("name", one.name()).add("key", one.text());
    others.push(std::move(witness));
  }
  json.add("witnesses", std::move(others));
  return http::Response::json(200, json.dump());
}

base::Result<http::Response> evidence(Exchange& exchange, Rates& rates, Call& call) {
  const RateState rate =
      rates.take(identity::network_of(call.request.remote), kQuestions, call.now);
  if (!rate.allowed) return too_many(rate);
  const std::string id(call.text("evidence"));
  std::optional<trust::evidence::LoggedEvidence> found;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    found = TRY(trust::evidence::logged_evidence(connection, id));
    return base::done();
  }));
  if (!found) {
    return base::Error(Code::not_found, "trust.evidence_unknown",
                       "there is no evidence of this id; compare it with the one in the evidence",
                       "không có bằng chứng mang mã này; hãy so lại với mã ghi trong bằng chứng");
  }
  base::Json json;
  json.add("id", id).add("hash", base::hex(found->hash));
  if (found->log_index) json.add("log_index", *found->log_index);
  return http::Response::json(200, json.dump());
}

Schema log_schema() {
  const auto key = [](base::Text about, std::string_view example) {
    return text(500, std::move(about), example);
  };
  constexpr std::string_view kKey =
      "example.gov.vn/truc+033de0ae+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  return object(
      "TransparencyLog", {"Nhật ký minh bạch của trục.", "The exchange's transparency log."},
      {required("given", boolean({"Trục có nhật ký minh bạch.", "There is one."})),
       optional("origin", text(255, {"Tên nhật ký.", "Its name."}, "example.gov.vn/truc")),
       optional("key",
                key({"Khóa công khai (C2SP signed-note).", "Its key (C2SP signed-note)."}, kKey)),
       optional("newest_at", time({"Mục mới nhất được lập lúc.", "When its newest was made."})),
       optional("waiting",
                integer(0, std::int64_t{1} << 52,
                        {"Bằng chứng chưa vào lô.", "Evidences not in a batch yet."}, 0)),
       required("witnesses",
                list(object("LogWitness", {"Nhân chứng.", "Who cosigns its heads."},
                            {required("name", text(255, {"Tên.", "Its name."}, "kiemtoan.gov.vn")),
                             required("key", key({"Khóa công khai.", "Its key."}, kKey))}),
                     kWitnessesMax))});
}

Schema evidence_schema() {
  return object(
      "LoggedEvidence", {"Vị trí của một bằng chứng.", "Where an evidence stands."},
      {required("id", text(64, {"Mã bằng chứng.", "Its id."}, "0192f0c1a2b3c4d5e6f708192a3b4c5d")),
       required("hash",
                text(64,
                     {"SHA-256 của bằng chứng; mục nhật ký chứa đúng giá trị này.",
                      "SHA-256 of its bytes, which is what the entry of the log holds."},
                     "e41c3ca0cea1d460a156f317ac09eae5f60cea684834be0ea5ebbe6f7367fc1f", 64)),
       optional(
           "log_index",
           integer(0, std::int64_t{1} << 52,
                   {"Số mục; chưa có khi đang chờ ghi.", "Its entry, once it is logged."}, 1207))});
}

}  // namespace

std::vector<Route> log_rows(Exchange& exchange, std::optional<NoteVerifier> key,
                            std::vector<NoteVerifier> witnesses) {
  if (witnesses.size() > kWitnessesMax)
    witnesses.erase(witnesses.begin() + kWitnessesMax, witnesses.end());
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/log",
      .access = Access::open(),
      .name = "getLog",
      .tag = "Verify",
      .summary = {"Nhật ký minh bạch", "The transparency log"},
      .about = {"Không cần đăng nhập. Khóa của nhật ký và của các nhân chứng; tệp của nhật ký "
                "ở /log/ (C2SP tlog-tiles), ai cũng tự kiểm được.",
                "Without signing in. The keys of the log and of its witnesses; its files are at "
                "/log/ (C2SP tlog-tiles), for anybody to check."},
      .answers = {{200, {"Nhật ký.", "The log."}, log_schema()}},
      .handler = [&exchange, key = std::move(key), witnesses = std::move(witnesses)](
                     Call&) { return log(exchange, key, witnesses); },
  });
  rows.push_back({
      .path = "/api/v1/log/evidences/{evidence}",
      .access = Access::open(),
      .name = "findLoggedEvidence",
      .tag = "Verify",
      .summary = {"Một bằng chứng nằm ở đâu trong nhật ký", "Where an evidence is in the log"},
      .about = {"Không cần đăng nhập. Theo mã ngẫu nhiên ghi trong bằng chứng; không cho biết bằng "
                "chứng về việc gì.",
                "Without signing in. By the random id in the evidence; does not say what it is "
                "about."},
      .parameters = {{Parameter::In::path, "evidence",
                      text(64, {"Mã bằng chứng.", "The evidence's id."},
                           "0192f0c1a2b3c4d5e6f708192a3b4c5d"),
                      true}},
      .answers = {{200, {"Vị trí.", "Where it is."}, evidence_schema()}},
      .refusals = {{"trust.evidence_unknown",
                    Code::not_found,
                    {"Không có bằng chứng này.", "There is none of that id."}}},
      .handler = [&exchange, rates = std::make_shared<Rates>()](
                     Call& call) { return evidence(exchange, *rates, call); },
  });
  return rows;
}

}  // namespace exchange::rest
