// Routes are constant tables, one line a route. The permission is mandatory; an open route says so.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/message.h"

namespace http {

// Who may call. `open` is public; `caller_signature`: the protocol verifies a signature over the
// request itself before anything is done (VXP); `loopback`: only from this machine.
enum class Permission : unsigned char { open, caller_signature, loopback };

// Runs on a worker thread and may block.
using Handler = std::function<Response(Request&)>;

struct Route {
  Method method;
  // Exact path; "**/name": `name` as the last segment below any prefix; or "/prefix/**": everything
  // below a prefix.
  std::string_view path;
  Permission permission;
  std::uint64_t body_bytes_max;
  Handler handler;
  std::string_view summary;
  // When set, bodies are not gathered in memory but written to what this opens (on a worker thread,
  // after the head was read). An error here becomes the handler's answer through `refuse`.
  std::function<base::Result<std::unique_ptr<BodySink>>(const Head&)> open_body = nullptr;
  // How this route's protocol says an error: too large a body, no worker free, a sink that failed.
  // Without one: problem+json. Called on a worker or on a network thread: must be quick, and its
  // answer has no source.
  std::function<Response(const Head&, const base::Error&)> refuse = nullptr;
  // Called on the network thread with the head and the first bytes of the body (at most 16 KiB; all
  // of a small body): which lane the work waits in. Must be quick. Without one: normal.
  std::function<base::Lane(const Head&, base::BytesView)> lane = nullptr;
};

// Filled before the server starts, then only read, on any thread.
class Router {
 public:
  void add(std::vector<Route> routes);
  struct Match {
    const Route* route = nullptr;
    bool path_known = false;  // the path exists with another method: 405 instead of 404
  };
  // An exact path wins over "**/name", and that over "/prefix/**", of which the longest wins. HEAD
  // finds GET's route where there is none of its own.
  Match find(Method method, std::string_view path) const;
  // The methods of a path, for the header Allow: "POST" or "GET, HEAD".
  std::string allowed(std::string_view path) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  using Index = std::unordered_map<std::string_view, std::vector<std::size_t>>;
  const std::vector<std::size_t>* at(std::string_view path) const;
  std::vector<Route> routes_;
  Index by_path_, by_name_, by_prefix_;
};

std::string_view method_name(Method method);

// RFC 9457. The one place that maps an Error to an HTTP status.
int status_of(const base::Error& error);
std::string_view status_phrase(int status);
Response problem(const base::Error& error, std::string_view instance);

}  // namespace http
