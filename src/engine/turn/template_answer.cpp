#include "engine/turn/template_answer.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "core/text/tokens.hpp"
#include "engine/turn/describe.hpp"
#include "engine/turn/findings.hpp"

namespace hayate::turn {
namespace {

using config::TemplateValues;

constexpr size_t kSeriesMax = 3;
constexpr size_t kProductsMax = 5;

/// 12345 -> "12,345".
std::string grouped(int64_t number) {
    std::string digits = std::to_string(number);
    for (auto at = static_cast<ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
        digits.insert(static_cast<size_t>(at), ",");
    }
    return digits;
}

class Writer {
  public:
    explicit Writer(const TemplateInput& input) : in_(input) {}

    std::string answer() const {
        const std::string text = body();
        return in_.is_busy ? say("busy_intro") + "\n\n" + text : text;
    }

  private:
    std::string body() const {
        if (in_.kind == config::IntentKind::kGreeting) return small_talk();
        if (in_.is_out_of_scope) return say("out_of_scope");
        if (in_.is_nothing_fitting) return say("nothing_fits");
        if (in_.is_about_order) return about_order();
        if (in_.gathered.is_list && !in_.gathered.documents.empty()) return product_list();
        if (is_faq(in_.assistant, in_.gathered)) {
            return say("faq",
                       {{"answer", in_.gathered.documents.front().faq.answer.in(in_.language)}});
        }
        std::vector<const store::Hit*> series;
        for (const store::Hit& hit : in_.gathered.documents) {
            const bool is_shown =
                hit.kind == store::HitKind::kSeries && is_relevant(in_.assistant, hit);
            if (is_shown && series.size() < kSeriesMax) series.push_back(&hit);
        }
        if (!series.empty()) return about_series(series);
        // Whoever has complained is not asked for a title to look for.
        return in_.is_case_open ? "" : say("nothing_found");
    }

    std::string small_talk() const {
        const std::vector<std::string> tokens = text::search_tokens(in_.question);
        for (const auto& [name, reply] : in_.assistant.replies) {
            for (const auto& [language, words] : reply.words) {
                if (text::has_any_phrase(tokens, words))
                    return std::string(in_.assistant.in(reply.text, in_.language));
            }
        }
        const auto& profile = in_.gathered.profile;
        return say("greeting", {{"name", profile ? profile->name.in(in_.language) : ""}});
    }

    std::string about_series(const std::vector<const store::Hit*>& series) const {
        std::string text = say("series_intro", {{"count", std::to_string(series.size())}}) + "\n\n";
        for (const store::Hit* hit : series) text += "- " + series_line(hit->series) + "\n";
        // One series: what there is of it. Several: the first of each is on its card.
        const auto& products = series.front()->products;
        if (series.size() > 1 || products.empty()) return text;
        const size_t count = std::min(products.size(), kProductsMax);
        text += "\n" + say("products_intro", {{"count", std::to_string(count)}}) + "\n\n";
        for (size_t i = 0; i < count; ++i)
            text += "- " + product_line(products[i], series.front()->series) + "\n";
        return text;
    }

    /// The first product of each series, then the second of each.
    std::string product_list() const {
        std::string lines;
        size_t count = 0;
        const auto& hits = in_.gathered.documents;
        for (size_t i = 0; i < kProductsMax && count < kProductsMax; ++i) {
            for (const store::Hit& hit : hits) {
                if (i >= hit.products.size() || count == kProductsMax) continue;
                lines += "- " + product_line(hit.products[i], hit.series) + "\n";
                ++count;
            }
        }
        return say("products_intro", {{"count", std::to_string(count)}}) + "\n\n" + lines;
    }

    std::string series_line(const store::Series& series) const {
        const auto separator = in_.assistant.word("list", "separator", in_.language);
        std::string genres;
        for (const std::string& genre : series.genres)
            genres += (genres.empty() ? "" : separator) +
                      in_.assistant.word("genre", genre, in_.language);
        return say(
            "series_line",
            {{"title", series.title.in(in_.language)},
             {"author", series.authors.empty() ? "" : series.authors.front().in(in_.language)},
             {"genres", genres},
             {"volumes", series.volumes ? std::to_string(*series.volumes) : ""},
             {"state", in_.assistant.word("series", series.status, in_.language)},
             {"start_year", std::to_string(series.start_year)},
             {"publisher", series.publisher.in(in_.language)},
             {"description", series.description.in(in_.language)}});
    }

    std::string product_line(const store::Product& product, const store::Series& series) const {
        const auto stock = availability_of(product, in_.today);
        return say(
            "product_line",
            {{"title", product.title.in(in_.language)},
             {"edition", product.edition.in(in_.language)},
             {"kind", in_.assistant.word("kind", product.kind, in_.language)},
             {"author", series.authors.empty() ? "" : series.authors.front().in(in_.language)},
             {"price", price(product.price_yen)},
             {"stock", in_.assistant.word("stock", stock, in_.language)},
             {"release_date", date(product.release_date)}});
    }

    std::string about_order() const {
        const auto& orders = in_.gathered.orders;
        const std::string asked = in_.gathered.asked_order.value_or("");
        if (!in_.is_customer) return say("order_sign_in", {{"order_id", asked}});
        if (in_.is_order_missing) {
            return std::string(in_.assistant.in(in_.assistant.degraded.at("orders"), in_.language));
        }
        if (!asked.empty() && orders.empty()) return say("order_not_found", {{"order_id", asked}});
        if (orders.empty()) return say("orders_none");
        if (orders.size() == 1) return say("order_status", order_values(orders.front()));
        std::string text = say("orders_intro", {{"count", std::to_string(orders.size())}}) + "\n\n";
        for (const store::Order& order : orders)
            text += "- " + say("order_line", order_values(order)) + "\n";
        return text;
    }

    TemplateValues order_values(const store::Order& order) const {
        const auto separator = in_.assistant.word("list", "separator", in_.language);
        std::string items;
        for (const store::OrderItem& item : order.items) {
            items += (items.empty() ? "" : separator) +
                     say("order_item", {{"title", item.title.in(in_.language)},
                                        {"quantity", std::to_string(item.quantity)},
                                        {"price", price(item.price_yen)}});
        }
        return {{"order_id", order.id},
                {"status", in_.assistant.word("order", order.status, in_.language)},
                {"placed", date(order.placed)},
                {"eta", date(order.eta)},
                {"carrier", order.carrier},
                {"tracking", order.tracking},
                {"items", items},
                {"total", price(order.total_yen)},
                {"city", order.city},
                {"note", order.note.in(in_.language)}};
    }

    std::string price(int64_t yen) const { return say("price", {{"yen", grouped(yen)}}); }

    std::string date(std::string_view day) const {
        if (day.size() != 10) return {};
        const auto number = [&](size_t at, size_t length) {
            int value = 0;
            std::from_chars(day.data() + at, day.data() + at + length, value);
            return std::to_string(value);
        };
        return say("date", {{"year", number(0, 4)},
                            {"month", in_.assistant.word("month", number(5, 2), in_.language)},
                            {"day", number(8, 2)}});
    }

    std::string say(std::string_view key, const TemplateValues& values = {}) const {
        return in_.assistant.say(key, in_.language, values);
    }

    const TemplateInput& in_;
};

}  // namespace

std::string template_answer(const TemplateInput& input) { return Writer(input).answer(); }

}  // namespace hayate::turn
