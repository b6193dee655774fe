#include "http/testing/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "base/check.h"
#include "base/text.h"
#include "base/time.h"

namespace http::testing {
namespace {
std::int64_t now_ms() { return base::monotonic_micros() / 1000; }
}  // namespace

Wire::Wire(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    socket_ = -1;
    return;
  }
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const timeval limit{10, 0};
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

Wire::~Wire() {
  if (socket_ >= 0) ::close(socket_);
}

bool Wire::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool eventually(const std::function<bool()>& holds, int timeout_ms) {
  const std::int64_t deadline = now_ms() + timeout_ms;
  while (!holds()) {
    if (now_ms() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

std::size_t allow_sockets(std::size_t wanted) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, std::max<rlim_t>(limit.rlim_cur, wanted));
  setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

void Wire::finish_sending() { ::shutdown(socket_, SHUT_WR); }

bool Wire::read_more(std::int64_t deadline_ms) {
  pollfd p{socket_, POLLIN, 0};
  const auto left = std::max<std::int64_t>(deadline_ms - now_ms(), 0);
  if (::poll(&p, 1, static_cast<int>(left)) <= 0) return false;
  char buffer[16 * 1024];
  const ssize_t n = ::recv(socket_, buffer, sizeof buffer, 0);
  if (n <= 0) return false;
  in_.append(buffer, static_cast<std::size_t>(n));
  return true;
}

Wire::Answer Wire::receive(int timeout_ms, bool has_body) {
  const std::int64_t deadline = now_ms() + timeout_ms;
  std::size_t end = 0;
  while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more(deadline)) return {};
  }
  Answer answer;
  answer.head = in_.substr(0, end + 2);
  in_.erase(0, end + 4);
  answer.status = static_cast<int>(base::parse_int(answer.head.substr(9, 3)).value_or(0));
  const auto size = base::parse_int(answer.header("Content-Length")).value_or(0);
  if (!has_body || answer.status < 200) return answer;
  while (in_.size() < static_cast<std::size_t>(size)) {
    if (!read_more(deadline)) return {};
  }
  answer.body = in_.substr(0, static_cast<std::size_t>(size));
  in_.erase(0, answer.body.size());
  in_.shrink_to_fit();  // a test may hold thousands of these
  return answer;
}

std::string Wire::Answer::header(std::string_view name) const {
  for (const std::string_view line : base::split(head, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (base::equal_ignoring_case(line.substr(0, colon), name)) {
      return std::string(base::trim(line.substr(colon + 1)));
    }
  }
  return {};
}

std::string Wire::until(std::string_view mark, int timeout_ms) {
  const std::int64_t deadline = now_ms() + timeout_ms;
  std::size_t at = 0;
  while ((at = in_.find(mark)) == std::string::npos) {
    if (now_ms() > deadline || !read_more(deadline)) return {};
  }
  std::string text = in_.substr(0, at + mark.size());
  in_.erase(0, text.size());
  return text;
}

bool Wire::closes(int timeout_ms) {
  const std::int64_t deadline = now_ms() + timeout_ms;
  while (read_more(deadline)) {
  }
  return now_ms() < deadline;
}

bool Wire::stays_quiet(int for_ms) {
  pollfd p{socket_, POLLIN, 0};
  return in_.empty() && ::poll(&p, 1, for_ms) == 0;
}

Server::Options RunningServer::quick() {
  Server::Options options;
  options.workers = 2;
  options.head_timeout_ms = 400;
  options.idle_timeout_ms = 5000;
  options.body_timeout_ms = 5000;  // a test that sends a lot is slow under a sanitizer
  return options;
}

RunningServer::RunningServer(std::vector<Route> routes, Server::Options options) {
  router.add(std::move(routes));
  auto started = Server::start(options, router, metrics, random);
  CHECK(started.ok());
  server = std::move(*started);
  port = server->port();
}

std::uint64_t RunningServer::refused(std::string_view reason) {
  return metrics.counter("http_refused_total", "", "reason=\"" + std::string(reason) + "\"")
      .value();
}

std::string post(std::string_view path, std::string_view body, std::string_view more_headers) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: truc\r\n" + std::string(more_headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string get(std::string_view path, std::string_view more_headers) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: truc\r\n" + std::string(more_headers) +
         "\r\n";
}

std::int64_t resident_bytes() {
  long pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%*s %ld", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * sysconf(_SC_PAGESIZE);
}

}  // namespace http::testing
