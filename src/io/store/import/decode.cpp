#include "io/store/import/decode.hpp"

#include <algorithm>

namespace hayate::store {
namespace {

constexpr Range kYear{1900, 2200};
constexpr Range kVolume{0, 10'000};
constexpr Range kYen{0, 100'000'000};
constexpr Range kCount{0, 1'000'000'000};

void decode_title(RowReader title, Series& series) {
    series.title = {title.text("en", Need::kOptional), title.text("ja", Need::kOptional)};
    series.romaji = title.text("romaji", Need::kOptional);
    if (series.title.en.empty() && series.title.ja.empty())
        title.complain("en", "needs a title in en or ja");
    title.finish();
}

OrderItem decode_item(RowReader item) {
    OrderItem decoded;
    decoded.sku = item.id("sku");
    decoded.quantity = item.integer("quantity", {1, 10'000});
    decoded.price_yen = item.integer("price_yen", kYen);
    item.finish();
    return decoded;
}

}  // namespace

void decode(RowReader& row, Series& series) {
    series.id = row.id("id");
    decode_title(row.nested("title"), series);
    series.aliases = row.texts("aliases");
    series.authors = row.local_list("authors");
    series.publisher = row.local("publisher", Need::kOptional);
    series.magazine = row.local("magazine", Need::kOptional);
    series.start_year = static_cast<int>(row.integer("start_year", kYear));
    series.end_year = row.optional_integer("end_year", kYear);
    series.status = row.one_of("status", {"ongoing", "finished", "hiatus"});
    series.volumes = row.optional_integer("volumes", kVolume);
    series.genres = row.words("genres");
    series.demographic = row.word("demographic");
    series.description = row.local("description");
    if (series.end_year && *series.end_year < series.start_year)
        row.complain("end_year", "is before start_year");
}

void decode(RowReader& row, Product& product) {
    product.sku = row.id("sku");
    product.series = row.id("series");
    product.kind = row.word("kind");
    product.language = row.one_of("language", {"en", "ja"});
    product.volume = row.optional_integer("volume", kVolume);
    product.volumes = row.span("volumes", kVolume);
    product.title = row.local("title");
    product.edition = row.local("edition", Need::kOptional);
    product.price_yen = row.integer("price_yen", kYen);
    product.stock = row.integer("stock", kCount);
    product.release_date = row.day("release_date");
}

void decode(RowReader& row, FaqEntry& faq) {
    faq.id = row.id("id");
    faq.topic = row.word("topic");
    faq.question = row.local("question");
    RowReader variants = row.nested("variants", Need::kOptional);
    faq.variants_en = variants.texts("en");
    faq.variants_ja = variants.texts("ja");
    variants.finish();
    faq.answer = row.local("answer");
}

void decode(RowReader& row, WordEntry& words) {
    words.key = row.word("key");
    RowReader lists = row.nested("words");
    words.words = lists.texts("en");
    std::ranges::move(lists.texts("ja"), std::back_inserter(words.words));
    if (words.words.empty()) row.complain("words", "needs words in en or ja");
    lists.finish();
}

void decode(RowReader& row, Customer& customer) {
    customer.id = row.id("id");
    customer.name = row.local("name");
    customer.language = row.one_of("language", {"en", "ja"});
    customer.city = row.local("city", Need::kOptional);
    customer.favorite_genres = row.words("favorite_genres");
    customer.points = row.integer("points", kCount);
    customer.member_since = row.day("member_since");
    customer.owned = row.texts("owned");
}

void decode(RowReader& row, Order& order) {
    order.id = row.id("id");
    order.customer = row.id("customer");
    order.placed = row.day("placed");
    order.status =
        row.one_of("status", {"processing", "shipped", "out_for_delivery", "delivered", "preorder",
                              "delayed", "returned", "cancelled", "refunded"});
    for (RowReader& item : row.objects("items", {"sku", "quantity", "price_yen"})) {
        order.items.push_back(decode_item(item));
    }
    if (order.items.empty()) row.complain("items", "needs at least one item");
    order.shipping_yen = row.integer("shipping_yen", kYen);
    order.total_yen = row.integer("total_yen", kYen);
    order.carrier = row.text("carrier", Need::kOptional);
    order.tracking = row.text("tracking", Need::kOptional);
    order.eta = row.day("eta", Need::kOptional);
    order.city = row.text("city");
    order.note = row.local("note", Need::kOptional);
}

}  // namespace hayate::store
