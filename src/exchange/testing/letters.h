// edXML files that tests of the exchange send, made by the same writer that everybody uses.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "edxml/document.h"

namespace exchange::testing {

// A document; what is not set is plausible.
struct Letter {
  std::string from = "H99.01";
  std::vector<std::string> to = {"G99"};
  std::string number = "15";
  std::string notation = "SGD-VP";
  std::string document_id;  // empty: from, date, number/notation
  std::string subject = "V/v thử trục liên thông";
  std::string priority = "0";
  std::optional<edxml::Business> business;
  std::vector<std::string> about;  // DocumentIds in ResponseFor
  std::string content = "Nội dung văn bản";
  std::string attachment;         // these bytes instead
  std::size_t content_bytes = 0;  // grows the attachment to that size
};
std::string document_id(const Letter& letter);
std::string file_of(const Letter& letter);

// A status message.
struct Report {
  std::string from = "G99";
  std::string to = "H99.01";  // ResponseFor/OrganId
  std::string code = "03";
  std::string about;       // DocumentId
  std::string about_code;  // "number/notation"
  std::string about_date = "2026/11/18";
  std::string time = "2026/11/18 08:00:00";
  std::string text = "Văn thư đã xử lý";
};
std::string file_of(const Report& report);
// What `report.from` says of a letter.
Report report_on(const Letter& letter, const std::string& from, const std::string& code);
// The sender asks `recipient` for the letter back.
Report recall_of(const Letter& letter, const std::string& recipient);

// `text` with the first `from` replaced; the test fails to build its file when it is not there.
std::string replaced(std::string text, const std::string& from, const std::string& to);

}  // namespace exchange::testing
