// The web application as browsers get it: the files of one directory, kept in memory with their
// compressed twins. Nothing but those files can be named from outside.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/router.h"

namespace web {

inline constexpr std::size_t kFilesMax = 2000;
inline constexpr std::uint64_t kBytesMax = 64 << 20;  // of all files together

class App {
 public:
  // Reads every file below `directory`; `x.gz` and `x.br` are taken as the compressed `x`. Reads no
  // more from there afterwards: a new version counts from the next start. web.no_application
  // (not_found: no index.html there), web.too_large (invalid), and the errors of reading.
  static base::Result<std::unique_ptr<App>> load(const std::string& directory);

  // GET (and HEAD) of every address that no other route has. Borrow this application; any thread.
  std::vector<http::Route> routes() const;

 private:
  struct File {
    std::string_view type;
    std::string etag;  // quoted, of the bytes as they are in the directory
    std::shared_ptr<const std::string> plain;
    std::shared_ptr<const std::string> gzip, brotli;  // null: there is none
    bool immutable = false;                           // its name changes with its bytes
  };
  App() = default;
  base::Result<void> take(std::string name, base::Bytes bytes);
  http::Response answer(const http::Request& request) const;

  std::map<std::string, File, std::less<>> files_;  // by path: "/index.html"
};

}  // namespace web
