#include "engine/gather/store_sources.hpp"

#include <utility>

namespace hayate::gather {
namespace {

constexpr int kOrdersMax = 3;

}  // namespace

Task<std::vector<float>> Embedding::vector_of(std::string text, store::Wait wait) {
    if (!embed_) co_return std::vector<float>();
    auto embedded =
        co_await pool_.run([embed = embed_, text = std::move(text)](
                               size_t) -> Result<std::vector<float>> { return embed(text); },
                           wait.deadline, wait.token);
    co_return embedded ? std::move(*embedded) : std::vector<float>();
}

Task<Result<Contribution>> RetrievalSource::fetch(Question question, store::Wait wait) {
    // Without a vector the words alone still find most things.
    std::vector<float> vector = std::move(question.vector);
    if (vector.empty()) vector = co_await embedding_.vector_of(question.text, wait);
    store::ProductFilter filter = std::move(question.filter);
    if (question.leaves_out_owned && !question.customer.empty()) {
        // Without the profile something owned may be recommended: better than nothing at all.
        const auto customer = co_await profiles_.customer(question.customer, wait);
        if (customer && *customer) store::leave_out_owned(filter, &**customer, {});
    }
    auto hits = question.is_list
                    ? co_await catalog_.find_products(std::move(filter), question.text,
                                                      std::move(vector), question.documents, wait)
                    : co_await catalog_.search(question.text, std::move(vector), question.documents,
                                               std::move(filter), wait);
    if (!hits) co_return fail(std::move(hits.error()));
    co_return [hits = std::move(*hits), is_list = question.is_list](Gathered& into) {
        into.documents = hits;
        into.is_list = is_list;
    };
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

Task<Result<Contribution>> OrdersSource::fetch(Question question, store::Wait wait) {
    const auto asked = question.order;
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
