// Examiner, the part that reads refusals: "I do not know the price" of what is listed with one.

#include <algorithm>
#include <array>

#include "core/text/pattern.hpp"
#include "engine/gate/claims.hpp"
#include "engine/gate/content.hpp"
#include "engine/gate/examiner.hpp"
#include "engine/gate/phrases.hpp"

namespace hayate::gate {
namespace {

using text::Pattern;

bool has(const Pattern& pattern, std::string_view text) { return pattern.find(text).has_value(); }

/// What a shop's list always tells of a title.
enum class Listed : uint8_t { kPrice, kCount, kProgress, kStock, kGenre, kMaker };

std::vector<Listed> listed_in(std::string_view text) {
    static const Pattern price(
        R"(\b(prices?|cost|costs|how much)\b|値段|価格|(お)?いくら(か|なの)|何円|金額)");
    static const Pattern count(
        R"(\bhow many (volumes|books)\b|\bnumber of (volumes|books)\b|巻数|冊数|(全部で|全)?何[巻冊])");
    static const Pattern progress(
        R"(\b(whether|if|which)\b.*\b(finished|ended|complete|completed|ongoing|running)\b)"
        R"(|完結(済み|した|している|して)?(か|の|状況)|連載(が|は)?(続いて|終わ))");
    static const Pattern stock(R"(\bin stock\b|\bon hand\b|\bstock (level|status)|在庫)");
    static const Pattern genre(R"(\bgenres?\b|ジャンル)");
    static const Pattern maker(R"(\bauthors?\b|\bwho (wrote|made|created)\b|作者|著者)");
    const std::array<std::pair<const Pattern*, Listed>, 6> all{{{&price, Listed::kPrice},
                                                                {&count, Listed::kCount},
                                                                {&progress, Listed::kProgress},
                                                                {&stock, Listed::kStock},
                                                                {&genre, Listed::kGenre},
                                                                {&maker, Listed::kMaker}}};
    std::vector<Listed> named;
    for (const auto& [pattern, listed] : all) {
        if (has(*pattern, text)) named.push_back(listed);
    }
    return named;
}

bool is_volume(const Fact& fact) { return fact.kind == FactKind::kVolume && !fact.is_count; }

}  // namespace

/// It says what it does not know, and all of that stands in one answer of the documents.
void Examiner::check_refused_answer() {
    constexpr size_t kEnough = 2;
    constexpr float kLikely = 0.75F;  // all words, and not what is asked of them
    if (!is_refusing_) return;
    std::vector<uint64_t> refused;
    append_claims(units_, facts_, refused);
    std::erase_if(refused, [&](uint64_t claim) { return grounds_->is_subject(claim); });
    make_set(refused);
    // What refusals are made of ("information", 手元) no document has.
    std::erase_if(refused, [&](uint64_t claim) {
        return !contains(grounds_->asked_claims(), claim) &&
               !contains(grounds_->known_claims(), claim);
    });
    if (refused.size() >= kEnough && grounds_->share_answered(refused) >= 1)
        evidence_.raise(Feature::kNeedlessRefusal, kLikely);
}

/// What it says that it does not know stands in the list, of the title (edition, volume, set) that
/// is spoken of.
void Examiner::check_refused() {
    // Of what comes, of other editions, of a part, the list tells nothing.
    static const Pattern beyond(
        R"(\b(again|restock|back|next|ever|other|others|remaining|rest|why|reason|)"
        R"((deluxe|definitive|complete|collector['’]s|anniversary|wide) edition)\b)"
        R"(|入荷|次回|今後|ほか|他の|以降|残り|最後|担当|理由|なぜ|(ワイド|完全|愛蔵|文庫|限定|新装|通常)版)");
    static const Pattern edition_alone(R"(\bedition\b[^,]*$|版(が|は|に|の)?(あるか|ついて|有無))");
    if (!is_refusing_ || beyond.find(units_.text())) return;
    std::vector<Fact> spoken(facts_);
    for (const Statement& statement : grounds_->statements()) {
        if (statement.source != Source::kQuestion) continue;
        const auto asked = grounds_->facts_of(statement);
        spoken.insert(spoken.end(), asked.begin(), asked.end());
    }
    const auto find = [&](auto&& is_wanted) -> const Fact* {
        const auto found = std::ranges::find_if(spoken, is_wanted);
        return found == spoken.end() ? nullptr : &*found;
    };
    const Fact* title = subject();
    // Of several the one that it names; by a name that is not known, it may be any.
    if (only_title() == nullptr && grounds_->asked_titles().size() > 1) return;
    if (title == nullptr) title = grounds_->sole_title();
    if (title == nullptr || !grounds_->is_known(*title) || grounds_->is_only_asked(*title)) return;
    const Fact* volume = find(is_volume);
    const Fact* format = find([](const Fact& fact) {
        return fact.kind == FactKind::kTopic && fact.topic == understand::EntityKind::kFormat;
    });
    uint64_t edition = edition_in(facts_);
    if (edition == 0) edition = grounds_->asked_edition();
    const bool is_on_sale = grounds_->lists(*title, edition, format) &&
                            (volume == nullptr || grounds_->listing_of(*title, *volume, nullptr) !=
                                                      Grounds::Listing::kUnlisted);
    const auto states = [&](FactKind kind) {
        return std::ranges::any_of(facts_, [&](const Fact& fact) { return fact.kind == kind; });
    };
    const auto is_told = [&](Listed listed) {
        switch (listed) {
            case Listed::kPrice:
                return is_on_sale && !states(FactKind::kPrice);
            case Listed::kStock:
                return is_on_sale && stock_of(units_.text()) == Stock::kUnsaid;
            case Listed::kCount:
                return format == nullptr && edition == 0 &&
                       grounds_->extent_of(*title, Measure::kVolumes, nullptr).has_value();
            case Listed::kProgress:
                return grounds_->progress_of(*title) != 0;
            case Listed::kGenre:
                return !states(FactKind::kTopic);
            case Listed::kMaker:
                return true;
        }
        return false;
    };
    const auto listed = listed_in(units_.text());
    const bool is_edition = listed.empty() && volume == nullptr && edition_in(facts_) != 0 &&
                            edition_alone.find(units_.text()) && is_on_sale;
    if (!is_edition && std::ranges::none_of(listed, is_told)) return;
    evidence_.raise(Feature::kNeedlessRefusal, 1);
    evidence_.raise(Feature::kUnanswered, 1);  // it keeps back just what was wanted
}

}  // namespace hayate::gate
