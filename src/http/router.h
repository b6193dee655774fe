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
// request itself before anything is done (VXP); `caller`: a person or a system signs in, and the
// face that owns the route asks identity before its handler does anything; `loopback`: only from
// this machine, which the server itself sees to.
enum class Permission : unsigned char { open, caller_signature, caller, loopback };

// Runs on a worker thread and may block.
using Handler = std::function<Response(Request&)>;

struct Route {
  Method method;
  // One of: an exact path; a template such as "/documents/{id}", where {name} stands for exactly
  // one segment that is not empty (Head::parameter); "**/name": `name` as the last segment below
  // any prefix; "/prefix/**": everything below a prefix. Outlives the router, and so do the names
  // in it.
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
  // With `open_body`: when the connection breaks, or the client falls silent for
  // body_timeout_ms, what had come of the body is written to the sink before it is destroyed, and
  // the sink opened for that; the handler does not run. Not after a refusal, nor once stop() closes
  // connections.
  bool keeps_partial_body = false;
};

// Filled before the server starts, then only read, on any thread.
class Router {
 public:
  void add(std::vector<Route> routes);
  struct Match {
    const Route* route = nullptr;
    bool path_known = false;  // the path exists with another method: 405 instead of 404
    std::vector<std::pair<std::string_view, std::string>> parameters;  // for Head::parameters
  };
  // By `method`, `path` and `target`, as parse_request_head fills them. An exact path wins over a
  // template, that over "**/name", and that over
  // "/prefix/**", of which the longest wins. Of templates, the one whose leftmost difference is a
  // fixed segment wins. The path decides before the method does. HEAD finds GET's route where there
  // is none of its own. A path in which a '/' is escaped matches no exact path: there it would be
  // another one. Takes time by the length of the path, not by the number of routes.
  Match find(const Head& head) const;
  // The methods of a path, for the header Allow: "POST" or "GET, HEAD".
  std::string allowed(const Head& head) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  using Here = std::vector<std::size_t>;  // places in routes_ that differ by method only
  using Index = std::unordered_map<std::string_view, Here>;
  // Where templates stand after some segments.
  struct Node {
    std::unordered_map<std::string_view, std::unique_ptr<Node>> fixed;
    std::unique_ptr<Node> any;
    Here here;
  };
  const Here* at(const Head& head, std::vector<std::string>& values) const;
  const Route* among(const Here& here, Method method) const;
  static const Here* below(const Node& node, const std::vector<std::string>& segments,
                           std::size_t next, std::vector<std::string>& values);
  void add_template(std::string_view path, std::size_t place);
  std::vector<Route> routes_;
  Index by_path_, by_name_, by_prefix_;
  Node templates_;
};

std::string_view method_name(Method method);

// RFC 9457. The one place that maps an Error to an HTTP status.
int status_of(const base::Error& error);
std::string_view status_phrase(int status);
Response problem(const base::Error& error, std::string_view instance);

}  // namespace http
