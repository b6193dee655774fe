// The reasons of this module, each with its sentence in both languages.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace store {

enum class Failure : unsigned char {
  locked,         // store.locked
  full,           // store.full
  unavailable,    // store.unavailable
  damaged,        // store.damaged
  constraint,     // store.constraint
  bad_statement,  // store.bad_statement
};

// `detail` is for operators: what was being done and what the engine said. No values of rows.
base::Error database_error(Failure failure, std::string_view detail);

// What a failed call on a file means to one who keeps blobs: store.disk_full or store.unavailable;
// store.blob_missing for a file that is not there.
base::Error blob_error(const base::Error& cause, std::string_view doing);
base::Error blob_missing(std::string_view ref);
base::Error blob_damaged(std::string_view ref, std::string_view finding);

}  // namespace store
