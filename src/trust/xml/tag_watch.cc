#include "trust/xml/tag_watch.h"

#include <algorithm>
#include <string>

namespace trust::xml {
namespace {

constexpr std::string_view kComment = "--", kCdata = "[CDATA[";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

void TagWatch::step(char c) {
  switch (state_) {
    case State::text:
      if (c == '<') state_ = State::opened;
      break;
    case State::opened:
      values_ = 0;
      matched_ = 0;
      state_ = c == '!' ? State::declaration : c == '?' ? State::skipped : State::tag;
      end_ = "?>";
      may_be_comment_ = may_be_cdata_ = true;
      if (c == '>') state_ = State::text;
      break;
    case State::tag:
      if (c == '"' || c == '\'') {
        quote_ = c;
        state_ = State::quoted;
        ++values_;
      } else if (c == '>') {
        state_ = State::text;
      }
      break;
    case State::quoted:
      if (c == quote_) state_ = State::tag;
      break;
    case State::declaration:
      may_be_comment_ = may_be_comment_ && c == kComment[std::min<std::size_t>(matched_, 1)];
      may_be_cdata_ = may_be_cdata_ && c == kCdata[std::min<std::size_t>(matched_, 6)];
      ++matched_;
      if ((may_be_comment_ && matched_ == kComment.size()) ||
          (may_be_cdata_ && matched_ == kCdata.size())) {
        end_ = may_be_comment_ ? "-->" : "]]>";
        matched_ = 0;
        state_ = State::skipped;
      } else if (!may_be_comment_ && !may_be_cdata_) {
        state_ = c == '>' ? State::text : State::tag;
      }
      break;
    case State::skipped:
      // The first two characters of "-->" and "]]>" are the same: "--->" ends a comment, too.
      if (c == end_[matched_]) {
        if (++matched_ == end_.size()) state_ = State::text;
      } else if (!(matched_ == 2 && c == end_[0])) {
        matched_ = c == end_[0] ? 1 : 0;
      }
      break;
  }
}

bool TagWatch::feed(base::BytesView bytes) {
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (state_ == State::text) {
      at = bytes.find('<', at);
      if (at == base::BytesView::npos) break;
    }
    step(bytes[at]);
    if (values_ > kAttributesMax) return false;
  }
  return true;
}

bool declares_utf8(base::BytesView first) {
  if (first.starts_with("\xEF\xBB\xBF")) first.remove_prefix(3);
  if (!first.starts_with("<?xml") || first.size() < 6 || !is_space(first[5])) return true;
  const base::BytesView declaration = first.substr(0, first.find("?>"));
  std::size_t at = declaration.find("encoding");
  if (at == base::BytesView::npos) return true;
  at += 8;
  while (at < declaration.size() && (is_space(declaration[at]) || declaration[at] == '=')) ++at;
  if (at >= declaration.size() || (declaration[at] != '"' && declaration[at] != '\'')) return false;
  const std::size_t end = declaration.find(declaration[at], at + 1);
  std::string name(declaration.substr(at + 1, end == base::BytesView::npos ? 0 : end - at - 1));
  for (char& c : name) c = static_cast<char>(c | 0x20);
  return name == "utf-8" || name == "us-ascii";
}

}  // namespace trust::xml
