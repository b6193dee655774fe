// The tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload) over Uploads: core, creation,
// creation-with-upload, creation-defer-length, expiration, termination, checksum (sha1, sha256) and
// concatenation. Which status says what: docs/protocols/tus.md.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exchange/uploads/uploads.h"
#include "http/router.h"

namespace exchange::uploads {

// The pairs of Upload-Metadata, values decoded. exchange.upload_bad_metadata.
base::Result<std::vector<std::pair<std::string, std::string>>> parse_metadata(
    std::string_view header);

// The status that the protocol prescribes for a reason; 0: as everywhere.
int prescribed_status(std::string_view reason);

// Any thread.
class Tus {
 public:
  static constexpr std::string_view kVersion = "1.0.0";
  static constexpr std::string_view kBodyType = "application/offset+octet-stream";
  // Whose the upload `id` is, or, with an empty `id`, the one that this request begins; the error
  // is the answer. Asked for every request but OPTIONS, before its body.
  using Whose = std::function<base::Result<Owner>(const http::Head&, std::string_view id)>;
  // A body on its way in.
  using Opened = base::Result<std::unique_ptr<http::BodySink>>;

  // `prefix` is the path of the collection, "/api/v1/uploads": uploads are at prefix/ID.
  Tus(Uploads& uploads, Whose whose, std::string prefix);

  // --- for a face that lets callers in itself; whole answers but for Tus-Resumable
  // ---------------- Null without a body. The sink may outlive this, and belongs to create() or
  // patch().
  Opened open_creation(const http::Head& head);
  Opened open_patch(const http::Head& head);
  // POST, also in place of another method (X-HTTP-Method-Override); `sink` as opened, or null.
  base::Result<http::Response> create(const http::Head& head, http::BodySink* sink);
  base::Result<http::Response> patch(const http::Head& head, http::BodySink* sink);
  base::Result<http::Response> look(const http::Head& head);       // HEAD
  base::Result<http::Response> terminate(const http::Head& head);  // DELETE
  http::Response abilities() const;                                // OPTIONS

  // --- for programs that serve nothing but uploads; the routes refer to this ---------------------
  std::vector<http::Route> routes();

 private:
  class Sink;
  using Handler = std::function<base::Result<http::Response>(http::Request&)>;
  base::Result<Upload> begin(const http::Head& head, const Owner& owner);
  base::Result<Upload> join(const http::Head& head, const Owner& owner);
  http::Response created(const Upload& upload) const;
  std::string id_of(std::string_view path) const;
  http::Route route(http::Method method, const std::string& path, std::string_view summary,
                    Handler handler);

  Uploads& uploads_;
  const Whose whose_;
  const std::string prefix_, below_;  // "/uploads", "/uploads/**"
};

}  // namespace exchange::uploads
