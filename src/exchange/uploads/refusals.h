// The reasons of uploads, each with its sentence in both languages.
#pragma once
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace exchange::uploads {

base::Error upload_unknown(std::string_view id);                            // not_found
base::Error upload_expired(std::string_view id);                            // gone
base::Error upload_gone();                                                  // gone
base::Error upload_too_large(std::uint64_t bytes_max);                      // too_large
base::Error upload_too_many(std::int64_t uploads_max);                      // too_many
base::Error upload_quota(std::uint64_t bytes_max);                          // too_many
base::Error upload_bad_metadata(std::string_view en, std::string_view vi);  // invalid
base::Error upload_bad_size(std::uint64_t received);                        // invalid
base::Error upload_size_known(std::uint64_t size);                          // conflict
base::Error upload_wrong_offset(std::uint64_t here);                        // conflict
base::Error upload_busy();                                                  // conflict
base::Error upload_taken_over();                                            // conflict
base::Error upload_incomplete(std::string_view id);                         // conflict
base::Error upload_joined();                                                // forbidden
base::Error upload_not_a_part(std::string_view id);                         // invalid
base::Error upload_disk_full();  // unavailable; store.disk_full, with what to do
// What a failed call on a file means here: store.disk_full or store.unavailable.
base::Error upload_failed(const base::Error& cause);

}  // namespace exchange::uploads
