// Removes blobs that no record names.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "base/file.h"
#include "base/result.h"
#include "store/blobs.h"
#include "store/packs.h"

namespace store {

// As Blobs::sweep, in the blob directory `root`.
base::Result<std::uint64_t> sweep_blobs(base::FileSystem& files, const std::string& root,
                                        Packs& packs,
                                        const std::function<bool(const BlobRef&)>& named);

// Calls `found` with the place and length of every record of a pack until it says true; whether it
// did. After a damaged header every byte position is tried.
base::Result<bool> find_record(base::File& pack,
                               const std::function<bool(std::uint64_t, std::uint64_t)>& found);

}  // namespace store
