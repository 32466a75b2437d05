#include "engine/turn/findings.hpp"

#include <algorithm>

#include "engine/turn/describe.hpp"

namespace hayate::turn {
namespace {

constexpr size_t kCardsMax = 3;

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

}  // namespace

bool is_relevant(const config::AssistantConfig& assistant, const store::Hit& hit) {
    const double least = hit.kind == store::HitKind::kFaq ? assistant.faq_document_similarity
                                                          : assistant.document_similarity;
    // A word that few others have says as much as half of the likeness.
    const double wanted = hit.has_rare_word ? least / 2 : least;
    return hit.is_named || hit.similarity.value_or(1) >= wanted;
}

bool is_faq(const config::AssistantConfig& assistant, const gather::Gathered& gathered) {
    if (gathered.documents.empty()) return false;
    const store::Hit& best = gathered.documents.front();
    return best.kind == store::HitKind::kFaq &&
           best.similarity.value_or(1) >= assistant.faq_similarity;
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
        const bool is_shown = gathered.is_list || is_relevant(assistant, hit);
        if (!is_shown || (answers_faq && is_series)) continue;
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
