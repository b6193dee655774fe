// Puts the elements of an edXML file, as they come, into a Document. Knows every element and where
// it may stand; knows nothing of XML syntax.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edxml/content.h"
#include "edxml/document.h"
#include "edxml/reader.h"

namespace edxml {

// What an element is, and so which elements may stand in it.
enum class Place : unsigned char {
  file,  // before the root element
  root,
  envelope,
  header,
  message,
  organisation,
  code,
  promulgation,
  type,
  signer,
  other,
  appendixes,
  response,
  tasks,
  to_places,
  trace_list,
  trace,
  business,
  document_info,
  receivers,
  receiver,
  replacements,
  replacement,
  replaced_for,
  staff,
  body,
  manifest,
  reference,
  attachments,
  attachment,
  base64,
  value,    // text that belongs to a field
  ignored,  // an element we do not know, with everything in it
};

class Builder {
 public:
  struct Open {
    Place place = Place::ignored;
    std::string* value = nullptr;  // where the text of a Place::value goes
  };

  explicit Builder(const ReadLimits& limits) : limits_(limits) {}

  // An element begins; `name` is without prefix. False when there are more of its kind than
  // allowed.
  bool start(std::string_view name);
  // Text of the innermost element, in pieces; false when the value grows too long.
  bool text(std::string_view piece);
  // The innermost element ends.
  void end();
  Place place() const { return open_.empty() ? Place::file : open_.back().place; }
  std::size_t depth() const { return open_.size(); }
  // The content of the attachment that is open, or was last.
  ContentScan& content() { return contents_.back(); }
  Attachment& attachment() { return document_.attachments.back(); }
  bool has_envelope() const { return has_envelope_; }
  bool has_header() const { return has_header_; }
  // Once the root element has ended.
  Document finish();

 private:
  struct Element;  // a row of the table of elements
  friend struct Openers;
  static const Element* find(Place parent, std::string_view name);
  template <class T>
  T* add(std::vector<T>& list);
  void pair_references();

  ReadLimits limits_;
  Document document_;
  std::vector<Open> open_;
  std::vector<ContentScan> contents_;  // one per attachment
  std::vector<bool> scanned_;          // whether its base64 element was seen
  std::string text_;
  // The list entries that are open.
  Organisation* organisation_ = nullptr;
  ResponseFor* response_ = nullptr;
  Staff* staff_ = nullptr;
  TraceHeader* trace_ = nullptr;
  Receiver* receiver_ = nullptr;
  Replacement* replacement_ = nullptr;
  Reference* reference_ = nullptr;
  bool full_ = false;  // a list has more entries than allowed
  bool has_envelope_ = false, has_header_ = false;
  bool message_filled_ = false;  // a MessageHeader or Status with content was read
  bool from_seen_ = false;
  bool status_code_seen_ = false, status_other_seen_ = false;
};

}  // namespace edxml
