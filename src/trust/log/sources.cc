#include "http/client.h"
#include "trust/log/tiles.h"

namespace trust::log {

using base::Bytes;
using base::Code;
using base::Error;
using base::Result;

namespace {

// The longest file: a bundle of 256 entries of 65 535 bytes.
constexpr std::uint64_t kFileBytesMax = kTileWidth * (kEntryBytesMax + 2);

Error missing(const std::string& path) {
  return Error(Code::not_found, "trust.log_file_missing", "the log has no file " + path,
               "Nhật ký không có tệp " + path);
}

Error unavailable(const std::string& path, const std::string& vi, const std::string& en) {
  return Error(Code::unavailable, "trust.log_unavailable",
               "the log cannot be read (" + path + "): " + en,
               "Không đọc được nhật ký (" + path + "): " + vi);
}

class DirectorySource : public LogSource {
 public:
  DirectorySource(base::FileSystem& files, std::string directory)
      : files_(files), directory_(std::move(directory)) {}
  Result<Bytes> read(const std::string& path) override {
    auto bytes = base::read_file(files_, directory_ + "/" + path, kFileBytesMax);
    if (bytes) return bytes;
    if (bytes.error().code() == Code::not_found) return missing(path);
    return unavailable(path, bytes.error().text().vi, bytes.error().text().en);
  }

 private:
  base::FileSystem& files_;
  const std::string directory_;
};

class HttpSource : public LogSource {
 public:
  explicit HttpSource(std::unique_ptr<http::Client> client) : client_(std::move(client)) {}
  Result<Bytes> read(const std::string& path) override {
    http::Client::Exchange what;
    what.method = http::Method::get;
    what.path = "/" + path;
    what.answer_bytes_max = kFileBytesMax;
    auto answer = client_->exchange(what);
    if (!answer) return unavailable(path, answer.error().text().vi, answer.error().text().en);
    if (answer->status == 404 || answer->status == 410) return missing(path);
    if (answer->status != 200) {
      const std::string status = "HTTP " + std::to_string(answer->status);
      return unavailable(path, status, status);
    }
    return std::move(answer->body);
  }

 private:
  const std::unique_ptr<http::Client> client_;
};

}  // namespace

std::unique_ptr<LogSource> directory_source(base::FileSystem& files, std::string directory) {
  return std::make_unique<DirectorySource>(files, std::move(directory));
}

Result<std::unique_ptr<LogSource>> http_source(const std::string& url,
                                               const std::string& trust_file, int timeout_ms) {
  http::Client::Options options;
  options.url = TRY(http::Url::parse(url));
  options.trust_file = trust_file;
  options.connect_timeout_ms = timeout_ms;
  options.idle_timeout_ms = timeout_ms;
  return std::unique_ptr<LogSource>(
      std::make_unique<HttpSource>(http::Client::create(std::move(options))));
}

}  // namespace trust::log
