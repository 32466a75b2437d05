#include "engine/turn/findings.hpp"

#include <algorithm>
#include <span>

#include "core/text/normalise.hpp"
#include "core/text/tokens.hpp"
#include "engine/turn/describe.hpp"

namespace hayate::turn {
namespace {

constexpr size_t kCardsMax = 3;

bool has_word(const std::vector<std::string>& tokens, const std::string& word) {
    // The words of a phrase in a row, folded as the question was.
    const std::vector<std::string> wanted = text::search_tokens(word);
    return !wanted.empty() && !std::ranges::search(tokens, wanted).empty();
}

/// `text` without the first `word`, whatever the case of its ASCII letters.
std::string without(std::string_view text, std::string_view word) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    };
    const auto found = std::ranges::search(text, word, {}, lower, lower);
    std::string rest(text.begin(), found.begin());
    return rest.append(found.end(), text.end());
}

/// The first product of each series, or several of one series when it is the only one.
void add_cards(const std::vector<const store::Hit*>& series, std::string_view today,
               Findings& findings) {
    const size_t of_each = series.size() == 1 ? kCardsMax : 1;
    for (const store::Hit* hit : series) {
        for (size_t i = 0; i < std::min(hit->products.size(), of_each); ++i) {
            if (findings.cards.size() == kCardsMax) return;
            findings.cards.push_back(card_json(hit->products[i], hit->series, today));
        }
    }
}

/// How many of the first tokens are a greeting; the longest that fits counts.
size_t greeting_at_front(const config::AssistantConfig& assistant,
                         std::span<const std::string> tokens) {
    size_t longest = 0;
    for (const auto& [language, greetings] : assistant.greeting_words) {
        for (const std::string& greeting : greetings) {
            const std::vector<std::string> wanted = text::search_tokens(greeting);
            const bool fits = wanted.size() <= tokens.size() &&
                              std::ranges::equal(tokens.first(wanted.size()), wanted);
            if (fits) longest = std::max(longest, wanted.size());
        }
    }
    return longest;
}

}  // namespace

bool is_relevant(const config::AssistantConfig& assistant, const store::Hit& hit) {
    const double least = hit.kind == store::HitKind::kFaq ? assistant.faq_document_similarity
                                                          : assistant.document_similarity;
    return hit.is_named || hit.similarity.value_or(1) >= least;
}

bool is_faq(const config::AssistantConfig& assistant, const gather::Gathered& gathered) {
    if (gathered.documents.empty()) return false;
    const store::Hit& best = gathered.documents.front();
    return best.kind == store::HitKind::kFaq &&
           best.similarity.value_or(1) >= assistant.faq_similarity;
}

bool mentions_order(const config::AssistantConfig& assistant, std::string_view text,
                    const std::optional<std::string>& number) {
    const std::vector<std::string> tokens =
        text::search_tokens(number ? without(text, *number) : std::string(text));
    return std::ranges::any_of(assistant.order_words, [&](const auto& language) {
        return std::ranges::any_of(language.second,
                                   [&](const std::string& word) { return has_word(tokens, word); });
    });
}

bool is_greeting(const config::AssistantConfig& assistant, std::string_view text) {
    const std::vector<std::string> tokens = text::search_tokens(text);
    std::span<const std::string> rest(tokens);
    while (const size_t length = greeting_at_front(assistant, rest)) rest = rest.subspan(length);
    return !tokens.empty() && rest.empty();
}

Findings pick_findings(const config::AssistantConfig& assistant, const gather::Gathered& gathered,
                       std::string_view language, bool is_about_order, std::string_view today) {
    Findings findings;
    if (is_about_order && !gathered.orders.empty()) {
        for (const store::Order& order : gathered.orders)
            findings.sources.push_back(order_source_json(order));
        return findings;
    }
    const bool answers_faq = is_faq(assistant, gathered);
    std::vector<const store::Hit*> series;
    const size_t count =
        std::min(gathered.documents.size(), static_cast<size_t>(assistant.context_documents));
    for (size_t i = 0; i < count; ++i) {
        const store::Hit& hit = gathered.documents[i];
        const bool is_series = hit.kind == store::HitKind::kSeries;
        if (!is_relevant(assistant, hit) || (answers_faq && is_series)) continue;
        findings.sources.push_back(source_json(hit, language));
        if (is_series) series.push_back(&hit);
    }
    add_cards(series, today, findings);
    return findings;
}

std::string as_array(const std::vector<std::string>& items) {
    std::string out = "[";
    for (const std::string& item : items) {
        if (out.size() > 1) out += ',';
        out += item;
    }
    out += ']';
    return out;
}

}  // namespace hayate::turn
