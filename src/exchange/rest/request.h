// What a request brings, read and checked against its row.
#pragma once
#include <string>
#include <string_view>

#include "exchange/rest/route.h"

namespace exchange::rest {

// "application/json" of "Application/JSON; charset=utf-8".
std::string media_type(std::string_view content_type);

// Puts the parameters into `call`. rest.parameter_unknown, rest.parameter_repeated,
// rest.parameter_missing, those of schema.h and of http::Query.
base::Result<void> read_parameters(const Route& row, Call& call);

// `text` as JSON by `schema`, into `call`. rest.body_missing, base.json_malformed, those of
// schema.h.
base::Result<void> read_json(const Schema& schema, std::string_view text, Call& call);

// rest.type_unsupported unless the body is of a type that the row takes.
base::Result<void> check_type(const Route& row, const http::Head& head);

// Collects JSON where a route may also take a stream.
class JsonStream : public Stream {
 public:
  explicit JsonStream(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}
  base::Result<void> write(base::BytesView chunk) override;
  base::Bytes digest() override;
  const std::string& text() const { return text_; }

 private:
  const std::uint64_t bytes_max_;
  std::string text_;
};

// Parameters that every list takes.
Parameter limit_parameter();
Parameter cursor_parameter();
// {"items": […], "next": "…"}
Schema page_of(std::string_view name, Schema item);

// The HTTP status of a refusal.
int status_of(const Refusal& refusal);
// Everything that a call may be refused for: what its row names and what the face itself says.
std::vector<Refusal> refusals_of(const Route& row);

}  // namespace exchange::rest
