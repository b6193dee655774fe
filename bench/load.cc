#include "load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

namespace load {

struct Loop::Line {
  Sender* sender = nullptr;
  int fd = -1;
  bool busy = false;  // a request is out
  bool finished = false;
  bool writing = false;  // epoll watches for room
  Clock::time_point wake{};
  Request request;
  std::size_t written = 0;
  Clock::time_point sent{};
  std::string in;
  // The answer being read.
  bool have_head = false;
  vxp_client::HttpHead head;
  vxp_client::ChunkedBody chunked;
  std::string body;
};

Loop::Loop(std::string address, std::uint16_t port)
    : address_(std::move(address)),
      port_(port),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      buffer_(256 * 1024) {}

Loop::~Loop() {
  for (const auto& line : lines_) {
    if (line->fd >= 0) {
      ::close(line->fd);
    }
  }
  ::close(epoll_);
}

void Loop::add(Sender* sender) {
  lines_.push_back(std::make_unique<Line>());
  lines_.back()->sender = sender;
}

bool Loop::connect(Line* line) {
  if (line->fd >= 0) {
    return true;
  }
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return false;
  }
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port_);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (::inet_pton(AF_INET, address_.c_str(), &to.sin_addr) != 1 ||
      ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) {
    ::close(fd);
    return false;
  }
  line->fd = fd;
  line->writing = false;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = line;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  return true;
}

void Loop::watch(Line* line, bool writing) {
  if (line->writing == writing) {
    return;
  }
  line->writing = writing;
  epoll_event event{};
  event.events = EPOLLIN | (writing ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
  event.data.ptr = line;
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, line->fd, &event);
}

void Loop::fail(Line* line) {
  if (line->fd >= 0) {
    ::close(line->fd);
    line->fd = -1;
  }
  line->in.clear();
  line->body.clear();
  line->have_head = false;
  line->chunked = {};
  if (line->busy) {
    line->busy = false;
    line->sender->broken();
  }
  ++failures_;
  line->wake = Clock::now() + std::chrono::milliseconds(50);
}

void Loop::ask(Line* line, Clock::time_point now) {
  Clock::time_point when = now;
  line->request = {};
  switch (line->sender->next(now, &line->request, &when)) {
    case Next::finished:
      line->finished = true;
      --active_;
      return;
    case Next::later:
      line->wake = when;
      return;
    case Next::request:
      break;
  }
  line->busy = true;
  line->written = 0;
  if (!connect(line)) {
    fail(line);
    return;
  }
  line->sent = line->request.due == Clock::time_point{} ? Clock::now() : line->request.due;
  write(line);
}

void Loop::write(Line* line) {
  const Request& request = line->request;
  const std::string_view shared = request.shared ? *request.shared : std::string_view();
  const std::array<std::string_view, 3> parts = {request.own, shared, request.end};
  while (line->written < request.size()) {
    std::array<iovec, 3> vectors{};
    std::size_t used = 0;
    std::size_t skip = line->written;
    for (const std::string_view part : parts) {
      if (skip >= part.size()) {
        skip -= part.size();
        continue;
      }
      vectors[used].iov_base = const_cast<char*>(part.data() + skip);
      vectors[used++].iov_len = part.size() - skip;
      skip = 0;
    }
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = used;
    const ssize_t sent = ::sendmsg(line->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      if (errno == EAGAIN) {
        watch(line, true);
      } else {
        fail(line);
      }
      return;
    }
    line->written += static_cast<std::size_t>(sent);
    bytes_sent_ += static_cast<std::uint64_t>(sent);
  }
  watch(line, false);
}

// True when a whole answer was taken and given to the sender.
bool Loop::take_answer(Line* line) {
  while (!line->have_head) {
    const std::size_t end = line->in.find("\r\n\r\n");
    if (end == std::string::npos) {
      return false;
    }
    const auto head = vxp_client::parse_http_head(std::string_view(line->in).substr(0, end + 4));
    line->in.erase(0, end + 4);
    if (!head || head->encoded) {
      std::fprintf(stderr, "load: an answer that is not plain HTTP/1.1\n");
      fail(line);
      return false;
    }
    if (head->status >= 200) {
      line->head = *head;
      line->have_head = true;
    }
  }
  if (line->head.chunked) {
    const std::size_t took =
        line->chunked.take(line->in, [&](std::string_view piece) { line->body.append(piece); });
    line->in.erase(0, took);
    if (!line->chunked.done()) {
      return false;
    }
  } else {
    if (line->in.size() < line->head.content_length) {
      return false;
    }
    line->body = line->in.substr(0, line->head.content_length);
    line->in.erase(0, line->head.content_length);
  }
  Answer answer;
  answer.status = line->head.status;
  answer.body = line->body;
  answer.sent = line->sent;
  answer.received = Clock::now();
  answer.tag = line->request.tag;
  line->busy = false;
  line->sender->answered(answer);
  line->body.clear();
  line->have_head = false;
  line->chunked = {};
  if (line->head.close) {
    ::close(line->fd);
    line->fd = -1;
  }
  return true;
}

void Loop::read(Line* line) {
  const ssize_t got = ::recv(line->fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) {
    return;
  }
  if (got <= 0) {
    fail(line);
    return;
  }
  line->in.append(buffer_.data(), static_cast<std::size_t>(got));
  if (line->busy && take_answer(line)) {
    ask(line, Clock::now());
  }
}

bool Loop::run(Clock::time_point stop_at) {
  active_ = 0;
  failures_ = 0;
  for (const auto& line : lines_) {
    line->finished = false;
    ++active_;
    ask(line.get(), Clock::now());
  }
  std::array<epoll_event, 256> events{};
  while (active_ > 0) {
    Clock::time_point now = Clock::now();
    if (now >= stop_at) {
      break;
    }
    if (failures_ > 2000) {
      return false;
    }
    Clock::time_point soonest = std::min(stop_at, now + std::chrono::milliseconds(100));
    for (const auto& line : lines_) {
      if (line->busy || line->finished) {
        continue;
      }
      if (line->wake <= now) {
        ask(line.get(), now);
      }
      if (!line->busy && !line->finished) {
        soonest = std::min(soonest, line->wake);
      }
    }
    const auto wait = std::chrono::duration_cast<std::chrono::nanoseconds>(soonest - Clock::now());
    timespec limit{};
    limit.tv_nsec = static_cast<long>(std::clamp<std::int64_t>(wait.count(), 0, 100'000'000));
    const int count =
        ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &limit, nullptr);
    for (int i = 0; i < count; ++i) {
      Line* const line = static_cast<Line*>(events[static_cast<std::size_t>(i)].data.ptr);
      const std::uint32_t what = events[static_cast<std::size_t>(i)].events;
      if (line->fd >= 0 && line->busy && (what & EPOLLOUT) != 0) {
        write(line);
      }
      if (line->fd >= 0 && (what & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) {
        read(line);
      }
    }
  }
  return true;
}

void Latencies::append(const Latencies& other) {
  values_.insert(values_.end(), other.values_.begin(), other.values_.end());
}

double Latencies::at(double share) const {
  if (values_.empty()) {
    return 0;
  }
  std::vector<double> sorted = values_;
  const auto index = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5);
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(index),
                   sorted.end());
  return sorted[index];
}

}  // namespace load
