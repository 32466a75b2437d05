#include "engine/gate/comparison.hpp"

#include <array>

#include "core/text/pattern.hpp"

namespace hayate::gate {
namespace {

using text::Pattern;

struct Cue {
    Measure measure;
    bool is_more;
    Pattern pattern;
};

const std::array<Cue, 6>& cues() {
    static const std::array<Cue, 6> kCues{
        {{Measure::kBegin, false,
          Pattern(R"(\b(come|came|start(ed)?|begin|began|begun|debut(ed)?|launched|released|)"
                  R"(published)( out)? (first\b|earlier|before)|\b(is|was) (the )?older)"
                  R"(|(先|早く|前)に(始ま|連載|出|発売|登場|開始))"
                  R"(|(より|方が|ほうが|のは)(先|前|早い|古い)|先です|先に始)")},
         {Measure::kBegin, true,
          Pattern(R"(\b(came|started|began|debuted)( out)? (later|after))"
                  R"(|\b(is|was) (the )?(newer|more recent))"
                  R"(|後に(始ま|連載|登場|開始)|(より|方が|ほうが)(後|新しい))")},
         {Measure::kVolumes, true,
          Pattern(R"(\b(is|are|runs)(n['’]t| not)? (much |the )?longer)"
                  R"(|\blonger (series|one|is)|\bmore volumes)"
                  R"(|(より|方が|ほうが|のは|は)(も)?(長い|巻数[がは]多い|冊数が多い|多い))")},
         {Measure::kVolumes, false,
          Pattern(R"(\b(is|are)(n['’]t| not)? (much |the )?shorter)"
                  R"(|\bshorter (series|one|is)|\b(fewer|less) volumes)"
                  R"(|(より|方が|ほうが|のは|は)(も)?(短い|巻数が少ない|少ない))")},
         {Measure::kPrice, false,
          Pattern(R"(\bcheap(er|est)|\bless expensive|\bcosts? less|\blower price)"
                  R"(|(より|方が|ほうが|のは|は|で)(も)?(安い|安く|安価))")},
         {Measure::kPrice, true,
          Pattern(R"(\bmore expensive|\bcosts? more\b|\bpricier|\bhigher price)"
                  R"(|(より|方が|ほうが|のは)(も)?(高い|高く|高価))")}}};
    return kCues;
}

/// "Xは", "Xの方が".
bool is_subject(const text::Units& units, const Fact& title) {
    const std::string_view after = units.text().substr(units.all()[title.end - 1].end, 16);
    return after.starts_with("は") || after.starts_with("が") || after.starts_with("の方") ||
           after.starts_with("のほう");
}

/// "Yより": what the subject is compared with.
bool is_compared_with(const text::Units& units, const Fact& title) {
    const uint32_t end = units.all()[title.end - 1].end;
    const std::string_view after = units.text().substr(end, 16);
    return after.starts_with("より") || after.starts_with("」より") || after.starts_with("』より");
}

/// "did not start before", "isn't longer": right before the cue at `at`, or inside it.
bool is_denied(std::string_view text, size_t at, size_t end) {
    constexpr size_t kNear = 12;
    static const Pattern denial(R"(\bnot\b|n['’]t\b)");
    const size_t begin = at > kNear ? at - kNear : 0;
    return denial.find(text.substr(begin, end - begin)).has_value();
}

/// "before", "than", "より": what it is compared with is said, as a title or not ("before 2000").
bool compares_with_something(std::string_view text, size_t begin, size_t end) {
    constexpr size_t kNear = 16;
    static const Pattern with(R"(\b(before|after|than)\b|より)");
    return with.find(text.substr(begin, end + kNear - begin)).has_value();
}

/// "先に始まったのはX", "the longer one is X": of all titles it is the one behind the cue.
bool leads_to(std::string_view text, size_t end, size_t title) {
    static const Pattern link(R"(のは|方は|ほうは|\b(is|was|would be)\b)");
    const auto found = link.find(text.substr(0, title), end > 0 ? end - 1 : 0);
    return found.has_value() || text.substr(0, end).ends_with("のは");
}

}  // namespace

std::optional<Ranking> ranking_asked(std::string_view question) {
    struct Asked {
        Ranking ranking;
        Pattern pattern;
    };
    static const std::array<Asked, 6> kAsked{
        {{{Measure::kVolumes, true},
          Pattern(R"(\b(longer|longest|more (volumes|books))\b|長い|(巻数|冊数)[がの]?多)")},
         {{Measure::kVolumes, false},
          Pattern(R"(\b(shorter|shortest|fewer (volumes|books))\b|短い|(巻数|冊数)[がの]?少な)")},
         {{Measure::kPrice, false},
          Pattern(R"(\b(cheaper|cheapest|less expensive|costs? less)\b|安い|安く|お得)")},
         {{Measure::kPrice, true},
          Pattern(R"(\b(pricier|dearer|more expensive|costs? more)\b|高い|高価)")},
         {{Measure::kBegin, false},
          Pattern(R"(\b(older|oldest|earlier|(began|begun|started?|came( out)?|debuted) first)\b)"
                  R"(|古い|(先|早く|前)に(始|出|連載|発売|登場))")},
         {{Measure::kBegin, true},
          Pattern(R"(\b(newer|newest|more recent|(began|started|came( out)?) later)\b|新しい)"
                  R"(|(後|あと)に(始|出|連載|発売|登場))")}}};
    for (const Asked& asked : kAsked) {
        if (asked.pattern.find(question)) return asked.ranking;
    }
    return std::nullopt;
}

std::optional<Comparison> comparison_in(const text::Units& units, std::span<const Fact> facts) {
    for (const Cue& cue : cues()) {
        const auto found = cue.pattern.find(units.text());
        if (!found) continue;
        Comparison comparison{
            .measure = cue.measure,
            .is_more = cue.is_more,
            .is_denied = is_denied(units.text(), found->first, found->second),
            .names_other = compares_with_something(units.text(), found->first, found->second)};
        const Fact* after = nullptr;
        for (const Fact& fact : facts) {
            if (fact.kind != FactKind::kTitle) continue;
            const bool is_before = units.all()[fact.begin].begin < found->first;
            if (is_compared_with(units, fact)) continue;
            // "XはYを先に": of two before the cue it is the one that は marks.
            const bool is_marked = comparison.subject != nullptr &&
                                   is_subject(units, *comparison.subject) &&
                                   !is_subject(units, fact);
            if (is_before && !is_marked) comparison.subject = &fact;
            if (!is_before && after == nullptr) after = &fact;
        }
        const bool is_after = after != nullptr && leads_to(units.text(), found->second,
                                                           units.all()[after->begin].begin);
        if (comparison.subject == nullptr || is_after) comparison.subject = after;
        if (comparison.subject == nullptr) return std::nullopt;
        for (const Fact& fact : facts) {
            const bool is_another =
                fact.kind == FactKind::kTitle && fact.id != comparison.subject->id;
            if (!is_another) continue;
            if (comparison.other != nullptr && comparison.other->id != fact.id) return std::nullopt;
            comparison.other = &fact;
        }
        return comparison;
    }
    return std::nullopt;
}

bool is_impossible(const Comparison& comparison, const Extent& subject, const Extent& other) {
    // In one year either may have been first; and "not longer" may be as long.
    const int64_t least = comparison.measure == Measure::kBegin || comparison.is_denied ? 1 : 0;
    return comparison.is_more != comparison.is_denied ? subject.high + least <= other.low
                                                      : subject.low >= other.high + least;
}

}  // namespace hayate::gate
