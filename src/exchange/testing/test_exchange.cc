#include "exchange/testing/test_exchange.h"

#include "base/check.h"
#include "base/file.h"
#include "base/hash.h"
#include "edxml/reader.h"

namespace exchange::testing {

TestExchange::TestExchange(std::string url, Policy policy)
    : url_(url.empty() ? "sqlite:" + directory_.path() + "/truc.db" : std::move(url)),
      policy_(policy) {
  CHECK(open().ok());
}

TestExchange::~TestExchange() { close(); }

void TestExchange::add_usual_systems() {
  Organisation unserved;
  unserved.code = "K97";
  unserved.name = "Cơ quan chưa kết nối";
  CHECK(directory().put({unserved}, "test").ok());
  CHECK(directory().put_system(kSender, kSecret, {"H99.01", "H99.02"}).ok());
  CHECK(directory().put_system(kReceiver, "another-secret-9876", {"G99", "H98"}).ok());
}

void TestExchange::close() {
  exchange_.reset();
  database_.reset();
  blobs_.reset();
}

base::Result<void> TestExchange::open() {
  blobs_ = TRY(store::open_blob_directory(base::real_files(), random, blobs_path()));
  store::Database::Options options;
  options.url = url_;
  options.before_commit = [blobs = blobs_.get()] { return blobs->sync(); };
  database_ = TRY(store::Database::open(std::move(options)));
  exchange_ = TRY(Exchange::open(parts()));
  return base::done();
}

Exchange::Parts TestExchange::parts() {
  return {*database_,           *blobs_, clock,    random,   metrics,
          std::string(32, 'k'), policy_, judging_, evidence_};
}

void TestExchange::judge_with(Judging* judging) {
  judging_ = judging;
  exchange_ = Exchange::open(parts()).value();
}

void TestExchange::give_evidence(trust::evidence::EvidenceBook* book) {
  evidence_ = book;
  exchange_ = Exchange::open(parts()).value();
}

std::vector<std::string> TestExchange::evidences(std::string_view document) {
  std::vector<std::string> names;
  const auto done = database_->read([&](store::Connection& connection) {
    names.clear();
    return trust::evidence::evidences_about(
        connection, document, [&](const auto&, base::BytesView body) {
          const auto evidence = trust::evidence::Evidence::parse(body).value();
          names.emplace_back(trust::evidence::name_of(evidence.facts.event));
        });
  });
  done.value();
  return names;
}

SystemKey TestExchange::key_of(std::string_view system) {
  const auto found = directory().system(system);
  CHECK(found.has_value());
  return found->key;
}

base::Result<Accepted> TestExchange::hand_in(std::string_view system, const std::string& file,
                                             const std::vector<std::string>& to) {
  Submission submission;
  submission.document = TRY(edxml::read(file));
  const auto caller = directory().system(system);
  CHECK(caller.has_value());
  submission.system = caller->key;
  submission.sender = TRY(exchange_->check_sender(*caller, submission.document.from.id)).key;
  submission.to = to;
  submission.hash = base::sha256(file);
  submission.size = file.size();
  submission.blob = TRY(blobs_->put(file));
  return exchange_->accept(submission);
}

Accepted TestExchange::send(const Letter& letter) {
  auto accepted = hand_in(kSender, file_of(letter));
  return std::move(accepted).value();
}

base::Result<Accepted> TestExchange::send(std::string_view system, const Report& report) {
  return hand_in(system, file_of(report));
}

std::vector<PendingItem> TestExchange::pending(std::string_view system, edxml::Kind kind,
                                               const ListFilter& filter) {
  return std::move(exchange_->pending(key_of(system), kind, filter)).value();
}

base::Result<std::string> TestExchange::fetch(std::string_view system, std::string_view id) {
  const Fetched fetched = TRY(exchange_->fetch(key_of(system), id));
  std::string bytes(fetched.content->size(), '\0');
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t got = TRY(fetched.content->read_at(at, bytes.data() + at, bytes.size() - at));
    CHECK(got > 0);
    at += got;
  }
  return bytes;
}

base::Result<void> TestExchange::acknowledge(std::string_view system, std::string_view id,
                                             std::string_view word) {
  return exchange_->acknowledge(key_of(system), id, word, "");
}

std::vector<SentItem> TestExchange::sent(std::string_view system, std::string_view document) {
  return std::move(exchange_->sent(key_of(system), document, std::nullopt, {})).value();
}

void TestExchange::tamper(std::string_view sql) {
  const auto done =
      database_->write([&](store::Connection& connection) { return connection.script(sql); });
  done.value();
}

std::int64_t TestExchange::number(const store::Query& query) {
  std::int64_t value = 0;
  const auto done = database_->read([&](store::Connection& connection) -> base::Result<void> {
    value = TRY(connection.integer(query, {})).value_or(0);
    return base::done();
  });
  done.value();
  return value;
}

VerifyReport TestExchange::verify(bool contents) {
  auto report = exchange::verify(*database_, *blobs_, exchange_->site(), contents, nullptr);
  return std::move(report).value();
}

std::string findings_of(const VerifyReport& report) {
  std::string out;
  for (const base::Text& finding : report.findings) out += finding.en + "\n";
  return out;
}

}  // namespace exchange::testing
