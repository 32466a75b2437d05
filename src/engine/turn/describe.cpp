#include "engine/turn/describe.hpp"

#include <iterator>
#include <memory>

#include <fmt/format.h>
#include <unicode/calendar.h>
#include <unicode/timezone.h>

#include "core/base/json_text.hpp"
#include "core/text/cut.hpp"
#include "engine/turn/prompt.hpp"

namespace hayate::turn {
namespace {

using base::append_json_string;
using base::append_number;

constexpr size_t kProductsInPrompt = 4;
constexpr int64_t kLowStock = 3;

std::string join(const std::vector<std::string>& parts) {
    std::string all;
    for (const std::string& part : parts) {
        if (!all.empty()) all += ", ";
        all += part;
    }
    return all;
}

std::string authors_of(const store::Series& series, std::string_view language) {
    std::vector<std::string> names;
    for (const store::LocalText& author : series.authors) names.push_back(author.in(language));
    return join(names);
}

std::string series_facts(const store::Series& series, std::string_view language,
                         const AskedFacts& asked) {
    std::string facts = fmt::format("[Product: {}]\n", series.title.in(language));
    fmt::format_to(std::back_inserter(facts), "By {}. {}, {}. ", authors_of(series, language),
                   series.demographic, join(series.genres));
    if (series.volumes) fmt::format_to(std::back_inserter(facts), "{} volumes, ", *series.volumes);
    fmt::format_to(std::back_inserter(facts), "{}, since {}.", series.status, series.start_year);
    const std::string& publisher = series.publisher.in(language);
    const std::string& magazine = series.magazine.in(language);
    if (asked.publisher && !publisher.empty()) facts += " Publisher: " + publisher + ".";
    if (asked.magazine && !magazine.empty()) facts += " Magazine: " + magazine + ".";
    return facts + "\n";
}

std::string product_line(const store::Product& product, std::string_view language) {
    std::string line = fmt::format("- {}", product.title.in(language));
    if (!product.edition.in(language).empty()) line += " (" + product.edition.in(language) + ")";
    fmt::format_to(std::back_inserter(line), ": {} yen, {}, released {}\n", product.price_yen,
                   product.stock > 0 ? fmt::format("{} in stock", product.stock) : "not in stock",
                   product.release_date);
    return line;
}

void append_local(std::string& out, std::string_view key, const store::LocalText& text) {
    out.append(",\"").append(key).append("\":{\"en\":");
    append_json_string(out, text.in("en"));
    out += ",\"ja\":";
    append_json_string(out, text.in("ja"));
    out += '}';
}

}  // namespace

std::string describe_hit(const store::Hit& hit, std::string_view language, int tokens,
                         size_t bytes_max, const AskedFacts& asked) {
    std::string text;
    std::string_view prose;
    if (hit.kind == store::HitKind::kFaq) {
        // Labelled, because small models repeat a question that stands alone. The answer is the
        // fact itself: it is never cut.
        const bool is_japanese = language == "ja";
        return fmt::format("[FAQ]\n{}: {}\n{}: {}", is_japanese ? "質問" : "Question",
                           hit.faq.question.in(language),
                           is_japanese ? "店の回答" : "Store's answer",
                           hit.faq.answer.in(language));
    }
    text = series_facts(hit.series, language, asked);
    for (size_t i = 0; i < std::min(hit.products.size(), kProductsInPrompt); ++i) {
        const std::string line = product_line(hit.products[i], language);
        if (i > 0 && estimate_tokens(text) + estimate_tokens(line) > tokens) break;
        text += line;
    }
    prose = hit.series.description.in(language);
    const int left = tokens - estimate_tokens(text);
    if (left < 20) return text;
    const size_t fits = static_cast<size_t>(left) * (language == "ja" ? 3 : 4);
    text += text::cut_sentences(prose, std::min(fits, bytes_max));
    return text;
}

std::string describe_order(const store::Order& order, std::string_view language) {
    std::string text =
        fmt::format("[Order: {}]\nPlaced {}, status: {}.", order.id, order.placed, order.status);
    if (!order.eta.empty()) text += " Expected delivery: " + order.eta + ".";
    if (!order.carrier.empty())
        text += " Carrier: " + order.carrier + ", tracking " + order.tracking + ".";
    text += "\nItems: ";
    for (const store::OrderItem& item : order.items) {
        fmt::format_to(std::back_inserter(text), "{} x {} ({} yen); ", item.quantity,
                       item.title.in(language), item.price_yen);
    }
    fmt::format_to(std::back_inserter(text), "total {} yen.", order.total_yen);
    if (!order.note.in(language).empty()) text += "\nNote: " + order.note.in(language);
    return text;
}

std::string_view availability_of(const store::Product& product, std::string_view today) {
    if (product.release_date > today) return "preorder";
    if (product.stock <= 0) return "out";
    return product.stock <= kLowStock ? "low" : "in_stock";
}

std::string card_json(const store::Product& product, const store::Series& series,
                      std::string_view today) {
    std::string out = R"({"kind":"product","id":)";
    append_json_string(out, product.sku);
    out += R"(,"sku":)";
    append_json_string(out, product.sku);
    append_local(out, "title", product.title);
    append_local(out, "series", series.title);
    append_local(out, "author",
                 series.authors.empty() ? store::LocalText{} : series.authors.front());
    if (!product.edition.in("en").empty()) append_local(out, "edition", product.edition);
    out += R"(,"price_yen":)";
    append_number(out, product.price_yen);
    out += R"(,"stock":)";
    append_number(out, product.stock);
    out += R"(,"availability":)";
    append_json_string(out, availability_of(product, today));
    out += R"(,"release_date":)";
    append_json_string(out, product.release_date);
    out += R"(,"language":)";
    append_json_string(out, product.language);
    out += R"(,"volume":)";
    out += product.volume ? std::to_string(*product.volume) : "null";
    out += '}';
    return out;
}

std::string source_json(const store::Hit& hit, std::string_view language) {
    const bool is_faq = hit.kind == store::HitKind::kFaq;
    std::string out = R"({"id":)";
    append_json_string(out, is_faq ? hit.faq.id : hit.series.id);
    out += is_faq ? R"(,"kind":"faq","title":)" : R"(,"kind":"series","title":)";
    append_json_string(out, is_faq ? hit.faq.question.in(language) : hit.series.title.in(language));
    out += '}';
    return out;
}

std::string order_source_json(const store::Order& order) {
    return R"({"kind":"order","id":)" + base::json_string(order.id) + R"(,"title":)" +
           base::json_string(order.id) + "}";
}

std::string shop_today() {
    UErrorCode failed = U_ZERO_ERROR;
    const std::unique_ptr<icu::Calendar> calendar(
        icu::Calendar::createInstance(icu::TimeZone::createTimeZone("Asia/Tokyo"), failed));
    const auto field = [&](UCalendarDateFields which) { return calendar->get(which, failed); };
    return fmt::format("{:04}-{:02}-{:02}", field(UCAL_YEAR), field(UCAL_MONTH) + 1,
                       field(UCAL_DATE));
}

}  // namespace hayate::turn
