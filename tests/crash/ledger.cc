#include "crash/ledger.h"

#include <algorithm>
#include <cstdio>

namespace crash {

void Ledger::begin(const Message& message) {
  const std::lock_guard lock(mutex_);
  messages_[message.digest].message = message;
}

void Ledger::acknowledged(const std::string& digest, const std::string& doc_id) {
  const std::lock_guard lock(mutex_);
  Entry& entry = messages_[digest];
  if (doc_id.empty()) {
    ++wrong_;
    std::fprintf(stderr, "acknowledged without a DocId: %s\n", digest.c_str());
  } else if (!entry.doc_id.empty() && entry.doc_id != doc_id) {
    ++duplicated_;
    std::fprintf(stderr, "sent again, and stored twice: %s and %s\n", entry.doc_id.c_str(),
                 doc_id.c_str());
  }
  entry.doc_id = doc_id;
}

std::optional<Message> Ledger::fetched(const std::string& doc_id, const std::string& to,
                                       const std::string& digest) {
  const std::lock_guard lock(mutex_);
  const auto found = messages_.find(digest);
  if (found == messages_.end() ||
      std::find(found->second.message.to.begin(), found->second.message.to.end(), to) ==
          found->second.message.to.end()) {
    ++wrong_;
    std::fprintf(stderr, "item %s to %s has bytes that nobody sent there: %s\n", doc_id.c_str(),
                 to.c_str(), digest.c_str());
    return std::nullopt;
  }
  std::string& seen = found->second.seen[to];
  if (!seen.empty() && seen != doc_id) {
    ++duplicated_;
    std::fprintf(stderr, "delivered twice to %s: as %s and %s\n", to.c_str(), seen.c_str(),
                 doc_id.c_str());
  }
  seen = doc_id;
  items_[doc_id] = {doc_id, to, digest};
  return found->second.message;
}

void Ledger::settled(const std::string& doc_id) {
  const std::lock_guard lock(mutex_);
  settled_.insert(doc_id);
}

bool Ledger::is_settled(const std::string& doc_id) const {
  const std::lock_guard lock(mutex_);
  return settled_.count(doc_id) != 0;
}

void Ledger::reappeared(const std::string& doc_id, const std::string& to) {
  const std::lock_guard lock(mutex_);
  ++duplicated_;
  std::fprintf(stderr, "acknowledged, and yet again in the list of %s: %s\n", to.c_str(),
               doc_id.c_str());
}

void Ledger::wrong(const std::string& what) {
  const std::lock_guard lock(mutex_);
  if (++wrong_ <= 20) {
    std::fprintf(stderr, "%s\n", what.c_str());
  }
}

std::vector<Ledger::Item> Ledger::items() const {
  const std::lock_guard lock(mutex_);
  std::vector<Item> all;
  for (const auto& [id, item] : items_) {
    all.push_back(item);
  }
  return all;
}

Ledger::Totals Ledger::totals() const {
  const std::lock_guard lock(mutex_);
  Totals totals;
  totals.settled = settled_.size();
  totals.duplicated = duplicated_;
  totals.wrong = wrong_;
  for (const auto& [digest, entry] : messages_) {
    if (entry.doc_id.empty()) {
      continue;
    }
    ++totals.acknowledged;
    for (const std::string& to : entry.message.to) {
      ++totals.deliveries;
      const auto seen = entry.seen.find(to);
      if (seen == entry.seen.end() || settled_.count(seen->second) == 0) {
        ++totals.outstanding;
      }
    }
  }
  return totals;
}

void Ledger::explain_outstanding() const {
  const std::lock_guard lock(mutex_);
  int shown = 0;
  for (const auto& [digest, entry] : messages_) {
    for (const std::string& to : entry.message.to) {
      const auto seen = entry.seen.find(to);
      const bool came = seen != entry.seen.end();
      if (!entry.doc_id.empty() && (!came || settled_.count(seen->second) == 0) && ++shown <= 20) {
        std::fprintf(stderr, "lost: %s %s from %s to %s (%s)\n",
                     std::string(vxp_client::word(entry.message.type)).c_str(),
                     entry.doc_id.c_str(), entry.message.from.c_str(), to.c_str(),
                     came ? "never settled" : "never listed");
      }
    }
  }
}

}  // namespace crash
