#include "simulation/audit.h"

#include <algorithm>
#include <cstring>

#include "base/hash.h"
#include "exchange/verify.h"
#include "store/journal.h"

namespace simulation {
namespace {

using base::Result;
using store::Query;
using store::Row;

const Query kFresh{"simulation.fresh", "select id, hash from document where id > $1 order by id"};
const Query kDeliverySums{"simulation.delivery_sums",
                          "select count(*), coalesce(sum((id % 999983) * (1 + state + 8 * recall + "
                          "64 * rank + 512 * system + "
                          "case when fetched_at is null then 0 else 65536 end)), 0) from delivery"};
const Query kDocumentSums{"simulation.document_sums",
                          "select count(*), coalesce(sum((id % 999983) * (1 + recalled)), 0) "
                          "from document"};
const Query kEvents{"simulation.events", "select count(*) from status_event"};
const Query kBlobs{"simulation.blobs", "select blob from document"};
const Query kPapers{"simulation.papers",
                    "select id, kind, system, sender, hash, document_id, urgency, recalled, "
                    "accepted_at from document order by id"};
const Query kCopies{"simulation.copies",
                    "select id, recipient, system, rank, state, recall, fetched_at, status_code, "
                    "status_at from delivery order by id"};

constexpr int kMostUrgent = 4;

Copy copy_of(const Row& row) {
  Copy copy;
  copy.id = row.integer(0);
  copy.recipient = row.integer(1);
  copy.system = row.integer(2);
  copy.urgency = kMostUrgent - static_cast<int>(row.integer(3));
  copy.transport = static_cast<int>(row.integer(4));
  copy.recall = static_cast<int>(row.integer(5));
  copy.fetched = !row.is_null(6);
  copy.status_code = row.string(7);
  if (!row.is_null(8)) copy.status_at = row.time(8);
  return copy;
}

Paper paper_of(const Row& row) {
  Paper paper;
  paper.id = row.integer(0);
  paper.kind = row.integer(1) == 1 ? edxml::Kind::status : edxml::Kind::document;
  paper.system = row.integer(2);
  paper.sender = row.integer(3);
  paper.hash = base::Bytes(row.bytes(4));
  paper.document_id = row.string(5);
  paper.urgency = static_cast<int>(row.integer(6));
  paper.recalled = row.integer(7) != 0;
  paper.accepted_at = row.time(8);
  return paper;
}

std::string shown(const Paper& paper) {
  std::string out = std::to_string(paper.id) + " \"" + paper.document_id + "\" hash " +
                    base::hex(paper.hash).substr(0, 8) + " system " + std::to_string(paper.system) +
                    " sender " + std::to_string(paper.sender) + " urgency " +
                    std::to_string(paper.urgency) + (paper.recalled ? " recalled" : "");
  for (const Copy& copy : paper.copies) {
    out += "; to " + std::to_string(copy.recipient) + " system " + std::to_string(copy.system) +
           " state " + std::to_string(copy.transport) + " recall " + std::to_string(copy.recall) +
           (copy.fetched ? " fetched" : "") + " status " + copy.status_code;
  }
  return out;
}

Result<std::map<DocumentKey, Paper>> read_papers(store::Database& database) {
  std::map<DocumentKey, Paper> papers;
  TRY(database.read([&](store::Connection& connection) -> Result<void> {
    papers.clear();
    TRY(connection.each(kPapers, {}, [&](const Row& row) {
      papers[row.integer(0)] = paper_of(row);
      return true;
    }));
    return connection.each(kCopies, {}, [&](const Row& row) {
      const Copy copy = copy_of(row);
      papers[exchange::document_of(copy.id)].copies.push_back(copy);
      return true;
    });
  }));
  return papers;
}

std::string directory_difference(const exchange::Directory& directory, const Model& model) {
  std::size_t count = 0;
  std::string difference;
  directory.each([&](const exchange::Organisation& there) {
    ++count;
    const Party is{there.key,          there.code,      there.system,
                   there.effective_to, there.successor, there.deleted};
    const auto wanted = model.parties().find(there.key);
    if (wanted == model.parties().end() || !(wanted->second == is)) {
      difference = "organisation " + there.code + " is not what it should be in the directory";
    }
  });
  if (difference.empty() && count != model.parties().size()) {
    difference = "the directory has " + std::to_string(count) + " organisations";
  }
  return difference;
}

}  // namespace

Result<std::vector<Fresh>> Audit::fresh(store::Database& database, DocumentKey last) {
  std::vector<Fresh> out;
  TRY(database.read([&](store::Connection& connection) -> Result<void> {
    out.clear();
    return connection.each(kFresh, {last}, [&](const Row& row) {
      out.push_back({row.integer(0), base::Bytes(row.bytes(1))});
      return true;
    });
  }));
  return out;
}

Result<std::map<DeliveryKey, Copy>> Audit::copies(store::Database& database) {
  std::map<DeliveryKey, Copy> out;
  TRY(database.read([&](store::Connection& connection) -> Result<void> {
    out.clear();
    return connection.each(kCopies, {}, [&](const Row& row) {
      out[row.integer(0)] = copy_of(row);
      return true;
    });
  }));
  return out;
}

Result<std::set<store::BlobRef>> Audit::blobs(store::Database& database) {
  std::set<store::BlobRef> out;
  TRY(database.read([&](store::Connection& connection) -> Result<void> {
    out.clear();
    return connection.each(kBlobs, {}, [&](const Row& row) {
      out.insert(row.string(0));
      return true;
    });
  }));
  return out;
}

Result<std::string> Audit::sums(store::Database& database, const Model& model) const {
  std::int64_t deliveries = 0, delivery_sum = 0, documents = 0, document_sum = 0, events = 0;
  TRY(database.read([&](store::Connection& connection) -> Result<void> {
    TRY(connection.first(kDeliverySums, {}, [&](const Row& row) {
      deliveries = row.integer(0);
      delivery_sum = row.integer(1);
    }));
    TRY(connection.first(kDocumentSums, {}, [&](const Row& row) {
      documents = row.integer(0);
      document_sum = row.integer(1);
    }));
    events = TRY(connection.integer(kEvents, {})).value_or(0);
    return base::done();
  }));
  for (const auto& [id, paper] : model.papers()) {
    --documents;
    document_sum -= id % 999983 * (paper.recalled ? 2 : 1);
    for (const Copy& copy : paper.copies) {
      --deliveries;
      delivery_sum -= copy.id % 999983 *
                      (1 + copy.transport + 8 * copy.recall + 64 * (kMostUrgent - copy.urgency) +
                       512 * copy.system + (copy.fetched ? 65536 : 0));
    }
  }
  events -= model.status_events();
  if (deliveries == 0 && delivery_sum == 0 && documents == 0 && document_sum == 0 && events == 0) {
    return std::string();
  }
  return "records differ from what should be: " + std::to_string(documents) + " documents, " +
         std::to_string(deliveries) + " deliveries, " + std::to_string(events) + " events too many";
}

// States only move forward; what is acknowledged, withdrawn or taken back stays so.
std::string Audit::forward(const Copy& copy) {
  const auto [at, is_new] = last_.try_emplace(copy.id);
  Seen& before = at->second;
  const bool back = copy.transport < before.transport ||
                    (before.transport > kProcessing && copy.transport != before.transport) ||
                    (before.recall == kAgreed && copy.recall != kAgreed) ||
                    (before.recall != kNone && copy.recall == kNone) ||
                    (before.fetched && !copy.fetched);
  const std::string moved = back && !is_new
                                ? "delivery " + std::to_string(copy.id) + " went from state " +
                                      std::to_string(before.transport) + " recall " +
                                      std::to_string(before.recall) + " back to " +
                                      std::to_string(copy.transport) + " recall " +
                                      std::to_string(copy.recall)
                                : std::string();
  before = Seen{copy.transport, copy.recall, copy.fetched};
  return moved;
}

Result<std::string> Audit::records(Server& server, const Model& model) {
  const auto papers = TRY(read_papers(server.database()));
  for (const auto& [id, wanted] : model.papers()) {
    const auto is = papers.find(id);
    if (is == papers.end()) return "lost: document " + shown(wanted);
    if (!(is->second == wanted)) return "is " + shown(is->second) + " / should be " + shown(wanted);
  }
  for (const auto& [id, paper] : papers) {
    if (!model.papers().contains(id)) return "nobody sent document " + shown(paper);
    for (const Copy& copy : paper.copies) {
      if (std::string back = forward(copy); !back.empty()) return back;
    }
  }
  return directory_difference(server.exchange().directory(), model);
}

Result<std::string> Audit::journal(store::Database& database, const Model& model) {
  std::string difference;
  store::journal::Verdict verdict;
  std::int64_t seen = seen_;
  TRY(database.read([&](store::Connection& connection) -> Result<void> {
    verdict = TRY(store::journal::verify(
        connection, std::max<std::int64_t>(seen_, 1), [&](const store::journal::Entry& entry) {
          if (!difference.empty()) return;
          if (entry.seq == seen_) {
            if (entry.hash != head_) difference = "a journal entry was replaced";
            return;
          }
          seen = entry.seq;
          const auto at = static_cast<std::size_t>(entry.seq - 1);
          if (at >= model.journal().size()) {
            difference = "journal entry " + entry.kind + " " + entry.subject + " for nothing";
          } else if (model.journal()[at] != Entry(entry.kind, entry.subject)) {
            difference = "journal entry " + std::to_string(entry.seq) + " is " + entry.kind + " " +
                         entry.subject + " instead of " + model.journal()[at].first + " " +
                         model.journal()[at].second;
          }
        }));
    return base::done();
  }));
  if (verdict.broken_at) {
    return "journal broken at " + std::to_string(*verdict.broken_at) + ": " + verdict.why;
  }
  if (!difference.empty()) return difference;
  if (static_cast<std::size_t>(seen) != model.journal().size()) {
    return "the journal lacks " + model.journal()[static_cast<std::size_t>(seen)].first + " " +
           model.journal()[static_cast<std::size_t>(seen)].second;
  }
  seen_ = seen;
  head_ = verdict.head;
  return difference;
}

Result<std::string> Audit::list(Server& server, const Model& model, SystemKey system,
                                edxml::Kind kind, std::int64_t page_size) const {
  const auto wanted = model.pending(system, kind);
  const exchange::Exchange& exchange = server.exchange();
  const std::string whose = "the list of system " + std::to_string(system) + " ";
  if (TRY(exchange.pending_count(system, kind)) != static_cast<std::int64_t>(wanted.size())) {
    return whose + "has another count than " + std::to_string(wanted.size());
  }
  std::size_t at = 0;
  exchange::ListFilter filter;
  filter.page_size = page_size;
  for (bool more = true; more; ++filter.page_index) {
    const auto page = TRY(exchange.pending(system, kind, filter));
    more = !page.empty();
    for (const exchange::PendingItem& item : page) {
      if (at == wanted.size()) return whose + "holds " + item.id + " too much";
      const Copy& copy = *wanted[at++];
      const Paper& paper = model.papers().at(exchange::document_of(copy.id));
      if (item.id != exchange::delivery_id_text(model.site(), copy.id) ||
          item.document != paper.id || item.sender != paper.sender ||
          item.recipient != copy.recipient || item.urgency != copy.urgency ||
          static_cast<int>(item.transport) != copy.transport ||
          item.accepted_at != paper.accepted_at) {
        return whose + "has " + item.id + " at " + std::to_string(at) + " instead of " +
               std::to_string(copy.id);
      }
    }
  }
  if (at != wanted.size()) return whose + "ends after " + std::to_string(at) + " items";
  return std::string();
}

Result<std::string> Audit::sent(Server& server, const Model& model, SystemKey system) const {
  const auto items = TRY(server.exchange().sent(system, "", std::nullopt, {}));
  std::size_t wanted = 0;
  for (const auto& [id, paper] : model.papers()) {
    if (paper.system == system) wanted += paper.copies.size();
  }
  // A system is shown no more than one page here.
  if (items.size() !=
      std::min(wanted, static_cast<std::size_t>(server.exchange().policy().list_items_max))) {
    return "system " + std::to_string(system) + " is shown " + std::to_string(items.size()) +
           " of its " + std::to_string(wanted) + " sent copies";
  }
  for (const exchange::SentItem& item : items) {
    const auto named = exchange::parse_id(model.site(), item.delivery_id);
    const Copy* copy = named && named->delivery ? model.copy(*named->delivery) : nullptr;
    if (!copy || static_cast<int>(item.state.transport) != copy->transport ||
        static_cast<int>(item.state.recall) != copy->recall ||
        item.state.status_code != copy->status_code || item.recipient != copy->recipient) {
      return "the sender is told something else about " + item.delivery_id;
    }
  }
  return std::string();
}

Result<std::string> Audit::everything(Server& server, const Model& model) const {
  const auto report =
      TRY(exchange::verify(server.database(), server.blobs(), model.site(), true, nullptr));
  if (!report.findings.empty()) return "verify: " + report.findings.front().en;
  return std::string();
}

}  // namespace simulation
