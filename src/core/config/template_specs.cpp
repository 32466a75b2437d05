// The contract between an assistant's texts and the engine that fills them.

#include <algorithm>

#include "core/config/template_text.hpp"

namespace hayate::config {
namespace {

std::vector<TemplateSpec> make_specs() {
    return {
        {"greeting", "a greeting; {name} is empty for an anonymous customer", {"name"}},
        {"faq", "a question that an FAQ entry answers", {"answer"}},
        {"products_intro", "before a list of products", {"count"}},
        {"product_line",
         "one product of a list",
         {"title", "edition", "kind", "author", "price", "stock", "release_date"}},
        {"series_intro", "before a list of series", {"count"}},
        {"series_line",
         "one series of a list",
         {"title", "author", "genres", "volumes", "state", "start_year", "publisher",
          "description"}},
        {"order_status",
         "one order; {items} is made of order_item",
         {"order_id", "status", "placed", "eta", "carrier", "tracking", "items", "total", "city",
          "note"}},
        {"order_item", "one item of an order", {"title", "quantity", "price"}},
        {"orders_intro", "before a list of the customer's orders", {"count"}},
        {"order_line",
         "one order of a list",
         {"order_id", "status", "placed", "eta", "items", "total"}},
        {"orders_none", "a signed-in customer without orders", {}},
        {"order_sign_in", "a question about an order from an anonymous customer", {"order_id"}},
        {"order_not_found", "unknown, or another customer's: both alike", {"order_id"}},
        {"complaint_intro", "before the answer to a complaint", {}},
        {"case_opened",
         "the case that a complaint became; {kind} is a word case_*",
         {"case_id", "kind"}},
        {"nothing_fits", "no product has all the properties that were asked for", {}},
        {"nothing_found", "nothing in the store answers the question", {}},
        {"out_of_scope", "a question that is not the store's business", {}},
        {"busy_intro", "all models are busy: before what was found without them", {}},
        {"correction", "after an answer that could not be confirmed to its end", {}},
        {"no_model_notice", "no model is ready: said once, on the page", {}},
        {"failed", "the turn failed", {}},
        {"price", "an amount of yen; fills {price} and {total} elsewhere", {"yen"}},
        {"date",
         "a calendar day; fills {eta}, {placed} and {release_date} elsewhere; {month} is a word",
         {"year", "month", "day"}},
    };
}

std::vector<std::string> make_words() {
    std::vector<std::string> words;
    for (const std::string state : {"processing", "shipped", "out_for_delivery", "delivered",
                                    "preorder", "delayed", "returned", "cancelled", "refunded"}) {
        words.push_back("order_" + state);
    }
    for (const std::string stock : {"in_stock", "low", "out", "preorder"}) {
        words.push_back("stock_" + stock);
    }
    for (const std::string kind : {"return", "replacement", "refund", "hand_over"}) {
        words.push_back("case_" + kind);
    }
    for (const std::string state : {"ongoing", "finished", "hiatus"}) {
        words.push_back("series_" + state);
    }
    for (int month = 1; month <= 12; ++month) words.push_back("month_" + std::to_string(month));
    words.emplace_back("list_separator");
    return words;
}

}  // namespace

std::span<const TemplateSpec> template_specs() {
    static const std::vector<TemplateSpec> specs = make_specs();
    return specs;
}

const TemplateSpec* find_template_spec(std::string_view key) {
    const auto it = std::ranges::find(template_specs(), key, &TemplateSpec::key);
    return it == template_specs().end() ? nullptr : &*it;
}

std::span<const std::string> required_words() {
    static const std::vector<std::string> words = make_words();
    return words;
}

}  // namespace hayate::config
