// One row for each call of the API. From the rows come the routes of the server, the checks of what
// callers send, the description (openapi.h), the page for readers, and the tests that walk them
// all.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "exchange/rest/call.h"
#include "exchange/rest/schema.h"
#include "http/router.h"
#include "identity/principal.h"

namespace exchange::rest {

// Who may call.
class Access {
 public:
  // proof: the call itself carries what shows who it is (a password, a link code), and its handler
  // judges that.
  enum class Kind : unsigned char { open, proof, signed_in, permitted };
  // Those who have it for any organisation; what they may see of it is the handler's business
  // (Call::reach).
  constexpr Access(identity::Permission permission)  // NOLINT
      : kind_(Kind::permitted), permission_(permission) {}
  static constexpr Access open() { return Access(Kind::open); }
  static constexpr Access proof() { return Access(Kind::proof); }
  static constexpr Access signed_in() { return Access(Kind::signed_in); }
  constexpr Kind kind() const { return kind_; }
  constexpr bool open_to_strangers() const { return kind_ == Kind::open || kind_ == Kind::proof; }
  // Of Kind::permitted.
  constexpr identity::Permission permission() const { return permission_; }

 private:
  constexpr explicit Access(Kind kind) : kind_(kind) {}
  Kind kind_;
  identity::Permission permission_ = identity::Permission::documents_read;
};

struct Parameter {
  enum class In : unsigned char { path, query, header };
  In in = In::query;
  std::string_view name;
  Schema schema;
  bool required = false;  // those of the path always are
  // The handler reads and judges it: where a protocol of others has an answer of its own for it.
  bool left_to_handler = false;
};

// A body that is taken as it comes.
class Stream : public http::BodySink {
 public:
  // What tells one body from another, once all of it has come: for Idempotency-Key.
  virtual base::Bytes digest() = 0;
};
using OpenStream = std::function<base::Result<std::unique_ptr<Stream>>(const http::Head&,
                                                                       const identity::Principal&)>;

// What a request carries: nothing, JSON, a stream of one of `types`, or either of the two.
struct Body {
  std::optional<Schema> json = std::nullopt;
  std::uint64_t json_bytes_max = 64 * 1024;
  std::vector<std::string_view> types = {};
  std::uint64_t stream_bytes_max = 0;
  OpenStream open = nullptr;   // told after the caller was let in, before any of the body is read
  base::Text about = {};       // of the stream
  bool optional = false;       // nothing may come instead; then no stream is opened
  bool keeps_partial = false;  // http::Route::keeps_partial_body
};

// A success.
struct Answer {
  int status = 200;
  base::Text about = {};
  std::optional<Schema> schema = std::nullopt;  // of JSON; nothing: no body, or one of `type`
  std::string_view type = {};                   // "application/edxml+xml"
  std::string_view also = {};                   // besides JSON, for who asks with Accept
  std::vector<Parameter> headers = {};          // those that say something
};

// An error that this call may give; those of the face itself need not be named.
struct Refusal {
  std::string_view reason;
  base::Code code = base::Code::invalid;
  base::Text meaning = {};
  int status = 0;  // that a protocol of others prescribes; 0: as everywhere
};

struct Route {
  http::Method method = http::Method::get;
  std::string_view path;  // "/api/v1/documents/{id}"
  Access access;
  std::string_view name;      // "getDocument": of the operation, for generated clients
  std::string_view tag = {};  // "Documents"
  base::Text summary = {};
  base::Text about = {};
  std::vector<Parameter> parameters = {};
  Body body = {};
  std::vector<Answer> answers = {};
  std::vector<Refusal> refusals = {};
  // On a worker thread; may block. The answer's ETag, language and cache headers are the face's.
  std::function<base::Result<http::Response>(Call&)> handler = nullptr;
  // Whether an answer may be kept for a day for Idempotency-Key: not one with a secret in it.
  bool keeps_answer = true;
  std::vector<http::Header> headers = {};  // of every answer, errors too
};

}  // namespace exchange::rest
