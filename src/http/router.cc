#include "http/router.h"

#include "base/check.h"

namespace http {
namespace {

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::del:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::patch:
      return "PATCH";
    case Method::other:
      break;
  }
  return "OTHER";
}

constexpr std::string_view kAnyPrefix = "**/";
constexpr std::string_view kAnythingBelow = "/**";

}  // namespace

std::string_view method_name(Method method) { return name_of(method); }

void Router::add(std::vector<Route> routes) {
  for (Route& route : routes) {
    CHECK(route.handler != nullptr);
    const bool any_prefix = route.path.starts_with(kAnyPrefix);
    CHECK(any_prefix || route.path.starts_with('/'));
    const bool below = route.path.ends_with(kAnythingBelow);
    auto& index = any_prefix ? by_name_ : below ? by_prefix_ : by_path_;
    auto key = any_prefix ? route.path.substr(kAnyPrefix.size()) : route.path;
    if (below) key.remove_suffix(kAnythingBelow.size());
    index[key].push_back(routes_.size());
    routes_.push_back(std::move(route));
  }
}

const std::vector<std::size_t>* Router::at(std::string_view path) const {
  if (const auto exact = by_path_.find(path); exact != by_path_.end()) return &exact->second;
  const std::size_t slash = path.rfind('/');
  const auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (const auto named = by_name_.find(name); named != by_name_.end()) return &named->second;
  std::string_view prefix = path;
  for (std::size_t end = prefix.rfind('/'); !by_prefix_.empty() && end != std::string_view::npos;
       end = prefix.rfind('/')) {
    prefix = prefix.substr(0, end);
    if (const auto below = by_prefix_.find(prefix); below != by_prefix_.end())
      return &below->second;
  }
  return nullptr;
}

Router::Match Router::find(Method method, std::string_view path) const {
  Match match;
  const auto* here = at(path);
  if (here == nullptr) return match;
  match.path_known = true;
  for (const std::size_t i : *here) {
    if (routes_[i].method == method) match.route = &routes_[i];
    if (match.route != nullptr) return match;
  }
  if (method == Method::head) return find(Method::get, path);
  return match;
}

std::string Router::allowed(std::string_view path) const {
  std::string text;
  const auto* here = at(path);
  if (here == nullptr) return text;
  for (const std::size_t i : *here) {
    if (!text.empty()) text += ", ";
    text += name_of(routes_[i].method);
    if (routes_[i].method == Method::get) text += ", HEAD";
  }
  return text;
}

}  // namespace http
