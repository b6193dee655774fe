// Sample edXML: new documents of any size and status messages, in the layout of the vendor's
// reference builder, each with its own number.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vxp/digest.h"

namespace vxp_client {

struct Organisation {
  std::string code;
  std::string name;
};

struct Draft {
  Organisation from;
  std::vector<Organisation> to;
  std::string number;              // at most 11 characters, unique per sender
  std::string notation = "VP-DO";  // with the number and the date it makes the DocumentId
  std::string date = "2025/10/16";
  int priority = 0;  // 0 normal … 3 hỏa tốc
};

// issuer,date,number/notation
std::string document_id(const Draft& draft);

// The text up to the first character of the attachment's base64.
std::string document_front(const Draft& draft);

// The attachment's base64 (a pseudo-random PDF) and everything after it, `size` bytes in all,
// rounded to whole groups of base64. The same seed gives the same bytes.
std::string document_back(std::size_t size, std::uint64_t seed);
// The same with this file (a PDF) as the attachment.
std::string document_back_with(std::string_view attachment);

// A whole document of about `size` bytes (never smaller than its header).
std::string document(const Draft& draft, std::size_t size, std::uint64_t seed);

// Writes a document of about `size` bytes without holding it in memory; false when the disk fails.
struct WrittenDocument {
  bool written = false;
  std::uint64_t size = 0;
  Digest digest{};
};
WrittenDocument write_document(const std::string& path, const Draft& draft, std::uint64_t size,
                               std::uint64_t seed);

struct StatusDraft {
  Organisation from;
  std::string to_code;      // ResponseFor/OrganId
  std::string code;         // number/notation of the document meant
  std::string document_id;  // of the document meant
  std::string date = "2025/10/16";
  std::string status_code;  // 01 … 16
  std::string description;
  std::string timestamp = "2025/10/16 07:00:00";
};
std::string status_message(const StatusDraft& draft);

}  // namespace vxp_client
