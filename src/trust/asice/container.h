// Writes ASiC-E containers with XAdES (ETSI EN 319 162-1): files and the signatures over them in
// one zip. The same files and signatures give the same bytes. docs/formats/asice.md
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "trust/asice/zip.h"
#include "trust/judge.h"
#include "trust/xml/sign_xades.h"

namespace trust {

inline constexpr std::string_view kAsiceMediaType = "application/vnd.etsi.asic-e+zip";

// One thread at a time.
class Container {
 public:
  // Reads `content` once, for its digest and checksum; `content` outlives write(). Errors:
  // trust.container_name (invalid): not a relative path in UTF-8, one of the container's own
  // names, or there already; trust.container_too_large; what the source says.
  base::Result<void> add(std::string name, std::string media_type, const Source& content);
  // Everything so far, sorted by name: what sign_xades() takes.
  const std::vector<SignedFile>& files() const { return files_; }
  // A signature file from sign_xades(), made over files().
  void add_signature(base::Bytes xml) { signatures_.push_back(std::move(xml)); }
  // add_signature() of a signature over everything so far.
  base::Result<void> sign(SigningKey& key, const XadesOptions& options);
  // trust.content_changed (conflict); trust.container_too_large; what the sink says.
  base::Result<void> write(const Sink& out) const;

 private:
  struct Content {
    const Source* source;
    std::uint32_t crc;
  };
  std::vector<SignedFile> files_;
  std::set<std::string> names_;    // of files_, in lower case
  std::vector<Content> contents_;  // in the order of files_
  std::vector<base::Bytes> signatures_;
};

}  // namespace trust
