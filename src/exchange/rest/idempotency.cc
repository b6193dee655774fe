#include "exchange/rest/idempotency.h"

#include "base/json.h"
#include "store/connection.h"

namespace exchange::rest {
namespace {

using store::Blob;
using store::Query;

const Query kClaim{
    "rest.idempotency_claim",
    "insert into rest_idempotency (principal, key, route, digest, process, status, headers, "
    "answer, created_at) values ($1, $2, $3, $4, $5, 0, '', '', $6) "
    "on conflict (principal, key, route) do nothing"};
const Query kFind{"rest.idempotency_find",
                  "select digest, process, status, headers, answer from rest_idempotency "
                  "where principal = $1 and key = $2 and route = $3"};
const Query kAdopt{"rest.idempotency_adopt",
                   "update rest_idempotency set process = $4, created_at = $5 "
                   "where principal = $1 and key = $2 and route = $3"};
const Query kKeep{"rest.idempotency_keep",
                  "update rest_idempotency set status = $4, headers = $5, answer = $6, "
                  "created_at = $7 where principal = $1 and key = $2 and route = $3"};
const Query kRelease{"rest.idempotency_release",
                     "delete from rest_idempotency "
                     "where principal = $1 and key = $2 and route = $3 and status = 0"};
// A claim clears away more than it adds.
const Query kForget{
    "rest.idempotency_forget",
    "delete from rest_idempotency where created_at < $1 and (principal, key, route) in "
    "(select principal, key, route from rest_idempotency where created_at < $1 limit 20)"};

std::string written(const http::Headers& headers) {
  base::Json all{base::Json::Array{}};
  for (const http::Header& header : headers.all()) {
    all.push(base::Json::Array{header.name, header.value});
  }
  return all.dump();
}

base::Result<http::Response> answer_of(std::int64_t status, std::string_view headers,
                                       std::string body) {
  http::Response response;
  response.status = static_cast<int>(status);
  response.body = std::move(body);
  const base::Json all = TRY(base::Json::parse(headers));
  for (const base::Json& header : all.array()) {
    if (header.array().size() != 2) continue;
    response.headers.add(std::string(header.array()[0].text()),
                         std::string(header.array()[1].text()));
  }
  response.headers.set("Idempotency-Replayed", "true");
  return response;
}

}  // namespace

base::Result<std::optional<http::Response>> Idempotency::claim(const Keyed& keyed, base::Time now) {
  std::optional<http::Response> answer;
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    answer.reset();
    TRY(connection.run(kForget, {now - kAnswersKept}));
    if (TRY(connection.run(kClaim, {keyed.principal, keyed.key, keyed.route, Blob{keyed.digest},
                                    process_, now})) > 0) {
      return base::done();
    }
    base::Bytes digest;
    std::int64_t process = 0, status = 0;
    std::string headers, body;
    TRY(connection.first(kFind, {keyed.principal, keyed.key, keyed.route},
                         [&](const store::Row& row) {
                           digest = row.bytes(0);
                           process = row.integer(1);
                           status = row.integer(2);
                           headers = row.string(3);
                           body = row.string(4);
                         }));
    if (digest != keyed.digest) {
      return base::Error(base::Code::invalid, "rest.key_reused",
                         "this Idempotency-Key came with another request; use a new key for each "
                         "request",
                         "Idempotency-Key này đã dùng cho một yêu cầu khác; mỗi yêu cầu cần một "
                         "khóa mới");
    }
    if (status == 0 && process == process_) {
      return base::Error(
          base::Code::conflict, "rest.key_in_use",
          "the first request with this Idempotency-Key is being carried out; repeat "
          "it in a few seconds",
          "yêu cầu đầu tiên với Idempotency-Key này đang được xử lý; hãy gửi lại sau "
          "vài giây");
    }
    if (status == 0) {
      TRY(connection.run(kAdopt, {keyed.principal, keyed.key, keyed.route, process_, now}));
      return base::done();
    }
    answer = TRY(answer_of(status, headers, std::move(body)));
    return base::done();
  }));
  return answer;
}

base::Result<void> Idempotency::keep(const Keyed& keyed, const http::Response& answer,
                                     base::Time now) {
  const std::string headers = written(answer.headers);
  return database_.write([&](store::Connection& connection) -> base::Result<void> {
    TRY(connection.run(kKeep, {keyed.principal, keyed.key, keyed.route, answer.status, headers,
                               answer.body, now}));
    return base::done();
  });
}

base::Result<void> Idempotency::release(const Keyed& keyed) {
  return database_.write([&](store::Connection& connection) -> base::Result<void> {
    TRY(connection.run(kRelease, {keyed.principal, keyed.key, keyed.route}));
    return base::done();
  });
}

const std::vector<store::Migration>& migrations() {
  static const std::vector<store::Migration> kAll = {
      {"rest", 1, "answers to keyed requests", R"sql(
create table rest_idempotency (
  principal text not null,
  key text not null,
  route text not null,
  digest bytes not null,
  process int64 not null,
  status int64 not null,
  headers text not null,
  answer text not null,
  created_at time not null,
  primary key (principal, key, route)
);
create index rest_idempotency_age on rest_idempotency (created_at);
)sql"},
  };
  return kAll;
}

}  // namespace exchange::rest
