// Borrowed and owned runs of bytes. Text and bytes share std::string, since both travel the same
// way; the name of the type says which is meant.
#pragma once
#include <string>
#include <string_view>

namespace base {
using Bytes = std::string;           // owned
using BytesView = std::string_view;  // borrowed for the call
}  // namespace base
