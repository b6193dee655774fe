// One document that arrives, in a folder of its own: document.edxml, attachments/, document.json.
#pragma once
#include <memory>
#include <string>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "edxml/reader.h"
#include "http/message.h"

namespace agent {

// One thread. Constant memory.
class Arrival : public http::BodySink {
 public:
  // `files` outlives it.
  Arrival(base::FileSystem& files, std::string directory)
      : files_(files), directory_(std::move(directory)) {}
  base::Result<void> open();
  base::Result<void> write(base::BytesView chunk) override;
  // Takes the attachments out, each at most `bytes_max`, and writes document.json: `known` with the
  // header and the attachments. All of it is durable then. False: what came has not the `sha256`
  // (hex). What cannot be read in it is told in document.json; the file as it came is always there.
  base::Result<bool> finish(std::string_view sha256, base::Json known, std::uint64_t bytes_max);

 private:
  base::Result<base::Json> take_out(const edxml::Document& document, std::uint64_t bytes_max);
  base::FileSystem& files_;
  const std::string directory_;
  std::unique_ptr<base::File> file_;
  std::uint64_t size_ = 0;
  base::Sha256 sum_;
  edxml::Reader reader_;
  bool readable_ = true;
};

}  // namespace agent
