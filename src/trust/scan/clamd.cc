#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "base/time.h"
#include "trust/scan/scanner.h"

namespace trust {
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr std::size_t kAnswerBytesMax = 4096;

// A connected socket, closed at the end. Waits only until the deadline.
class Socket {
 public:
  Socket(int fd, std::int64_t deadline) : fd_(fd), deadline_(deadline) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }

  bool wait(short events) const {
    for (;;) {
      int left_ms = -1;
      if (deadline_ != 0) {
        left_ms = static_cast<int>(
            std::clamp<std::int64_t>((deadline_ - base::monotonic_micros()) / 1000, 0, 1 << 30));
      }
      pollfd ready{fd_, events, 0};
      const int got = ::poll(&ready, 1, left_ms);
      if (got > 0) return true;
      if (got == 0 || errno != EINTR) return false;
    }
  }
  // False when the peer is gone or the time is up.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        return false;
      } else if (!wait(POLLOUT)) {
        return false;
      }
    }
    return true;
  }
  // clamd's answer up to its closing zero; empty when there was none in time.
  std::string answer() const {
    std::string text;
    while (text.size() < kAnswerBytesMax) {
      char piece[512];
      const auto got = ::recv(fd_, piece, sizeof piece, MSG_DONTWAIT);
      if (got > 0) {
        text.append(piece, static_cast<std::size_t>(got));
        if (const auto end = text.find('\0'); end != std::string::npos) return text.substr(0, end);
      } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        return {};
      } else if (!wait(POLLIN)) {
        return {};
      }
    }
    return {};
  }

 private:
  const int fd_;
  const std::int64_t deadline_;
};

int connect_to(const sockaddr* address, socklen_t size, std::int64_t deadline) {
  const int fd = ::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  if (::connect(fd, address, size) == 0) return fd;
  if (errno == EINPROGRESS) {
    const int left_ms = deadline == 0 ? 5000
                                      : static_cast<int>(std::clamp<std::int64_t>(
                                            (deadline - base::monotonic_micros()) / 1000, 0, 5000));
    pollfd ready{fd, POLLOUT, 0};
    int error = 0;
    socklen_t length = sizeof error;
    if (::poll(&ready, 1, left_ms) == 1 &&
        ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0) {
      return fd;
    }
  }
  ::close(fd);
  return -1;
}

int connect_to(const std::string& address, std::int64_t deadline) {
  if (address.starts_with('/')) {
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    if (address.size() >= sizeof local.sun_path) return -1;
    std::memcpy(local.sun_path, address.c_str(), address.size() + 1);
    return connect_to(reinterpret_cast<const sockaddr*>(&local), sizeof local, deadline);
  }
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) return -1;
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.substr(0, colon).c_str(), address.substr(colon + 1).c_str(), &wanted,
                    &found) != 0) {
    return -1;
  }
  int fd = -1;
  for (const addrinfo* at = found; at && fd < 0; at = at->ai_next) {
    fd = connect_to(at->ai_addr, at->ai_addrlen, deadline);
  }
  ::freeaddrinfo(found);
  return fd;
}

Scan not_scanned(std::string en, std::string vi) {
  Scan scan;
  scan.remark = {std::move(vi), std::move(en)};
  return scan;
}

// INSTREAM of clamd(8): each piece behind its length in four bytes, most significant first.
class Clamd : public Scanner {
 public:
  explicit Clamd(std::string address) : address_(std::move(address)) {}

  Scan scan(const Source& file, std::int64_t deadline) override {
    const Socket socket(connect_to(address_, deadline), deadline);
    if (!socket.is_open()) {
      return not_scanned("the malware scanner at " + address_ + " cannot be reached",
                         "Không kết nối được trình quét mã độc tại " + address_);
    }
    if (!socket.send(std::string_view("zINSTREAM\0", 10))) return broken_off(socket);
    std::string piece(kPieceBytes, '\0');
    for (std::uint64_t at = 0; at < file.size();) {
      const auto got = file.read_at(at, piece.data(), piece.size());
      if (!got || *got == 0) {
        return not_scanned("the file could not be read", "Không đọc được tệp");
      }
      at += *got;
      if (!send_piece(socket, std::string_view(piece).substr(0, *got))) return broken_off(socket);
    }
    if (!send_piece(socket, {})) return broken_off(socket);
    return read(socket.answer());
  }

 private:
  static bool send_piece(const Socket& socket, std::string_view bytes) {
    char length[4];
    for (int i = 0; i < 4; ++i) length[i] = static_cast<char>(bytes.size() >> (24 - 8 * i) & 0xff);
    return socket.send({length, 4}) && socket.send(bytes);
  }
  // clamd says why it stops reading, for one that the stream is longer than its StreamMaxLength.
  static Scan broken_off(const Socket& socket) {
    Scan scan = read(socket.answer());
    if (scan.outcome != Scan::Outcome::clean) return scan;
    return not_scanned("the malware scanner answered before it had the whole file",
                       "Trình quét mã độc trả lời khi chưa nhận hết tệp");
  }
  static Scan read(std::string_view said) {
    constexpr std::string_view kBefore = "stream: ", kFound = " FOUND";
    if (said.empty()) {
      return not_scanned("the malware scanner did not answer in time",
                         "Trình quét mã độc không trả lời kịp");
    }
    std::string_view word = said;
    if (word.starts_with(kBefore)) word.remove_prefix(kBefore.size());
    Scan scan;
    if (word == "OK") {
      scan.outcome = Scan::Outcome::clean;
      return scan;
    }
    if (word.ends_with(kFound)) {
      scan.outcome = Scan::Outcome::infected;
      scan.malware = base::cut_utf8(word.substr(0, word.size() - kFound.size()), 200);
      return scan;
    }
    const std::string shown(base::cut_utf8(word, 200));
    return not_scanned("the malware scanner said: " + shown, "Trình quét mã độc báo: " + shown);
  }

  const std::string address_;
};

}  // namespace

std::unique_ptr<Scanner> clamd_scanner(std::string address) {
  return std::make_unique<Clamd>(std::move(address));
}

}  // namespace trust
