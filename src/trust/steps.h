// Steps of a report as judging goes along: the blocks of EN 319 102-1 by name.
#pragma once
#include <string_view>

#include "trust/verdict.h"

namespace trust {

inline constexpr std::string_view kFormatBlock = "5.2.2 Format checking";
inline constexpr std::string_view kSignerBlock = "5.2.3 Identification of the signing certificate";
inline constexpr std::string_view kCryptoBlock = "5.2.7 Cryptographic verification";
inline constexpr std::string_view kAcceptanceBlock = "5.2.8 Signature acceptance validation";

// Appends a step; an outcome worse than the verdict so far becomes the verdict. `block` is a
// literal.
void add_step(SignatureReport& report, std::string_view block, Verdict outcome, SubIndication sub,
              base::Text message);
// What a format still has to say once a signature was judged (it covers too little): the step goes
// in front of the conclusion, and the conclusion follows the verdict.
void add_constraint(SignatureReport& report, std::string_view block, Verdict outcome,
                    SubIndication sub, base::Text message);

}  // namespace trust
