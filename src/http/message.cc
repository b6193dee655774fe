#include "http/message.h"

#include "base/text.h"

namespace http {

void Headers::set(std::string_view name, std::string value) {
  std::erase_if(items_, [&](const Header& h) { return base::equal_ignoring_case(h.name, name); });
  items_.push_back({std::string(name), std::move(value)});
}

std::string_view Headers::operator[](std::string_view name) const {
  for (const Header& h : items_) {
    if (h.name.size() == name.size() && base::equal_ignoring_case(h.name, name)) return h.value;
  }
  return {};
}

bool Headers::has(std::string_view name) const {
  for (const Header& h : items_) {
    if (h.name.size() == name.size() && base::equal_ignoring_case(h.name, name)) return true;
  }
  return false;
}

std::string_view Head::parameter(std::string_view name) const {
  for (const auto& [known, value] : parameters) {
    if (known == name) return value;
  }
  return {};
}

Response Response::text(int status, std::string_view type, std::string body) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", std::string(type));
  response.body = std::move(body);
  return response;
}

Response Response::later(std::shared_ptr<Waiter> waiter, int wait_ms) {
  Response response;
  response.waiter = std::move(waiter);
  response.wait_ms = wait_ms;
  return response;
}

Response Response::events(std::shared_ptr<PushSource> source) {
  Response response;
  response.headers.add("Content-Type", "text/event-stream");
  response.headers.add("Cache-Control", "no-store");
  response.headers.add("X-Accel-Buffering", "no");  // nginx would hold small pieces back
  response.push = std::move(source);
  return response;
}

}  // namespace http
