// A client of any server that speaks the national SDK's protocol; what `truc send`, `inbox`,
// `fetch`, … use. One thread at a time.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "exchange/vxp/signature.h"
#include "http/client.h"

namespace exchange::vxp {

class Client {
 public:
  struct Options {
    std::string url;  // base URL, with any path
    std::string system;
    base::Bytes secret;
    std::string trust_file;
    std::function<void(bool sending, std::uint64_t done, std::uint64_t total)> progress = nullptr;
  };
  static base::Result<std::unique_ptr<Client>> create(Options options, const base::Clock& clock);

  // The answer of a call without a body. An answer FAIL comes back as an error that carries the
  // server's text: vxp.refused.
  base::Result<base::Json> call(std::string_view name, const Parameters& parameters,
                                std::string_view body = "");

  // Sends the `size` bytes that `read` gives (from offset 0); `digest` is their SHA-256. Gives the
  // whole answer.
  using ReadAt =
      std::function<base::Result<std::size_t>(std::uint64_t offset, char* to, std::size_t size)>;
  base::Result<base::Json> send(const ReadAt& read, std::uint64_t size, base::BytesView digest,
                                std::string_view from, bool status);

  // The document's own bytes, piece by piece, in constant memory (getEdoc: any server has it).
  base::Result<void> fetch(std::string_view id,
                           const std::function<base::Result<void>(base::BytesView)>& out);

 private:
  Client(Options options, std::unique_ptr<http::Client> http, const base::Clock& clock)
      : options_(std::move(options)), http_(std::move(http)), clock_(clock) {}
  Parameters with_common(const Parameters& parameters, std::string_view content_type) const;
  http::Headers headers_for(const Parameters& parameters, std::string_view content_type) const;

  Options options_;
  std::unique_ptr<http::Client> http_;
  const base::Clock& clock_;
};

}  // namespace exchange::vxp
