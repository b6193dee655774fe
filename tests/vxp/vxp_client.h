// A client of the national protocol for benchmarks and crash tests: signed requests byte for byte
// as the national SDK makes them, the small JSON answers, and a blocking connection.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vxp/digest.h"

namespace vxp_client {

// Name and value without the prefix XroadVnpt-, in the order in which they are signed.
using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Credentials {
  std::string system_id;
  std::string secret;
  // Made once per service object and reused, as the SDK does.
  std::string timestamp = "22112026T022438+0353";
};

struct Signature {
  std::string key_list;  // sign-header-key
  std::string header;    // sign-header
  std::string hash;      // hash-header
};
Signature sign(const Parameters& parameters, std::string_view secret);

// The head of a sendEdoc as HttpURLConnection writes it. `content_length` counts the CRLF that
// follows the file (kFileEnd).
inline constexpr std::string_view kFileEnd = "\r\n";
std::string send_head(const Parameters& parameters, std::string_view secret, std::string_view host,
                      std::uint64_t content_length, std::string_view path = "/sendEdoc");

// What follows the head in the calls that HttpClient makes.
enum class CallBody { none, braces, json };
std::string call_head(std::string_view http_method, std::string_view path,
                      const Parameters& parameters, std::string_view secret, std::string_view host,
                      CallBody body, std::uint64_t content_length);

enum class MessageType { edoc, status };
std::string_view word(MessageType type);

// Whole requests, ready for the wire; of a sendEdoc the head only, so that the file may be
// streamed.
class Caller {
 public:
  Caller(Credentials credentials, std::string host);

  std::string send_head(std::string_view from, MessageType type, const Digest& file_digest,
                        std::uint64_t file_size) const;
  std::string send(std::string_view from, MessageType type, std::string_view file) const;
  std::string received_list(MessageType type) const;
  std::string sent_list(MessageType type) const;
  std::string get(std::string_view doc_id) const;
  std::string download(std::string_view doc_id) const;
  std::string update_status(std::string_view doc_id, std::string_view status) const;
  std::string agencies() const;
  const std::string& system_id() const { return credentials_.system_id; }

 private:
  std::string list(std::string_view path, MessageType type) const;

  Credentials credentials_;
  std::string host_;
};

// One object of a list.
class Item {
 public:
  void add(std::string name, std::string value);
  std::string_view operator[](std::string_view name) const;  // "" when absent

 private:
  std::vector<std::pair<std::string, std::string>> members_;
};

struct Answer {
  std::string status;
  std::string error_code;
  std::string error_desc;
  std::string doc_id;
  std::string data;         // of getEdoc: base64 still
  std::vector<Item> items;  // of lists
  bool ok() const { return error_code == "0"; }
};
// Nothing when the text is not the JSON object that the protocol promises.
std::optional<Answer> parse_answer(std::string_view json);

// What the head of an HTTP answer says.
struct HttpHead {
  int status = 0;
  bool chunked = false;
  bool close = false;
  bool encoded = false;  // a Content-Encoding that this client does not read
  std::uint64_t content_length = 0;
};
// `head` is the text up to and including the empty line.
std::optional<HttpHead> parse_http_head(std::string_view head);

// Undoes chunked transfer in pieces of any size.
class ChunkedBody {
 public:
  // Takes from `bytes`, gives the content to `sink`; returns how many bytes it took.
  std::size_t take(std::string_view bytes, const std::function<void(std::string_view)>& sink);
  bool done() const { return state_ == State::done; }
  bool broken() const { return broken_; }

 private:
  enum class State { size, content, content_end, trailer, done };
  void size_line();

  State state_ = State::size;
  std::string line_;
  std::uint64_t left_ = 0;
  bool broken_ = false;
};

// One keep-alive connection; connects when first used and again after a failure. Not for several
// threads at once.
class Connection {
 public:
  Connection(std::string address, std::uint16_t port, std::chrono::milliseconds timeout);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The HTTP answer's status and body, nothing when the transport failed.
  struct Reply {
    int status = 0;
    std::string body;
  };
  std::optional<Reply> call(std::string_view request);
  // As call(), the bytes of a file and the closing CRLF following `head`.
  std::optional<Reply> send_file(std::string_view head, const std::string& path,
                                 std::string_view end);
  // As call(), the body going to `sink` in pieces; `status` is set before the first piece.
  bool stream(std::string_view request, int* status,
              const std::function<void(std::string_view)>& sink);
  void close();

 private:
  bool open();
  bool write_all(std::string_view bytes);
  bool read_some(std::string* buffer);
  bool read_reply(int* status, const std::function<void(std::string_view)>& sink);
  bool read_body(const HttpHead& head, std::string* buffer,
                 const std::function<void(std::string_view)>& sink);

  std::string address_;
  std::uint16_t port_;
  std::chrono::milliseconds timeout_;
  int fd_ = -1;
};

}  // namespace vxp_client
