#include "exchange/rest/event_streams.h"

#include <algorithm>

#include "http/problem.h"

namespace exchange::rest {
namespace {

// Pages in which nothing is of the wanted types before the caller is told to go on from there.
constexpr int kEmptyPagesMax = 8;
constexpr std::size_t kStreamEvents = 32;  // read for a stream at a time
constexpr base::Duration kAskAgain = std::chrono::seconds(30);

bool wanted(const EventFilter& filter, const feed::Event& event) {
  return filter.types.empty() ||
         std::find(filter.types.begin(), filter.types.end(), event.type) != filter.types.end();
}

}  // namespace

base::Result<EventPage> read_events(const feed::Feed& feed, const EventFilter& filter,
                                    std::string_view cursor, std::size_t count) {
  EventPage page{{}, std::string(cursor), true};
  for (int round = 0; round < kEmptyPagesMax && page.events.empty() && page.more; ++round) {
    feed::Page read = TRY(feed.read(filter.organisations, page.cursor, count));
    for (feed::EventPointer& event : read.events) {
      if (wanted(filter, *event)) page.events.push_back(std::move(event));
    }
    page.cursor = std::move(read.next);
    page.more = read.more;
  }
  return page;
}

base::Json to_json(const feed::Feed& feed, const EventPage& page) {
  base::Json json, items{base::Json::Array{}};
  for (const auto& event : page.events) items.push(feed::to_json(feed.exchange().site(), *event));
  json.add("items", std::move(items)).add("cursor", page.cursor).add("more", page.more);
  return json;
}

bool StreamCounts::take(const std::string& caller) {
  std::lock_guard lock(mutex_);
  std::size_t& count = counts_[caller];
  if (count >= of_one_max_) return false;
  ++count;
  return true;
}

void StreamCounts::give_back(const std::string& caller) {
  std::lock_guard lock(mutex_);
  const auto found = counts_.find(caller);
  if (found != counts_.end() && --found->second == 0) counts_.erase(found);
}

EventWait::EventWait(feed::Feed& feed, EventFilter filter, std::string cursor, std::size_t count,
                     http::Headers headers, base::Language language)
    : feed_(feed),
      filter_(std::move(filter)),
      cursor_(std::move(cursor)),
      count_(count),
      headers_(std::move(headers)),
      language_(language),
      listener_(feed_.hub().listen(filter_.organisations, [this] { wake(); })) {}

std::optional<http::Response> EventWait::answer(bool last) {
  const auto page = read_events(feed_, filter_, cursor_, count_);
  http::Response response;
  if (!page) {
    response = http::problem(page.error(), {{}, {}, language_});
  } else {
    cursor_ = page->cursor;
    if (page->events.empty() && !page->more && !last) return std::nullopt;
    response = http::Response::json(200, to_json(feed_, *page).dump());
  }
  for (const http::Header& header : headers_.all())
    if (!response.headers.has(header.name)) response.headers.add(header.name, header.value);
  return response;
}

EventStream::EventStream(feed::Feed& feed, EventFilter filter, std::string cursor, Caller caller,
                         Authenticate authenticate, std::shared_ptr<StreamCounts> counts)
    : feed_(feed),
      filter_(std::move(filter)),
      cursor_(std::move(cursor)),
      caller_(std::move(caller)),
      authenticate_(std::move(authenticate)),
      counts_(std::move(counts)),
      checked_(feed.exchange().clock().now()),
      // The place where it begins, so that a connection that breaks before the first event loses
      // none.
      pending_("retry: 3000\nid: " + cursor_ + "\n\n"),
      listener_(feed_.hub().listen(filter_.organisations, wake_)) {}

bool EventStream::still_may() {
  const base::Time now = feed_.exchange().clock().now();
  if (now - checked_ < kAskAgain) return true;
  checked_ = now;
  const auto principal = authenticate_(caller_.head);
  if (!principal || principal->id != caller_.id) return false;
  auto organisations = caller_.organisations(*principal);
  if (organisations.empty()) return false;
  if (organisations == filter_.organisations) return true;
  filter_.organisations = std::move(organisations);
  listener_ = feed_.hub().listen(filter_.organisations, wake_);
  more_ = true;
  return true;
}

// What comes after the cursor, into `pending_`; false when the stream is over.
base::Result<bool> EventStream::gather() {
  if (!still_may()) return false;
  const std::uint32_t site = feed_.exchange().site();
  auto read = feed_.read(filter_.organisations, cursor_, kStreamEvents);
  // Older than what is kept, since its reader is slow: it comes again and is told so.
  if (!read && read.error().reason() == "exchange.cursor_expired") return false;
  if (!read) return std::move(read).error();
  bool skipped = false;
  for (const feed::EventPointer& event : read->events) {
    skipped = !wanted(filter_, *event);
    if (skipped) continue;
    pending_ += "id: " + event->at.text(site) + "\nevent: " + std::string(event->type) +
                "\ndata: " + feed::to_json(site, *event).dump() + "\n\n";
  }
  cursor_ = read->next;
  more_ = read->more;
  // Without data it is no event, but moves the reader's Last-Event-ID.
  if (skipped) pending_ += "id: " + cursor_ + "\n\n";
  return true;
}

base::Result<http::PushSource::Next> EventStream::next(std::string& to, std::size_t size) {
  if (written_ == pending_.size()) {
    pending_.clear();
    written_ = 0;
    if (!TRY(gather())) return Next::end;
  }
  const std::size_t piece = std::min(size, pending_.size() - written_);
  to.append(pending_, written_, piece);
  written_ += piece;
  if (written_ < pending_.size()) return Next::again;
  pending_ = std::string();  // thousands of streams rest most of the time
  written_ = 0;
  return more_ ? Next::again : Next::wait;
}

std::string_view EventStream::heartbeat() const {
  wake_();
  return PushSource::heartbeat();
}

http::Head credentials_of(const http::Head& head) {
  http::Head kept;
  kept.method = head.method;
  kept.path = head.path;
  kept.remote = head.remote;
  kept.tls = head.tls;
  kept.client_certificate = head.client_certificate;
  for (const char* name : {"Authorization", "Cookie", "Host", "Origin", "Sec-Fetch-Site"})
    if (head.headers.has(name)) kept.headers.add(name, std::string(head.headers[name]));
  return kept;
}

}  // namespace exchange::rest
