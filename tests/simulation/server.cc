#include "simulation/server.h"

#include <utility>
#include <vector>

#include "edxml/reader.h"
#include "edxml/validate.h"

namespace simulation {
namespace {

using base::Result;

// Says that a change is done as soon as it ran, whatever becomes of the commit: what a server does
// that answers its client before the disk has it.
class EarlyDatabase : public store::Database {
 public:
  explicit EarlyDatabase(store::Database& inner) : inner_(inner) {}

  Result<void> migrate(const std::vector<store::Migration>& migrations) override {
    return inner_.migrate(migrations);
  }
  Result<void> write(const std::function<Result<void>(store::Connection&)>& change,
                     base::Lane lane) override {
    bool ran = false;
    auto written = inner_.write(
        [&](store::Connection& connection) -> Result<void> {
          ran = false;
          TRY(change(connection));
          ran = true;
          return base::done();
        },
        lane);
    return ran ? base::done() : std::move(written);
  }
  Result<void> read(const std::function<Result<void>(store::Connection&)>& work) override {
    return inner_.read(work);
  }
  Result<void> backup(const std::string& path) override { return inner_.backup(path); }
  Result<std::vector<std::string>> check() override { return inner_.check(); }
  std::uint64_t commits() const override { return inner_.commits(); }
  std::uint64_t changes() const override { return inner_.changes(); }
  std::size_t waiting() const override { return inner_.waiting(); }
  std::string_view engine() const override { return inner_.engine(); }

 private:
  store::Database& inner_;
};

Result<void> refuse_findings(const edxml::Document& document, bool recipients_elsewhere) {
  for (const edxml::Finding& finding : edxml::validate(document, recipients_elsewhere)) {
    if (finding.severity != edxml::Finding::Severity::error) continue;
    return base::Error(base::Code::invalid, finding.rule, finding.message.en);
  }
  return base::done();
}

}  // namespace

Result<void> Server::start() {
  stop();
  metrics_ = std::make_unique<base::Metrics>();
  blobs_ = TRY(store::open_blob_directory(disk_, random_, "/site/blobs"));
  store::Database::Options options;
  options.url = "sqlite:/site/truc.db";
  options.vfs = disk_.sqlite_vfs();
  options.own_writer_thread = false;
  if (broken_ != Break::unsynced_blobs) {
    options.before_commit = [this] { return blobs_->sync(); };
  }
  database_ = TRY(store::Database::open(std::move(options)));
  exchange::Policy policy;
  policy.resend_window = broken_ == Break::no_window ? -Model::kWindow : Model::kWindow;
  if (broken_ == Break::early_answer) early_ = std::make_unique<EarlyDatabase>(*database_);
  exchange_ = TRY(exchange::Exchange::open(
      {database(), *blobs_, clock_, random_, *metrics_, base::Bytes(32, 'k'), policy}));
  return base::done();
}

void Server::stop() {
  exchange_.reset();
  early_.reset();
  database_.reset();
  blobs_.reset();
  metrics_.reset();
}

Answer Server::perform(const Operation& operation) {
  Answer answer;
  if (const auto* one = std::get_if<Send>(&operation)) {
    auto accepted = send(*one->letter);
    if (accepted.ok()) {
      answer.accepted = std::move(accepted).value();
    } else {
      answer.result = std::move(accepted).error();
    }
  } else if (const auto* wanted = std::get_if<Fetch>(&operation)) {
    auto content = fetch(*wanted);
    if (content.ok()) {
      answer.content = std::move(content).value();
    } else {
      answer.result = std::move(content).error();
    }
  } else if (const auto* ack = std::get_if<Acknowledge>(&operation)) {
    answer.result = exchange_->acknowledge(ack->system, ack->id, ack->word, "mô phỏng");
  } else {
    answer.result = change(std::get<Change>(operation));
  }
  return answer;
}

// The steps of sendEdoc: the bytes are kept as they come and read on the way.
Result<exchange::Accepted> Server::send(const Letter& letter) {
  auto blob = TRY(blobs_->create());
  edxml::Reader reader;
  Result<void> read;
  for (std::size_t at = 0; at < letter.bytes.size(); at += 16 * 1024) {
    const base::BytesView piece = base::BytesView(letter.bytes).substr(at, 16 * 1024);
    TRY(blob->write(piece));
    if (read) read = reader.feed(piece);
  }
  TRY(std::move(read));
  exchange::Submission submission;
  submission.document = TRY(reader.finish());
  submission.to = letter.header_to;
  TRY(refuse_findings(submission.document, !submission.to.empty()));
  const auto system = exchange_->directory().system_by_key(letter.system);
  if (!system) return base::Error(base::Code::internal, "simulation.no_system", "no such system");
  submission.system = letter.system;
  submission.sender = TRY(exchange_->check_sender(*system, submission.document.from.id)).key;
  submission.hash = letter.hash;
  submission.size = letter.bytes.size();
  submission.blob = TRY(blob->finish(letter.bytes.size()));
  return exchange_->accept(submission);
}

Result<base::Bytes> Server::fetch(const Fetch& fetch) {
  const auto fetched = TRY(exchange_->fetch(fetch.system, fetch.id));
  base::Bytes bytes(fetched.content->size(), '\0');
  const std::size_t got = TRY(fetched.content->read_at(0, bytes.data(), bytes.size()));
  bytes.resize(got);
  return bytes;
}

Result<void> Server::change(const Change& change) {
  using What = Change::What;
  exchange::Directory& directory = exchange_->directory();
  exchange::Organisation organisation;
  organisation.code = change.code;
  switch (change.what) {
    case What::connect:
      return directory.put_system(change.system_id, "khóa bí mật", {change.code});
    case What::alias:
      return directory.put_alias(change.other, change.code);
    case What::succeed:
      organisation.effective_to = change.until;
      organisation.successor = change.other;
      return directory.put({organisation}, "simulation");
    case What::remove:
      return directory.remove(change.code, "simulation");
    case What::found:
      return directory.put({organisation}, "simulation");
    case What::enable:
      return directory.enable_system(change.system_id, change.enabled);
  }
  return base::done();
}

}  // namespace simulation
