#include "exchange/identifiers.h"

#include <gtest/gtest.h>

#include <set>

namespace exchange {
namespace {

constexpr std::uint32_t kSite = 0x1a2b3c4d;
const base::Time kNow = base::from_micros(1'795'000'000'000'000);

TEST(Identifiers, DocumentComesBackFromItsText) {
  for (const DocumentKey key :
       {DocumentKey{1}, DocumentKey{0x123456789abc}, (DocumentKey{1} << 47) - 1}) {
    const std::string text = document_id_text(kSite, key);
    EXPECT_EQ(text.size(), 24u);
    const auto named = parse_id(kSite, text);
    ASSERT_TRUE(named) << text;
    EXPECT_EQ(named->document, key);
    EXPECT_FALSE(named->delivery);
  }
}

TEST(Identifiers, DeliveryComesBackFromItsTextAtEveryBit) {
  for (int bit = 0; bit < 63; ++bit) {
    const DeliveryKey key = DeliveryKey{1} << bit;
    const std::string text = delivery_id_text(kSite, key);
    EXPECT_EQ(text.size(), 36u);
    const auto named = parse_id(kSite, text);
    ASSERT_TRUE(named && named->delivery) << text;
    EXPECT_EQ(*named->delivery, key);
    EXPECT_EQ(named->document, document_of(key));
  }
}

TEST(Identifiers, EveryDeliveryOfADocumentLeadsBackToIt) {
  const DocumentKey document = next_document_key(0, kNow);
  std::set<std::string> texts;
  for (const std::int64_t ordinal :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{4095}, kRecipientsMax}) {
    const DeliveryKey delivery = delivery_key(document, ordinal);
    EXPECT_EQ(document_of(delivery), document);
    texts.insert(delivery_id_text(kSite, delivery));
  }
  EXPECT_EQ(texts.size(), 4u);
}

TEST(Identifiers, ForeignSiteAndForeignFormsNameNothing) {
  EXPECT_FALSE(parse_id(kSite + 1, document_id_text(kSite, 42)));
  EXPECT_FALSE(parse_id(kSite + 1, delivery_id_text(kSite, 42)));
  const std::string document = document_id_text(kSite, 42), delivery = delivery_id_text(kSite, 42);
  for (const std::string& text :
       {std::string(), std::string("null"), std::string("68ee1c50c2dcb14db773f48"), document + "0",
        std::string(24, 'g'), std::string(24, '-'), document.substr(0, 8) + "ffffffffffffffff",
        document.substr(0, 8) + "+00000000000002a",
        std::string("8af226c8-7cde-4fbe-88fe-e15a768b49cb"), delivery.substr(0, 35),
        std::string("ffffffff") + delivery.substr(8), std::string(36, '-'), std::string(36, '\0'),
        std::string(100000, 'a')}) {
    EXPECT_FALSE(parse_id(kSite, text)) << text.substr(0, 60);
  }
}

TEST(Identifiers, NumbersGrowWithTimeAndWithinAMillisecond) {
  const DocumentKey first = next_document_key(0, kNow);
  const DocumentKey second = next_document_key(first, kNow);
  const DocumentKey later = next_document_key(second, kNow + std::chrono::milliseconds(1));
  EXPECT_LT(first, second);
  EXPECT_LT(second, later);
  // Texts sort as the numbers do.
  EXPECT_LT(document_id_text(kSite, first), document_id_text(kSite, second));
  EXPECT_LT(delivery_id_text(kSite, delivery_key(first, 9)),
            delivery_id_text(kSite, delivery_key(second, 0)));
}

TEST(Identifiers, NumbersKeepGrowingWhenTheClockGoesBack) {
  const DocumentKey last = next_document_key(0, kNow);
  EXPECT_GT(next_document_key(last, kNow - std::chrono::hours(24 * 365)), last);
  EXPECT_GT(next_document_key(last, base::from_micros(0)), last);
  EXPECT_GT(next_document_key(0, base::from_micros(0)), 0);
}

TEST(Identifiers, ADocumentNumberFitsItsDeliveriesForDecades) {
  const DocumentKey in_2090 = next_document_key(0, base::from_micros(3'786'912'000'000'000));
  EXPECT_GT(delivery_key(in_2090, kRecipientsMax), 0);
  EXPECT_TRUE(parse_id(kSite, document_id_text(kSite, in_2090)));
}

TEST(Identifiers, NoTimeIsTooFarAheadForADelivery) {
  const base::Time far = *base::parse_vietnam_time("9999/12/31");
  EXPECT_EQ(next_document_key(0, far), kDocumentsEnd);
  EXPECT_GT(delivery_key(next_document_key(0, far), kRecipientsMax), 0);
  EXPECT_EQ(next_document_key(kDocumentsEnd, far), kDocumentsEnd + 1);
}

}  // namespace
}  // namespace exchange
