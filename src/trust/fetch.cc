// Revocation information over HTTP, with a memory.
#include <algorithm>
#include <condition_variable>
#include <list>
#include <mutex>
#include <unordered_map>

#include "base/hash.h"
#include "base/log.h"
#include "http/client.h"
#include "trust/asn1.h"
#include "trust/revocation.h"
#include "trust/revocation_answer.h"

namespace trust {
namespace {

constexpr int kRedirectionsMax = 2;
constexpr auto kKeptAtMost = std::chrono::hours(24);
constexpr auto kWithoutNextUpdate = std::chrono::minutes(10);

base::Error unavailable(const std::string& url, const base::Text& why) {
  return {base::Code::unavailable, "trust.revocation_unavailable",
          "no revocation information from " + url + ": " + why.en,
          "không lấy được thông tin thu hồi từ " + url + ": " + (why.vi.empty() ? why.en : why.vi)};
}

// "http://host:80" and "/path?query"; the client's Url has no place for a query.
struct Address {
  http::Url server;
  std::string path;
};

base::Result<Address> address_of(const std::string& url) {
  const bool web = url.starts_with("http://") || url.starts_with("https://");
  const auto slash = web ? url.find('/', url.find("//") + 2) : std::string::npos;
  const bool printable =
      std::all_of(url.begin(), url.end(), [](char c) { return c > 32 && c < 127; });
  if (!web || !printable) {
    return base::Error(base::Code::invalid, "trust.bad_revocation_url",
                       "only http and https addresses are asked",
                       "chỉ hỏi các địa chỉ http và https");
  }
  Address out;
  out.server = TRY(http::Url::parse(url.substr(0, slash)));
  out.path = slash == std::string::npos ? "/" : url.substr(slash, url.find('#') - slash);
  return out;
}

// Some authorities publish their lists as PEM.
base::Bytes without_pem(base::Bytes body) {
  constexpr std::string_view kBegin = "-----BEGIN X509 CRL-----", kEnd = "-----END";
  const auto from = body.substr(0, 64).find(kBegin);
  const auto to = body.rfind(kEnd);
  if (from == std::string::npos || to == std::string::npos || to < from + kBegin.size()) {
    return body;
  }
  const auto start = from + kBegin.size();
  return base::from_base64(std::string_view(body).substr(start, to - start)).value_or(body);
}

struct Entry {
  enum class State : unsigned char { fetching, kept, failed } state = State::fetching;
  base::Bytes answer;
  base::Text failure;
  base::Time until;               // of `kept`, on the caller's clock
  std::int64_t failed_until = 0;  // of `failed`, monotonic
  std::list<std::string>::iterator used;
};

class Fetching : public RevocationSource {
 public:
  explicit Fetching(const FetchOptions& options) : options_(options) {}

  base::Result<base::Bytes> crl(const std::string& url, base::Time now,
                                std::int64_t deadline_micros) override {
    return get(url, {}, now, deadline_micros);
  }
  base::Result<base::Bytes> ocsp(const std::string& url, base::BytesView request, base::Time now,
                                 std::int64_t deadline_micros) override {
    return get(url, request, now, deadline_micros);
  }
  void disbelieve(const std::string& url, base::BytesView request) override {
    std::lock_guard lock(mutex_);
    const auto found = entries_.find(key_of(url, request));
    if (found == entries_.end() || found->second.state != Entry::State::kept) return;
    fail(found->second, {"câu trả lời không do nơi có thẩm quyền ký",
                         "its answer was not signed by whoever may give it"});
    base::log::warning("trust.revocation_disbelieved", {{"url", url}});
  }

 private:
  static std::string key_of(const std::string& url, base::BytesView request) {
    return url + '\n' + std::string(request);
  }

  base::Result<base::Bytes> get(const std::string& url, base::BytesView request, base::Time now,
                                std::int64_t deadline_micros) {
    const std::int64_t own = base::monotonic_micros() + std::int64_t{options_.timeout_ms} * 1000;
    const std::int64_t deadline = deadline_micros != 0 ? std::min(own, deadline_micros) : own;
    const std::string key = key_of(url, request);
    std::unique_lock lock(mutex_);
    for (auto found = entries_.find(key); found != entries_.end(); found = entries_.find(key)) {
      Entry& entry = found->second;
      if (entry.state == Entry::State::kept && now < entry.until) {
        order_.splice(order_.end(), order_, entry.used);
        return entry.answer;
      }
      if (entry.state == Entry::State::failed && base::monotonic_micros() < entry.failed_until) {
        return unavailable(url, entry.failure);
      }
      if (entry.state != Entry::State::fetching) break;  // to be asked again
      // Another thread is asking the same: its answer is this one's too.
      const auto left = std::chrono::microseconds(deadline - base::monotonic_micros());
      if (left.count() <= 0 || arrived_.wait_for(lock, left) == std::cv_status::timeout) {
        return unavailable(url, {"quá thời gian chờ", "it did not answer in time"});
      }
    }
    begin(key);
    lock.unlock();
    auto fetched = fetch(url, request, deadline);
    lock.lock();
    return finish(key, url, request, std::move(fetched), now);
  }

  void begin(const std::string& key) {
    const auto [place, fresh] = entries_.try_emplace(key);
    Entry& entry = place->second;
    if (fresh) {
      order_.push_back(key);
      entry.used = std::prev(order_.end());
    } else {
      order_.splice(order_.end(), order_, entry.used);
      bytes_ -= entry.answer.size();
      entry.answer.clear();
    }
    entry.state = Entry::State::fetching;
  }

  base::Result<base::Bytes> finish(const std::string& key, const std::string& url,
                                   base::BytesView request, base::Result<base::Bytes> fetched,
                                   base::Time now) {
    Entry& entry = entries_.at(key);  // fetching ones are never thrown out
    arrived_.notify_all();
    if (!fetched) {
      fail(entry, fetched.error().text());
      base::log::warning("trust.revocation_unavailable",
                         {{"url", url}, {"detail", fetched.error().detail()}});
      return unavailable(url, entry.failure);
    }
    const auto next =
        request.empty() ? next_update_of_crl(*fetched) : next_update_of_ocsp(*fetched);
    const base::Time until = next.value_or(now + kWithoutNextUpdate);
    entry.state = Entry::State::kept;
    // One that is out of date is still good for what is judged at an earlier time.
    entry.until =
        until > now ? std::min<base::Time>(until, now + kKeptAtMost) : now + options_.retry_after;
    entry.answer = *fetched;
    bytes_ += entry.answer.size();
    make_room();
    return fetched;
  }

  void fail(Entry& entry, base::Text why) {
    bytes_ -= entry.answer.size();
    base::Bytes().swap(entry.answer);
    entry.state = Entry::State::failed;
    entry.failure = std::move(why);
    entry.failed_until = base::monotonic_micros() + options_.retry_after.count();
  }

  void make_room() {
    auto oldest = order_.begin();
    while ((entries_.size() > options_.entries_max || bytes_ > 4 * options_.bytes_max) &&
           oldest != order_.end()) {
      const auto found = entries_.find(*oldest);
      if (found->second.state == Entry::State::fetching) {
        ++oldest;
        continue;
      }
      bytes_ -= found->second.answer.size();
      entries_.erase(found);
      oldest = order_.erase(oldest);
    }
  }

  base::Result<base::Bytes> fetch(std::string url, base::BytesView request,
                                  std::int64_t deadline) const {
    for (int i = 0; i <= kRedirectionsMax; ++i) {
      auto address = TRY(address_of(url));
      const auto left = static_cast<int>((deadline - base::monotonic_micros()) / 1000);
      http::Client::Options options;
      options.url = std::move(address.server);
      options.connect_timeout_ms = options.idle_timeout_ms = std::max(left, 1);
      options.public_only = !options_.private_addresses;
      const auto client = http::Client::create(std::move(options));
      http::Client::Exchange exchange;
      exchange.path = std::move(address.path);
      exchange.answer_bytes_max = options_.bytes_max;
      exchange.deadline_micros = deadline;
      if (!request.empty()) {
        exchange.method = http::Method::post;
        exchange.headers.add("Content-Type", "application/ocsp-request");
        exchange.body = request;
      }
      http::Response response = TRY(client->exchange(exchange));
      if (response.status == 200) return without_pem(std::move(response.body));
      const bool moved = response.status == 301 || response.status == 302 ||
                         response.status == 307 || response.status == 308;
      if (!moved || !request.empty()) {
        return base::Error(base::Code::unavailable, "trust.revocation_refused",
                           "it answered with HTTP status " + std::to_string(response.status),
                           "máy chủ trả lời mã HTTP " + std::to_string(response.status));
      }
      url = response.headers["Location"];
    }
    return base::Error(base::Code::unavailable, "trust.revocation_refused",
                       "it sends on from one address to the next",
                       "máy chủ chuyển hướng quá nhiều lần");
  }

  const FetchOptions options_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::unordered_map<std::string, Entry> entries_;
  std::list<std::string> order_;  // keys, the longest unused first
  std::uint64_t bytes_ = 0;       // of kept answers
};

}  // namespace

std::unique_ptr<RevocationSource> fetching_revocation_source(const FetchOptions& options) {
  return std::make_unique<Fetching>(options);
}

}  // namespace trust
