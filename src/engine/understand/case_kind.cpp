#include "engine/understand/case_kind.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/text/name_finder.hpp"

namespace hayate::understand {
namespace {

using store::CaseKind;

struct Phrase {
    CaseKind kind;
    std::string_view text;
};

// Case, width, kana and plurals are folded when they are looked for.
constexpr std::array kPhrases{
    Phrase{CaseKind::kReplacement, "replacement"},
    Phrase{CaseKind::kReplacement, "replace"},
    Phrase{CaseKind::kReplacement, "replaced"},
    Phrase{CaseKind::kReplacement, "exchange"},
    Phrase{CaseKind::kReplacement, "exchanged"},
    Phrase{CaseKind::kReplacement, "swap"},
    Phrase{CaseKind::kReplacement, "new copy"},
    Phrase{CaseKind::kReplacement, "another copy"},
    Phrase{CaseKind::kReplacement, "send another"},
    Phrase{CaseKind::kReplacement, "send a new one"},
    Phrase{CaseKind::kReplacement, "send me a new one"},
    Phrase{CaseKind::kReplacement, "交換"},
    Phrase{CaseKind::kReplacement, "取り替え"},
    Phrase{CaseKind::kReplacement, "取りかえ"},
    Phrase{CaseKind::kReplacement, "取替"},
    Phrase{CaseKind::kReplacement, "代わりの"},
    Phrase{CaseKind::kReplacement, "代替品"},
    Phrase{CaseKind::kReplacement, "再送"},
    Phrase{CaseKind::kReplacement, "新しいものを送"},
    Phrase{CaseKind::kReplacement, "新品を送"},
    Phrase{CaseKind::kRefund, "refund"},
    Phrase{CaseKind::kRefund, "refunded"},
    Phrase{CaseKind::kRefund, "money back"},
    Phrase{CaseKind::kRefund, "reimburse"},
    Phrase{CaseKind::kRefund, "reimbursement"},
    Phrase{CaseKind::kRefund, "chargeback"},
    Phrase{CaseKind::kRefund, "返金"},
    Phrase{CaseKind::kRefund, "払い戻"},
    Phrase{CaseKind::kRefund, "払戻"},
    Phrase{CaseKind::kRefund, "お金を返"},
    Phrase{CaseKind::kRefund, "お金返"},
    Phrase{CaseKind::kReturn, "return"},
    Phrase{CaseKind::kReturn, "returned"},
    Phrase{CaseKind::kReturn, "returning"},
    Phrase{CaseKind::kReturn, "send it back"},
    Phrase{CaseKind::kReturn, "send them back"},
    Phrase{CaseKind::kReturn, "send this back"},
    Phrase{CaseKind::kReturn, "send back"},
    Phrase{CaseKind::kReturn, "返品"},
    Phrase{CaseKind::kReturn, "送り返"},
    Phrase{CaseKind::kReturn, "返却"},
};

const text::NameFinder& finder() {
    static const text::NameFinder kFinder = [] {
        std::vector<text::NameFinder::Name> names;
        for (uint32_t i = 0; i < kPhrases.size(); ++i) names.push_back({kPhrases.at(i).text, i});
        return text::NameFinder(names);
    }();
    return kFinder;
}

/// "not a refund", "no refund", "instead of a replacement", 返金ではなく.
bool is_refused(const text::Units& units, const text::NameFinder::Match& match) {
    static constexpr std::array<std::string_view, 9> kBefore{
        "not", "no", "don't", "dont", "instead", "rather", "without", "don’t", "than"};
    static constexpr std::array<std::string_view, 9> kAfter{"ではなく",   "じゃなく",   "以外",
                                                            "はいらない", "は要らない", "は不要",
                                                            "より",       "は結構",     "はいい"};
    const auto all = units.all();
    for (size_t at = match.begin; at > 0 && match.begin - at < 3;) {
        --at;
        // A new sentence is a new thought: "No! I want a refund".
        const std::string_view gap =
            units.text().substr(all[at].end, all[at + 1].begin - all[at].end);
        if (gap.find_first_of(",.!?;") != std::string_view::npos) break;
        if (std::ranges::count(kBefore, units.text(all[at])) > 0) return true;
    }
    const std::string_view rest = units.text().substr(all[match.end - 1].end);
    return std::ranges::any_of(kAfter,
                               [&](std::string_view after) { return rest.starts_with(after); });
}

}  // namespace

CaseKind case_kind_of(const text::Units& units) {
    std::vector<text::NameFinder::Match> matches;
    finder().find(units, matches);
    CaseKind kind = CaseKind::kHandOver;
    for (const text::NameFinder::Match& match : matches) {
        if (is_refused(units, match)) continue;
        const CaseKind found = kPhrases.at(match.values[0]).kind;
        if (found != CaseKind::kReturn) return found;
        kind = found;
    }
    return kind;
}

}  // namespace hayate::understand
