#include "engine/gather/store_sources.hpp"

#include <utility>

#include <unicode/regex.h>

namespace hayate::gather {
namespace {

constexpr int kOrdersMax = 3;

}  // namespace

Task<Result<Contribution>> RetrievalSource::fetch(Question question, store::Wait wait) {
    std::vector<float> vector;
    if (embed_) {
        auto embedded =
            co_await pool_.run([embed = embed_, text = question.text](
                                   size_t) -> Result<std::vector<float>> { return embed(text); },
                               wait.deadline, wait.token);
        // Without a vector the words alone still find most things.
        if (embedded) vector = std::move(*embedded);
    }
    auto hits =
        co_await catalog_.search(question.text, std::move(vector), question.documents, wait);
    if (!hits) co_return fail(std::move(hits.error()));
    co_return [hits = std::move(*hits)](Gathered& into) { into.documents = hits; };
}

Task<Result<Contribution>> SessionSource::fetch(Question question, store::Wait wait) {
    if (question.session.empty()) co_return [](Gathered&) {};
    auto turns =
        co_await sessions_.history(question.owner, question.session, question.exchanges, wait);
    if (!turns) co_return fail(std::move(turns.error()));
    co_return [turns = std::move(*turns)](Gathered& into) { into.history = turns; };
}

Task<Result<Contribution>> ProfileSource::fetch(Question question, store::Wait wait) {
    if (question.customer.empty()) co_return [](Gathered&) {};
    auto customer = co_await profiles_.customer(question.customer, wait);
    if (!customer) co_return fail(std::move(customer.error()));
    co_return [customer = std::move(*customer)](Gathered& into) { into.profile = customer; };
}

struct OrdersSource::Pattern {
    std::unique_ptr<icu::RegexPattern> compiled;
};

OrdersSource::OrdersSource(store::OrderStore& orders, const std::string& order_pattern)
    : orders_(orders), pattern_(std::make_unique<Pattern>()) {
    UErrorCode failed = U_ZERO_ERROR;
    UParseError where;
    if (order_pattern.empty()) return;
    pattern_->compiled.reset(icu::RegexPattern::compile(icu::UnicodeString::fromUTF8(order_pattern),
                                                        UREGEX_CASE_INSENSITIVE, where, failed));
}

OrdersSource::~OrdersSource() = default;

std::optional<std::string> OrdersSource::order_in(const std::string& text) const {
    if (!pattern_->compiled) return std::nullopt;
    UErrorCode failed = U_ZERO_ERROR;
    const icu::UnicodeString input = icu::UnicodeString::fromUTF8(text);
    const std::unique_ptr<icu::RegexMatcher> matcher(pattern_->compiled->matcher(input, failed));
    if (U_FAILURE(failed)) return std::nullopt;
    // A pattern that backtracks without end must not hold a shard.
    matcher->setTimeLimit(50, failed);
    if (!matcher->find(failed) || U_FAILURE(failed)) return std::nullopt;
    std::string found;
    matcher->group(failed).toUpper().toUTF8String(found);
    return found;
}

Task<Result<Contribution>> OrdersSource::fetch(Question question, store::Wait wait) {
    const auto asked = order_in(question.text);
    std::vector<store::Order> orders;
    if (!question.customer.empty() && asked) {
        auto one = co_await orders_.order(*asked, question.customer, wait);
        if (!one) co_return fail(std::move(one.error()));
        if (*one) orders.push_back(std::move(**one));
    } else if (!question.customer.empty()) {
        auto latest = co_await orders_.orders_of(question.customer, kOrdersMax, wait);
        if (!latest) co_return fail(std::move(latest.error()));
        orders = std::move(*latest);
    }
    co_return [orders = std::move(orders), asked](Gathered& into) {
        into.orders = orders;
        into.asked_order = asked;
    };
}

}  // namespace hayate::gather
