// Judging one SignerInfo; cms.cc uses it for signatures, tsa.cc for timestamps.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "trust/signed_data.h"
#include "trust/validation.h"

namespace trust {

// The digests of the content, by the names of their algorithms; or why there are none.
struct ContentDigests {
  std::map<std::string, base::Bytes, std::less<>> by_name;
  SubIndication missing = SubIndication::none;
  base::Text why;
};
// One pass over the content for all algorithms.
ContentDigests digest_content(const Feed& content, const std::vector<std::string>& names,
                              const Context& context);
// The same for what `input` feeds, without a pass where what is asked for is known.
ContentDigests digest_content(const CmsInput& input, const std::vector<std::string>& names,
                              const Context& context);
// Those that the signers use and that are known.
std::vector<std::string> digests_of(const SignedData& data);

struct CmsJob {
  const SignedData& data;
  const ContentDigests& digests;
  std::vector<CertificatePtr> certificates;  // in the signature and from outside
  RevocationMaterial material;
  Purpose purpose = Purpose::signature;
  bool pdf = false;
  bool outer_material = false;  // revocation information from outside (a DSS)
  std::optional<base::Time> claimed_at, proven_at;
};
// All that came with the signature or from outside, bounded by the limits.
void gather(const SignedData& data, const CmsInput& input, const Context& context, CmsJob& job);

SignatureReport judge_signer_info(const SignerInfo& signer, const CmsJob& job,
                                  const Context& context);
// The report of something that could not be read.
SignatureReport unreadable(Format format, base::Text why);

// The token over the bytes, of which the digest is asked for by its algorithm's name. An empty
// answer: cannot be computed.
SignatureReport judge_token(const CmsInput& token,
                            const std::function<base::Bytes(std::string_view)>& imprint,
                            const Context& context);

}  // namespace trust
