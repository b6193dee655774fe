// Text in the encodings from before Unicode, which fonts made look right: no word of it can be
// found.
#pragma once
#include <cstdint>
#include <string_view>

namespace search {

enum class Encoding : unsigned char { unicode, tcvn3, vni };
// What the UTF-8 `text` is when its bytes were taken for Windows-1252: TCVN3 ("Céng hßa x· héi chñ
// nghÜa"), VNI ("Coäng hoøa xaõ hoäi chuû nghóa"), or neither. Looks at the first 4000 words. Text
// of a few words is called unicode: a single foreign name must not condemn it.
Encoding encoding_of(std::string_view text);

}  // namespace search
