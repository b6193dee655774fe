// A document ready for Exchange::accept(), made from what has been uploaded: a whole edXML file, or
// values and the files to attach. Constant memory, whatever the size.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/slots.h"
#include "edxml/reader.h"
#include "edxml/writer.h"
#include "exchange/exchange.h"
#include "exchange/uploads/uploads.h"

namespace exchange {

// A submission and the bytes that it owns until a document names them. Destroyed without that, the
// bytes are given back. One thread at a time; the exchange outlives it.
class Draft {
 public:
  Draft(Exchange& exchange, Submission made) : exchange_(&exchange), submission(std::move(made)) {}
  Draft(Draft&& other) noexcept;
  Draft& operator=(Draft&&) = delete;
  ~Draft();
  // Exchange::accept(). Once.
  base::Result<Accepted> hand_in();

 private:
  Exchange* exchange_;  // null: the bytes are somebody else's now

 public:
  Submission submission;
};

// One file to attach.
struct Enclosure {
  std::string upload;  // the id of a complete upload of the caller, or:
  std::string sha256;  // of one, in hex
  std::string name;    // "quyet-dinh.pdf"; empty: the upload's filename
  std::string description;
};

class Assembly {
 public:
  struct Options {
    std::uint64_t document_bytes_max = std::uint64_t{16} << 30;
    std::size_t enclosures_max = 1000;
    edxml::ReadLimits read;
    // Documents from this size on take a thread and a disk for long: only so many at one time.
    std::uint64_t large_bytes = std::uint64_t{64} << 20;
    int large_at_once = 4;
  };
  // What is passed in outlives it. Any thread.
  Assembly(Exchange& exchange, uploads::Uploads& uploads, Options options);

  // Members as edxml/json.h; `attachments`: [{"upload": ID or "sha256": HEX, "name",
  // "description"}]. exchange.assembly_bad_member (invalid) names what is wrong.
  base::Result<Draft> from_json(const uploads::Owner& owner, const base::Json& json);
  // Writes the file: sender, code and date as given; what is not said is filled in: the sender from
  // the owner's organisation, names of organisations from the directory, and document_id as
  // "sender,date,code". The same values and bytes give the same file, so that handing it in again
  // is known as that. Errors: exchange.sender_differs (forbidden: From is not the owner's
  // organisation), those of edxml::validate() and edxml::write_document(), exchange.upload_* for
  // the enclosures, exchange.assembly_too_large, exchange.assembly_busy (unavailable: too many
  // large ones are being made), store.disk_full.
  base::Result<Draft> from_values(const uploads::Owner& owner, edxml::Document document,
                                  const std::vector<Enclosure>& enclosures);
  // A whole edXML file that was uploaded; its bytes become the document's unchanged. `to`:
  // receivers that narrow or replace the file's. Errors: as above, those of edxml::Reader and
  // exchange.upload_*. The upload stays, and can be taken again.
  base::Result<Draft> from_upload(const uploads::Owner& owner, std::string_view upload,
                                  std::vector<std::string> to);

 private:
  base::Result<Organisation> sender_of(const uploads::Owner& owner, std::string_view from) const;
  void fill_in(edxml::Document& document, const Organisation& sender) const;
  base::Result<std::string> upload_of(const uploads::Owner& owner, const Enclosure& enclosure);
  // One of large_at_once; nothing for what is not large.
  base::Result<std::optional<base::Slots::Held>> turn_for(std::uint64_t bytes);
  base::Result<Submission> make(const edxml::Document& document,
                                const std::vector<edxml::Content>& contents);

  Exchange& exchange_;
  uploads::Uploads& uploads_;
  const Options options_;
  base::Slots large_;
};

}  // namespace exchange
