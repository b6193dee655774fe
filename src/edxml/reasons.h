// Every reason that reading refuses a file for, with its sentence in both languages: one table, so
// that code and docs/formats/edxml.md cannot drift apart.
#pragma once
#include <span>
#include <string_view>

namespace edxml {

enum class Reason : unsigned char {
  not_well_formed,
  doctype,
  entity,
  too_deep,
  too_large,
  not_utf8,
  no_envelope,
  empty,
};

struct ReasonText {
  std::string_view reason;  // "edxml.doctype"
  std::string_view vi, en;
};

const ReasonText& text_of(Reason reason);
std::span<const ReasonText> read_reasons();

}  // namespace edxml
