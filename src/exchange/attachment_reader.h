// One attachment of a kept document as a file of its own, for recipients that want the file and not
// the envelope.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "edxml/reader.h"
#include "exchange/exchange.h"
#include "http/message.h"

namespace exchange {

struct AttachmentFile {
  std::string name;          // safe to save under; never empty
  std::string content_type;  // by the kind of file; application/octet-stream where it is not known
  // Constant memory; can start anywhere; checked while it is read from its start to its end.
  std::unique_ptr<http::BodySource> source;
};

// The last part of a path, without what a file system or a header could take amiss; `number` where
// nothing is left of it. At most 180 bytes.
std::string safe_file_name(std::string_view name, std::size_t number);
// "attachment; filename=…; filename*=UTF-8''…" (RFC 6266), with a plain form for old clients.
std::string content_disposition(std::string_view safe_name);
// What the extension says, of kinds that no browser runs.
std::string_view content_type_of(std::string_view name);

// Any thread.
class AttachmentReader {
 public:
  struct Options {
    std::uint64_t content_bytes_max = std::uint64_t{16} << 30;
    std::size_t remembered_max = 256;  // documents whose header is kept in memory
    edxml::ReadLimits read;
  };
  explicit AttachmentReader(Options options) : options_(options) {}

  // What the file of `fetched` says: its attachments in their order. Reads the whole file the first
  // time. Errors of edxml::Reader and of the store.
  base::Result<std::shared_ptr<const edxml::Document>> look(Fetched& fetched);
  // The attachment `number`, from 1. exchange.unknown_attachment (not_found),
  // edxml.attachment_undecodable (also while reading), edxml.attachment_too_large.
  base::Result<AttachmentFile> open(Fetched fetched, std::size_t number);

 private:
  const Options options_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const edxml::Document>> remembered_;  // by document id
  std::deque<std::string> order_;                                             // oldest first
};

}  // namespace exchange
