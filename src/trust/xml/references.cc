#include "trust/xml/references.h"

#include <algorithm>

#include "base/hash.h"
#include "trust/steps.h"
#include "trust/xml/cryptography.h"
#include "trust/xml/parser.h"

namespace trust::xml {
namespace {

constexpr std::uint64_t kWorkMax = 1u << 28;
constexpr std::size_t kStepsMax = 16;
constexpr std::size_t kPrefixesMax = 32;
constexpr std::string_view kEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
constexpr std::string_view kExclusiveParameters = "http://www.w3.org/2001/10/xml-exc-c14n#";

// Weakest first.
int strength(std::string_view digest) {
  constexpr std::string_view kOrder[] = {"SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"};
  return static_cast<int>(std::find(std::begin(kOrder), std::end(kOrder), digest) - kOrder);
}

struct Judging {
  const Signature& signature;
  const Resolve& resolve;
  const Context& context;
  Work& work;
  SignatureReport& report;
  Coverage out = {};
  std::vector<Node*> objects = {};  // covered ones

  void fail(Verdict verdict, SubIndication sub, base::Text text) {
    add_step(report, kCryptoBlock, verdict, sub, std::move(text));
  }
  void fail(const base::Error& error) {
    fail(Verdict::undetermined, SubIndication::sig_constraints_failure, error.text());
  }
  // The element that a reference means; null after a step that says why not.
  Node* target_of(const std::string& uri);
  bool read_transforms(const Reference& reference, Part& part);
  void judge(const Reference& reference);
  void judge_detached(const Reference& reference, std::string_view digest);
  void judge_own(const Reference& reference, std::string_view digest);
  void note_covered(const Part& part);
  void differs(const std::string& name);
};

void Judging::differs(const std::string& name) {
  fail(Verdict::invalid, SubIndication::hash_failure,
       {"nội dung đã bị thay đổi sau khi ký: " + name,
        "the content was changed after it was signed: " + name});
}

Node* Judging::target_of(const std::string& uri) {
  Doc* doc = document_of(signature.node);
  if (uri.empty()) return root_of(doc);
  const std::string id = uri.substr(1);
  // XPointer, too, begins with '#'; no Id has a parenthesis.
  if (id.empty() || id.find('(') != std::string::npos) {
    fail(Verdict::undetermined, SubIndication::sig_constraints_failure,
         {"tham chiếu kiểu XPointer bị từ chối: " + uri,
          "references by XPointer are refused: " + uri});
    return nullptr;
  }
  const std::vector<Node*> found = elements_by_id(doc, id);
  if (found.size() == 1) return found[0];
  if (found.empty()) {
    fail(Verdict::undetermined, SubIndication::signed_data_not_found,
         {"không tìm thấy phần đã ký: " + uri, "the signed part is not there: " + uri});
  } else {
    fail(Verdict::invalid, SubIndication::format_failure,
         {"nhiều phần tử cùng mang mã định danh " + uri + ", không rõ phần nào đã ký",
          "several elements have the Id " + uri + ": which of them is signed cannot be told"});
  }
  return nullptr;
}

bool Judging::read_transforms(const Reference& reference, Part& part) {
  bool canonical = false;
  for (const Transform& transform : reference.transforms) {
    const std::optional<Canonical> method = canonical_by_uri(transform.algorithm);
    if (!canonical && method) {
      canonical = true;
      part.canonical = *method;
      part.parameters = transform.node;
    } else if (!canonical && transform.algorithm == kEnveloped && part.left_out == nullptr) {
      part.left_out = signature.node;
    } else {
      fail(Verdict::undetermined, SubIndication::sig_constraints_failure,
           {"phép biến đổi bị từ chối vì có thể che nội dung đã ký: " + transform.algorithm,
            "a transform is refused, since it could hide what is signed: " + transform.algorithm});
      return false;
    }
  }
  return true;
}

void Judging::note_covered(const Part& part) {
  // Nothing is left of what lies within the signature that is taken out.
  if (part.left_out != nullptr && is_within(part.top, part.left_out)) return;
  if (signature.xades && part.top == signature.xades->signed_properties) {
    out.signed_properties = true;
    return;
  }
  if (resolve) return;  // of a signature over other files, its own file is no content
  out.covers.push_back(path_of(part.top));
  if (part.top == root_of(document_of(part.top))) out.whole = true;
  objects.push_back(part.top);
}

void Judging::judge_own(const Reference& reference, std::string_view digest) {
  Part part;
  part.top = target_of(*reference.uri);
  if (part.top == nullptr || !read_transforms(reference, part)) return;
  const base::Result<std::uint64_t> passes = passes_of(part.parameters);
  if (!passes.ok()) return fail(passes.error());
  if (const auto spent = work.spend(*passes); !spent.ok()) return fail(spent.error());
  const base::Result<base::Bytes> actual = digest_of(part, digest);
  if (!actual.ok()) return fail(actual.error());
  if (!base::equal_constant_time(*actual, reference.digest)) return differs(path_of(part.top));
  note_covered(part);
}

void Judging::judge_detached(const Reference& reference, std::string_view digest) {
  if (resolve && !reference.transforms.empty()) {
    return fail(Verdict::undetermined, SubIndication::sig_constraints_failure,
                {"phép biến đổi trên tệp rời bị từ chối: " + *reference.uri,
                 "transforms of separate files are refused: " + *reference.uri});
  }
  base::Result<std::optional<Detached>> found = std::optional<Detached>();
  if (resolve) found = resolve(*reference.uri, digest);
  if (!found.ok()) return fail(found.error());
  if (!found->has_value()) {
    return fail(Verdict::undetermined, SubIndication::signed_data_not_found,
                {"không tìm thấy tệp đã ký: " + *reference.uri,
                 "the signed file is not there: " + *reference.uri});
  }
  out.covers.push_back((*found)->name);
  if (!base::equal_constant_time((*found)->digest, reference.digest)) differs((*found)->name);
}

void Judging::judge(const Reference& reference) {
  const std::string_view digest = digest_by_uri(reference.digest_algorithm);
  if (digest.empty()) {
    return fail(Verdict::undetermined, SubIndication::crypto_constraints_failure,
                {"thuật toán băm không được hỗ trợ: " + reference.digest_algorithm,
                 "the digest algorithm is not supported: " + reference.digest_algorithm});
  }
  out.weakest_digest = weaker(out.weakest_digest, digest);
  if (!reference.uri) {
    return fail(
        Verdict::undetermined, SubIndication::signed_data_not_found,
        {"tham chiếu không cho biết phần đã ký", "a reference does not say what is signed"});
  }
  if (reference.uri->empty() || reference.uri->front() == '#') {
    judge_own(reference, digest);
  } else {
    judge_detached(reference, digest);
  }
}

}  // namespace

std::string_view weaker(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.empty() ? b : a;
  return strength(a) < strength(b) ? a : b;
}

base::Result<void> Work::spend(std::uint64_t passes) {
  if (context_.out_of_time()) return out_of_time();
  if (one_pass_ > kWorkMax ||
      passes > (kWorkMax - spent_) / std::max<std::uint64_t>(one_pass_, 1)) {
    return too_complex();
  }
  spent_ += passes * one_pass_;
  return base::done();
}

base::Result<std::uint64_t> passes_of(Node* parameters) {
  if (parameters == nullptr) return std::uint64_t{1};
  Node* list = child(parameters, kExclusiveParameters, "InclusiveNamespaces");
  if (list == nullptr) return std::uint64_t{1};
  const std::string prefixes = attribute(list, "PrefixList").value_or("");
  const auto count = static_cast<std::size_t>(std::count(prefixes.begin(), prefixes.end(), ' '));
  if (count > kPrefixesMax || prefixes.size() > kPrefixesMax * 64) return too_complex();
  return std::uint64_t{count + 2};
}

Coverage judge_references(const Signature& signature, const Resolve& resolve,
                          const Context& context, Work& work, SignatureReport& report) {
  Judging judging{signature, resolve, context, work, report};
  for (const Reference& reference : signature.references) {
    if (report.steps.size() > kStepsMax) break;  // enough is known
    if (const auto time = work.spend(0); !time.ok()) {
      judging.fail(time.error());
      break;
    }
    judging.judge(reference);
  }
  // What the signature itself holds is content too; of an enveloping one it is the only content.
  const bool enveloping = parent_of(signature.node) == nullptr && !signature.objects.empty();
  judging.out.whole =
      (judging.out.whole || enveloping) &&
      std::all_of(signature.objects.begin(), signature.objects.end(), [&judging](Node* object) {
        return std::find(judging.objects.begin(), judging.objects.end(), object) !=
               judging.objects.end();
      });
  return std::move(judging.out);
}

}  // namespace trust::xml
