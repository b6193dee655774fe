// Every rule that validate() applies, with its sentences: one table for code and documentation.
#pragma once
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "edxml/validate.h"

namespace edxml {

// "{1}", "{2}" stand for what was found in the document.
struct Rule {
  std::string_view rule;
  Finding::Severity severity;
  std::string_view vi, en;                // what is wrong
  std::string_view remedy_vi, remedy_en;  // what to do
};

std::span<const Rule> rules();
// A finding of the rule of that name (CHECK) at `element`; `values` fill the places in its
// sentences.
Finding finding(std::string_view rule, std::string element,
                std::initializer_list<std::string_view> values = {});

}  // namespace edxml
