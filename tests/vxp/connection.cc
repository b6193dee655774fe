// HTTP answers and the blocking connection.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "vxp/vxp_client.h"

namespace vxp_client {
namespace {

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return std::tolower(static_cast<unsigned char>(x)) ==
                  std::tolower(static_cast<unsigned char>(y));
         });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

template <typename Number>
bool number(std::string_view text, Number* value, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value, base);
  return error == std::errc() && end != text.data();
}

}  // namespace

std::optional<HttpHead> parse_http_head(std::string_view head) {
  HttpHead result;
  if (head.size() < 12 || head.substr(0, 7) != "HTTP/1." ||
      !number(head.substr(9, 3), &result.status)) {
    return std::nullopt;
  }
  std::size_t at = head.find('\n');
  while (at != std::string_view::npos && at + 1 < head.size()) {
    const std::size_t end = head.find('\n', at + 1);
    const std::string_view line =
        head.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
    at = end;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      continue;
    }
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (same_word(name, "content-length")) {
      if (!number(value, &result.content_length)) {
        return std::nullopt;
      }
    } else if (same_word(name, "transfer-encoding")) {
      result.chunked = same_word(value, "chunked");
    } else if (same_word(name, "connection")) {
      result.close = same_word(value, "close");
    } else if (same_word(name, "content-encoding")) {
      result.encoded = !same_word(value, "identity");
    }
  }
  return result;
}

void ChunkedBody::size_line() {
  if (state_ == State::size) {
    if (!number(trimmed(line_), &left_, 16)) {
      broken_ = true;
    }
    state_ = left_ == 0 ? State::trailer : State::content;
  } else if (state_ == State::content_end) {
    state_ = State::size;
  } else if (trimmed(line_).empty()) {
    state_ = State::done;
  }
  line_.clear();
}

std::size_t ChunkedBody::take(std::string_view bytes,
                              const std::function<void(std::string_view)>& sink) {
  std::size_t at = 0;
  while (at < bytes.size() && !done() && !broken_) {
    if (state_ == State::content) {
      const std::size_t now =
          static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - at));
      sink(bytes.substr(at, now));
      at += now;
      left_ -= now;
      if (left_ == 0) {
        state_ = State::content_end;
      }
      continue;
    }
    const char c = bytes[at++];
    if (c == '\n') {
      size_line();
    } else if (line_.size() < 256) {
      line_.push_back(c);
    } else {
      broken_ = true;
    }
  }
  return at;
}

Connection::Connection(std::string address, std::uint16_t port, std::chrono::milliseconds timeout)
    : address_(std::move(address)), port_(port), timeout_(timeout) {}

Connection::~Connection() { close(); }

void Connection::close() {
  if (fd_ >= 0) {
    ::close(fd_);
    fd_ = -1;
  }
}

bool Connection::open() {
  if (fd_ >= 0) {
    return true;
  }
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return false;
  }
  timeval limit{};
  limit.tv_sec = static_cast<time_t>(timeout_.count() / 1000);
  limit.tv_usec = static_cast<suseconds_t>((timeout_.count() % 1000) * 1000);
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port_);
  if (::inet_pton(AF_INET, address_.c_str(), &to.sin_addr) != 1 ||
      ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) {
    ::close(fd);
    return false;
  }
  fd_ = fd;
  return true;
}

bool Connection::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Connection::read_some(std::string* buffer) {
  constexpr std::size_t kPiece = 256 * 1024;
  const std::size_t before = buffer->size();
  buffer->resize(before + kPiece);
  const ssize_t got = ::recv(fd_, buffer->data() + before, kPiece, 0);
  buffer->resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return got > 0;
}

bool Connection::read_body(const HttpHead& head, std::string* buffer,
                           const std::function<void(std::string_view)>& sink) {
  if (head.encoded) {
    return false;
  }
  ChunkedBody chunked;
  std::uint64_t left = head.content_length;
  while (head.chunked ? !chunked.done() : left > 0) {
    if (buffer->empty() && !read_some(buffer)) {
      return false;
    }
    if (head.chunked) {
      const std::size_t took = chunked.take(*buffer, sink);
      buffer->erase(0, took);
      if (chunked.broken()) {
        return false;
      }
    } else {
      const std::size_t now =
          static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer->size()));
      sink(std::string_view(*buffer).substr(0, now));
      left -= now;
      buffer->erase(0, now);
    }
  }
  return true;
}

bool Connection::read_reply(int* status, const std::function<void(std::string_view)>& sink) {
  std::string buffer;
  for (;;) {
    std::size_t end = 0;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
      if (buffer.size() > 64 * 1024 || !read_some(&buffer)) {
        return false;
      }
    }
    const std::optional<HttpHead> head =
        parse_http_head(std::string_view(buffer).substr(0, end + 4));
    buffer.erase(0, end + 4);
    if (!head) {
      return false;
    }
    if (head->status < 200) {
      continue;
    }
    *status = head->status;
    const bool read = read_body(*head, &buffer, sink);
    if (!read || head->close) {
      close();
    }
    return read;
  }
}

bool Connection::stream(std::string_view request, int* status,
                        const std::function<void(std::string_view)>& sink) {
  if (!open()) {
    return false;
  }
  if (!write_all(request) || !read_reply(status, sink)) {
    close();
    return false;
  }
  return true;
}

std::optional<Connection::Reply> Connection::call(std::string_view request) {
  Reply reply;
  if (!stream(request, &reply.status, [&](std::string_view piece) { reply.body.append(piece); })) {
    return std::nullopt;
  }
  return reply;
}

std::optional<Connection::Reply> Connection::send_file(std::string_view head,
                                                       const std::string& path,
                                                       std::string_view end) {
  if (!open()) {
    return std::nullopt;
  }
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat about {};
  bool good = file >= 0 && ::fstat(file, &about) == 0 && write_all(head);
  off_t left = about.st_size;
  while (good && left > 0) {
    const ssize_t sent =
        ::sendfile(fd_, file, nullptr, static_cast<std::size_t>(std::min<off_t>(left, 4 << 20)));
    good = sent > 0;
    left -= sent;
  }
  if (file >= 0) {
    ::close(file);
  }
  Reply reply;
  good = good && write_all(end) &&
         read_reply(&reply.status, [&](std::string_view piece) { reply.body.append(piece); });
  if (!good) {
    close();
    return std::nullopt;
  }
  return reply;
}

}  // namespace vxp_client
