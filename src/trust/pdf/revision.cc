#include "trust/pdf/revision.h"

#include <algorithm>

namespace trust::pdf {
namespace {

constexpr std::size_t kPieceBytes = 64u << 10;

base::Result<bool> same_bytes(const File& a, const Indirect& x, const File& b, const Indirect& y) {
  if (x.size != y.size) return false;
  base::Bytes left(kPieceBytes, '\0'), right(kPieceBytes, '\0');
  for (std::uint64_t done = 0; done < x.size;) {
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, x.size - done));
    const std::size_t got = TRY(a.source().read_at(x.data + done, left.data(), wanted));
    if (TRY(b.source().read_at(y.data + done, right.data(), wanted)) != got || got != wanted)
      return false;
    if (!std::equal(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(got), right.begin()))
      return false;
    TRY(a.budget().time());
    done += got;
  }
  return true;
}

// Whether the two entries of one number lead to the same bytes.
bool same_place(const File& a, const Place& x, const File& b, const Place& y) {
  if (!(x == y)) return false;
  if (x.kind != Place::Kind::packed) return true;
  const Place* left =
      x.where > 0xffffffffu ? nullptr : a.place(static_cast<std::uint32_t>(x.where));
  const Place* right = left == nullptr ? nullptr : b.place(left->number);
  return right != nullptr && *left == *right;
}

base::Result<bool> same_object(const File& a, const Place& x, const File& b, const Place& y) {
  const base::Result<Indirect> before = a.load(x);
  if (!before.ok()) return false;
  const Indirect after = TRY(b.load(y));
  if (before->stream != after.stream || !(before->value == after.value)) return false;
  return !after.stream || TRY(same_bytes(a, *before, b, after));
}

}  // namespace

base::Result<std::vector<std::uint32_t>> changed_objects(const File& before, const File& after) {
  std::vector<std::uint32_t> out;
  auto a = before.places().begin();
  auto b = after.places().begin();
  const auto free = [](const Place& place) { return place.kind == Place::Kind::free; };
  while (a != before.places().end() || b != after.places().end()) {
    if (b == after.places().end() || (a != before.places().end() && a->number < b->number)) {
      if (!free(*a)) out.push_back(a->number);
      ++a;
    } else if (a == before.places().end() || b->number < a->number) {
      if (!free(*b)) out.push_back(b->number);
      ++b;
    } else {
      const bool same =
          (free(*a) && free(*b)) ||
          (!free(*a) && !free(*b) &&
           (same_place(before, *a, after, *b) || TRY(same_object(before, *a, after, *b))));
      if (!same) out.push_back(a->number);
      ++a;
      ++b;
    }
  }
  return out;
}

void each_ref(const Object& object, const std::function<void(Ref)>& seen) {
  if (const Ref* ref = object.as<Ref>()) seen(*ref);
  if (const Array* array = object.as<Array>()) {
    for (const Object& item : *array) each_ref(item, seen);
  }
  if (const Dict* dict = object.as<Dict>()) {
    for (const Entry& entry : dict->entries) each_ref(entry.value, seen);
  }
}

base::Result<Survey> survey(const File& file, const std::vector<std::uint32_t>& targets) {
  // In the order of the file, so that an object stream is unpacked once.
  std::vector<const Place*> order;
  order.reserve(file.places().size());
  for (const Place& place : file.places()) {
    if (place.kind != Place::Kind::free) order.push_back(&place);
  }
  std::sort(order.begin(), order.end(), [](const Place* x, const Place* y) {
    return x->kind != y->kind     ? x->kind < y->kind
           : x->where != y->where ? x->where < y->where
                                  : x->which < y->which;
  });
  Survey out;
  std::uint32_t holder = 0;
  const std::function<void(Ref)> note = [&](Ref ref) {
    if (std::binary_search(targets.begin(), targets.end(), ref.number))
      out.edges.push_back({holder, ref.number});
  };
  each_ref(Object(file.trailer()), note);
  for (const Place* place : order) {
    const base::Result<Indirect> object = file.load(*place);
    if (!object.ok()) {
      TRY(file.budget().spend(0));
      if (object.error().reason() == "trust.pdf_limit") return object.error();
      if (out.damaged++ == 0) out.damage = object.error().text();
      continue;
    }
    holder = place->number;
    each_ref(object->value, note);
    if (out.edges.size() > file.budget().objects_max() / 2) {
      return over_limit("the PDF has more objects than what is looked at",
                        "tệp PDF có nhiều đối tượng hơn mức được xem xét");
    }
    if (!at(object->value, "ByteRange").null() && !at(object->value, "Contents").null()) {
      out.signatures.push_back(holder);
    }
  }
  return out;
}

}  // namespace trust::pdf
