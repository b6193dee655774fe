// One very large document in and out again, streamed, against nginx storing the same file by PUT.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <string>

#include "load.h"
#include "plan.h"

namespace {

using load::Clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The file that was sent, to compare with what comes back: hashing it again would measure the client's
// SHA-256.
class Original {
 public:
  Original(const std::string& path, std::uint64_t size) : size_(size) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    void* const mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    ::close(descriptor);
    if (mapped == MAP_FAILED) {
      bench::die("cannot map " + path);
    }
    bytes_ = static_cast<const char*>(mapped);
  }
  ~Original() { ::munmap(const_cast<char*>(bytes_), size_); }
  Original(const Original&) = delete;
  Original& operator=(const Original&) = delete;
  void restart() {
    at_ = 0;
    same_ = true;
  }
  void compare(std::string_view piece) {
    same_ = same_ && piece.size() <= size_ - at_ &&
            std::memcmp(bytes_ + at_, piece.data(), piece.size()) == 0;
    at_ += same_ ? piece.size() : 0;
  }
  bool same() const { return same_ && at_ == size_; }

 private:
  const char* bytes_ = nullptr;
  const std::uint64_t size_;
  std::uint64_t at_ = 0;
  bool same_ = true;
};

// Picks the base64 of the member `data` out of a JSON answer that arrives in pieces.
class DataMember {
 public:
  explicit DataMember(Original& original) : original_(original) {}
  void take(std::string_view piece) {
    if (state_ == State::before) {
      head_.append(piece);
      const std::size_t at = head_.find("\"data\"");
      const std::size_t open = at == std::string::npos ? at : head_.find('"', at + 6);
      if (open == std::string::npos) {
        return;
      }
      state_ = State::inside;
      const std::string rest = head_.substr(open + 1);
      inside(rest);
    } else if (state_ == State::inside) {
      inside(piece);
    }
  }
  bool complete() const { return state_ == State::after; }
  const std::string& head() const { return head_; }

 private:
  enum class State { before, inside, after };
  void inside(std::string_view text) {
    const std::size_t end = text.find('"');  // base64 has no quotes, so none is escaped
    std::string_view encoded = text.substr(0, end);
    std::string plain;
    // Written as \/ or as \r\n in JSON: the decoder skips a backslash, but not the letters.
    if (encoded.find('\\') == std::string_view::npos) {
      decoder_.decode(encoded, &plain);
    } else {
      for (const char c : encoded) {
        if (escaped_ ? c == '/' : c != '\\') {
          decoder_.decode(std::string_view(&c, 1), &plain);
        }
        escaped_ = !escaped_ && c == '\\';
      }
    }
    original_.compare(plain);
    if (end != std::string_view::npos) {
      state_ = State::after;
    }
  }

  State state_ = State::before;
  bool escaped_ = false;
  std::string head_;
  vxp_client::Base64Decoder decoder_;
  Original& original_;
};

double put(std::uint16_t port, const std::string& path, std::uint64_t size) {
  vxp_client::Connection connection("127.0.0.1", port, std::chrono::seconds(300));
  const std::string head =
      "PUT /large.edxml HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + std::to_string(size) +
      "\r\n\r\n";
  const Clock::time_point start = Clock::now();
  const auto reply = connection.send_file(head, path, "");
  if (!reply || reply->status / 100 != 2) {
    bench::die("nginx did not take the file");
  }
  return seconds_since(start);
}

struct Times {
  double send = 0;
  double get = 0;
  double download = 0;
};

Times exchange(const bench::Plan& plan, std::uint16_t port, const std::string& path,
               const vxp_client::WrittenDocument& file) {
  Times times;
  vxp_client::Connection connection("127.0.0.1", port, std::chrono::seconds(300));
  const bench::Plan::Member& sender = plan.members().front();
  const std::string head = plan.caller(sender.system)
                               .send_head(sender.organisation.code, vxp_client::MessageType::edoc,
                                          file.digest, file.size);
  Clock::time_point start = Clock::now();
  const auto sent = connection.send_file(head, path, vxp_client::kFileEnd);
  times.send = seconds_since(start);
  if (!sent || !bench::accepted(sent->body)) {
    bench::die("the large document was not accepted: " + (sent ? sent->body : "no answer"));
  }
  const auto& caller = plan.probe_caller();
  const auto listed = connection.call(caller.received_list(vxp_client::MessageType::edoc));
  const auto list = listed ? vxp_client::parse_answer(listed->body) : std::nullopt;
  if (!list || list->items.size() != 1) {
    bench::die("the large document is not the only one in its recipient's list");
  }
  const std::string id(list->items.front()["docId"]);

  Original original(path, file.size);
  DataMember data(original);
  int status = 0;
  start = Clock::now();
  const bool got =
      connection.stream(caller.get(id), &status, [&](std::string_view piece) { data.take(piece); });
  times.get = seconds_since(start);
  if (!got || !data.complete() || !original.same()) {
    bench::die("getEdoc did not give the same bytes back: " + data.head().substr(0, 300));
  }
  original.restart();
  start = Clock::now();
  const bool downloaded = connection.stream(caller.download(id), &status,
                                            [&](std::string_view piece) { original.compare(piece); });
  times.download = seconds_since(start);
  if (!downloaded || !original.same()) {
    bench::die("downloadEdoc did not give the same bytes back");
  }
  const auto done = connection.call(caller.update_status(id, "done"));
  if (!done || !bench::accepted(done->body)) {
    bench::die("the large document could not be acknowledged");
  }
  return times;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const bench::Arguments arguments(argc, argv);
  const auto port = static_cast<std::uint16_t>(arguments.number("port", 0));
  const auto nginx = static_cast<std::uint16_t>(arguments.number("nginx-port", 0));
  const bench::Plan plan(arguments.text("plan", "plan.txt"), port);
  const std::string path = arguments.text("file", "large.edxml");
  const auto size = static_cast<std::uint64_t>(arguments.number("size", std::int64_t{1} << 30));
  const auto round = static_cast<std::uint64_t>(arguments.number("run", 1));
  vxp_client::Draft draft;
  draft.from = plan.members().front().organisation;
  draft.to = {plan.probe().organisations.front()};
  draft.number = std::to_string(round);
  const vxp_client::WrittenDocument file = vxp_client::write_document(path, draft, size, round);
  if (!file.written) {
    bench::die("cannot write " + path);
  }
  ::sync();  // what was written for the measurement is not written during it
  const double nginx_seconds = nginx == 0 ? 0 : put(nginx, path, file.size);
  ::sync();
  const Times times = exchange(plan, port, path, file);
  ::unlink(path.c_str());
  const double mib = static_cast<double>(file.size) / (1 << 20);
  bench::Figures figures;
  figures.add("size_mib", mib);
  if (nginx != 0) {
    figures.add("nginx_put_mib_per_second", mib / nginx_seconds);
  }
  figures.add("send_mib_per_second", mib / times.send);
  figures.add("get_mib_per_second", mib / times.get);
  figures.add("download_mib_per_second", mib / times.download);
  figures.print();
  return 0;
}
