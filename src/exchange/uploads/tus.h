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

// Any thread. Its routes refer to it.
class Tus {
 public:
  // Who calls; the error is the answer. Asked for every request but OPTIONS, before its body.
  using Who = std::function<base::Result<Owner>(const http::Head&)>;
  // `prefix` is the path of the collection, "/api/v1/uploads": uploads are at prefix/ID.
  Tus(Uploads& uploads, Who who, std::string prefix);
  std::vector<http::Route> routes();

 private:
  class Sink;
  using Opened = base::Result<std::unique_ptr<http::BodySink>>;
  Opened open_creation(const http::Head& head);
  Opened open_patch(const http::Head& head);
  base::Result<http::Response> create(http::Request& request);
  base::Result<http::Response> patch(http::Request& request);
  base::Result<http::Response> look(http::Request& request);
  base::Result<http::Response> terminate(http::Request& request);
  base::Result<Upload> begin(const http::Head& head, const Owner& owner);
  base::Result<Upload> join(const http::Head& head, const Owner& owner);
  http::Response abilities() const;
  http::Response created(const Upload& upload) const;
  std::string id_of(std::string_view path) const;
  http::Route route(http::Method method, const std::string& path, std::string_view summary,
                    base::Result<http::Response> (Tus::*handler)(http::Request&));

  Uploads& uploads_;
  const Who who_;
  const std::string prefix_, below_;  // "/uploads", "/uploads/**"
};

}  // namespace exchange::uploads
