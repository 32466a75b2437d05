#include "engine/understand/complexity.hpp"

#include <algorithm>
#include <initializer_list>
#include <numeric>

#include "core/text/utf8.hpp"
#include "engine/understand/word_set.hpp"

namespace hayate::understand {
namespace {

// What a message may gain beyond its intent. Together they lift it by less than a tier, so that a
// long-winded greeting stays a greeting.
constexpr float kRaiseMax = 0.2F;

using Cues = std::initializer_list<std::string_view>;

template <size_t kCount>
bool is_word_there(const text::Units& units, const WordSet<kCount>& words) {
    return std::ranges::any_of(
        units.all(), [&](const text::Unit& unit) { return words.contains(units.text(unit)); });
}
bool is_text_there(const text::Units& units, Cues texts) {
    return std::ranges::any_of(
        texts, [&](std::string_view text) { return units.text().find(text) != text.npos; });
}

/// Things to be kept apart: titles and people, each counted once.
size_t count_names(std::span<const Entity> entities) {
    size_t names = 0;
    for (size_t i = 0; i < entities.size(); ++i) {
        const Entity& entity = entities[i];
        if (entity.kind != EntityKind::kTitle && entity.kind != EntityKind::kPerson) continue;
        names += i == 0 || entities[i - 1].begin != entity.begin ? 1 : 0;
    }
    return names;
}

float of_comparison(const text::Units& units, bool is_ascii) {
    static constexpr WordSet kWords("why", "compare", "compared", "versus", "vs", "difference",
                                    "differences", "explain", "analyse", "analyze");
    const bool is_there =
        is_word_there(units, kWords) ||
        (!is_ascii && is_text_there(units, {"なぜ", "理由", "違い", "比べ", "比較", "どっち",
                                            "どちらが", "説明して"}));
    return is_there ? 0.08F : 0;
}

float of_conditions(const text::Units& units, bool is_ascii) {
    static constexpr WordSet kWords("not", "but", "without", "except", "unless", "if", "dont",
                                    "only", "neither", "instead", "don't");
    const bool is_there =
        is_word_there(units, kWords) ||
        (!is_ascii && is_text_there(units, {"以外", "だけど", "けど", "じゃなく", "ではなく",
                                            "なしで", "場合", "なら"}));
    return is_there ? 0.05F : 0;
}

size_t count_sentences(const text::Units& units) {
    size_t ends = 0;
    const std::string_view text = units.text();
    for (size_t i = 0; i < text.size(); ++i) {
        const bool is_end = text[i] == '.' || text[i] == '!' || text[i] == '?';
        ends += is_end && (i + 1 == text.size() || text[i + 1] == ' ') ? 1 : 0;
        ends += text[i] == '\xE3' && text.substr(i).starts_with("。") ? 1 : 0;
    }
    return std::max<size_t>(1, ends);
}

float per(size_t count, size_t free, float each, float most) {
    return std::min(most, count > free ? each * static_cast<float>(count - free) : 0);
}

}  // namespace

std::string_view name_of(Tier tier) {
    return tier == Tier::kLow ? "L" : tier == Tier::kMedium ? "M" : "H";
}

Tier tier_of(float complexity) {
    if (complexity < kMediumFrom) return Tier::kLow;
    return complexity > kHighFrom ? Tier::kHigh : Tier::kMedium;
}

Complexity complexity_of(std::span<const float> probabilities, std::span<const float> bases,
                         const text::Units& units, std::span<const Entity> entities, size_t turns) {
    const float base =
        std::inner_product(probabilities.begin(), probabilities.end(), bases.begin(), 0.0F);
    // Only beyond ASCII can Japanese be there.
    const bool is_ascii = text::is_ascii(units.text());
    Complexity result;
    result.contributions = {{{"intent", base},
                             {"names", per(count_names(entities), 1, 0.05F, 0.1F)},
                             {"comparison", of_comparison(units, is_ascii)},
                             {"conditions", of_conditions(units, is_ascii)},
                             {"sentences", per(count_sentences(units), 2, 0.02F, 0.06F)},
                             {"length", per(units.letter_count() / 50, 1, 0.01F, 0.05F)},
                             {"turns", per(turns, 4, 0.01F, 0.05F)}}};
    float raise = 0;
    for (Complexity::Contribution& one : std::span(result.contributions).subspan(1)) {
        one.amount = std::min(one.amount, kRaiseMax - raise);
        raise += one.amount;
    }
    // Less of it for what is plain: a question mark more makes no riddle of a thank-you note.
    result.score = std::min(1.0F, base + raise * std::min(1.0F, base / kMediumFrom));
    for (Complexity::Contribution& one : std::span(result.contributions).subspan(1)) {
        one.amount *= std::min(1.0F, base / kMediumFrom);
    }
    return result;
}

}  // namespace hayate::understand
