#include "http/router.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "http/head.h"

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

// "{id}" gives "id"; nothing for a fixed segment.
std::string_view name_in(std::string_view segment) {
  if (segment.find_first_of("{}") == std::string_view::npos) return {};
  CHECK(segment.size() > 2 && segment.front() == '{' && segment.back() == '}');
  const auto name = segment.substr(1, segment.size() - 2);
  CHECK(name.find_first_of("{}") == std::string_view::npos);
  return name;
}

}  // namespace

std::string_view method_name(Method method) { return name_of(method); }

void Router::add(std::vector<Route> routes) {
  for (Route& route : routes) {
    CHECK(route.handler != nullptr);
    const bool any_prefix = route.path.starts_with(kAnyPrefix);
    CHECK(any_prefix || route.path.starts_with('/'));
    const bool below = route.path.ends_with(kAnythingBelow);
    const std::size_t place = routes_.size();
    if (route.path.find_first_of("{}") != std::string_view::npos) {
      CHECK(!any_prefix && !below);
      add_template(route.path, place);
    } else {
      auto& index = any_prefix ? by_name_ : below ? by_prefix_ : by_path_;
      auto key = any_prefix ? route.path.substr(kAnyPrefix.size()) : route.path;
      if (below) key.remove_suffix(kAnythingBelow.size());
      index[key].push_back(place);
    }
    routes_.push_back(std::move(route));
  }
}

void Router::add_template(std::string_view path, std::size_t place) {
  Node* node = &templates_;
  for (const std::string_view segment : base::split(path.substr(1), '/')) {
    CHECK(!segment.empty());
    auto& next = name_in(segment).empty() ? node->fixed[segment] : node->any;
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  node->here.push_back(place);
}

const Router::Here* Router::below(const Node& node, const std::vector<std::string>& segments,
                                  std::size_t next, std::vector<std::string>& values) {
  if (next == segments.size()) return node.here.empty() ? nullptr : &node.here;
  if (const auto fixed = node.fixed.find(segments[next]); fixed != node.fixed.end()) {
    if (const Here* found = below(*fixed->second, segments, next + 1, values)) return found;
  }
  if (node.any == nullptr || segments[next].empty()) return nullptr;
  values.push_back(segments[next]);
  const Here* found = below(*node.any, segments, next + 1, values);
  if (found == nullptr) values.pop_back();
  return found;
}

const Router::Here* Router::at(const Head& head, std::vector<std::string>& values) const {
  const std::string_view path = head.path;
  const auto exact = by_path_.find(path);
  if (exact != by_path_.end() && !has_escaped_slash(head.target)) return &exact->second;
  if (!templates_.fixed.empty() || templates_.any != nullptr) {
    const Here* found = below(templates_, path_segments(head.target), 0, values);
    if (found != nullptr) return found;
  }
  const std::size_t slash = path.rfind('/');
  const auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (const auto named = by_name_.find(name); named != by_name_.end()) return &named->second;
  std::string_view prefix = path;
  for (std::size_t end = prefix.rfind('/'); !by_prefix_.empty() && end != std::string_view::npos;
       end = prefix.rfind('/')) {
    prefix = prefix.substr(0, end);
    if (const auto known = by_prefix_.find(prefix); known != by_prefix_.end()) {
      return &known->second;
    }
  }
  return nullptr;
}

const Route* Router::among(const Here& here, Method method) const {
  for (const std::size_t i : here) {
    if (routes_[i].method == method) return &routes_[i];
  }
  return method == Method::head ? among(here, Method::get) : nullptr;
}

Router::Match Router::find(const Head& head) const {
  Match match;
  std::vector<std::string> values;
  const Here* here = at(head, values);
  if (here == nullptr) return match;
  match.path_known = true;
  match.route = among(*here, head.method);
  if (match.route == nullptr) return match;
  // The names are this route's: another method of the same path may call them otherwise.
  std::size_t next = 0;
  for (const std::string_view segment : base::split(match.route->path, '/')) {
    if (values.empty()) break;
    if (const auto name = name_in(segment); !name.empty()) {
      match.parameters.emplace_back(name, std::move(values[next++]));
    }
  }
  return match;
}

std::string Router::allowed(const Head& head) const {
  std::string text;
  std::vector<std::string> values;
  const Here* here = at(head, values);
  if (here == nullptr) return text;
  const bool has_head = std::any_of(here->begin(), here->end(), [this](std::size_t i) {
    return routes_[i].method == Method::head;
  });
  for (const std::size_t i : *here) {
    if (!text.empty()) text += ", ";
    text += name_of(routes_[i].method);
    if (routes_[i].method == Method::get && !has_head) text += ", HEAD";
  }
  return text;
}

}  // namespace http
