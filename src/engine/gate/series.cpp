#include "engine/gate/series.hpp"

#include "core/text/pattern.hpp"
#include "engine/gate/phrases.hpp"

namespace hayate::gate {
namespace {

using text::Pattern;

bool has(const Pattern& pattern, std::string_view text) { return pattern.find(text).has_value(); }

constexpr uint8_t kAll = kFinished | kRunning | kPaused;

/// "Has not ended", "まだ完結しておらず": near the cue; elsewhere it denies something else.
bool is_denied_near(std::string_view clause, size_t begin, size_t end) {
    constexpr size_t kBefore = 16;
    constexpr size_t kBehind = 24;
    static const Pattern before(R"(\b(not|never|no longer|yet to)\b|n['’]t\b)");
    static const Pattern behind(R"(^(は|して|も|に|を)*(い|お)?(ません|らず|ない|りません))");
    const size_t from = begin > kBefore ? begin - kBefore : 0;
    return has(before, clause.substr(from, end - from)) || has(behind, clause.substr(end, kBehind));
}

}  // namespace

ProgressCue progress_cue_in(std::string_view clause) {
    // Not what a reader has finished, a complete set, or a price over 500 yen.
    static const Pattern reader(
        R"(\b(i|you|they|we|who)( have|['’]ve|['’]d)?( just| already| recently)?)"
        R"( (finished|completed))"
        R"(|\bfinish(ed)? (reading|with)|読み終|見終)");
    static const Pattern finished(
        R"(\b(finished|ended|concluded|completed its run|come to an end|came to an end)\b)"
        R"(|\b(is|are|was|were|been|it['’]s|both|already|now|not|n['’]t) (all |both |yet )?)"
        R"((over|complete|completed|done)( (now|already|yet))?[\s\pP]*$)"
        R"(|\b(is|are|been|was|were) (now |already )?(completed?|over) (in|at|with|since|after)\b)"
        R"(|完結|連載[はがもを]?(すでに|既に|もう)?(終|おわ)|終了し|終わっ(て|た)|終わりまし|終わっている)");
    static const Pattern running(
        R"(\bon-?going\b|\bin progress\b)"
        R"(|\b(still|currently|being|is|are) (being |currently |no longer )?)"
        R"((running|published|produced|serialized|continuing|releasing|coming out|going on)\b)"
        R"(|\b(continues|still going|still continues)\b|\bnew volumes (are|keep|still)\b)"
        R"(|連載中|刊行中|継続中|連載[はがも]?(まだ|今も|現在も)?続|続いて(い)?(る|ます)|未完)");
    static const Pattern paused(
        R"(\bhiatus\b|\bon (a |an )?(indefinite )?(break|pause)\b|\bpaused\b|\bsuspended\b)"
        R"(|休載|連載休止|休止中|連載[はがも]?(中断|止ま))");
    if (has(reader, clause)) return {};
    const auto cue_of = [&](const Pattern& pattern, uint8_t said) -> ProgressCue {
        const auto found = pattern.find(clause);
        if (!found) return {};
        const bool is_denied = is_denied_near(clause, found->first, found->second);
        // What runs no more may pause.
        const uint8_t denied = said == kFinished || said == kPaused ? said : kRunning;
        return {static_cast<uint8_t>(is_denied ? kAll & ~denied : said), found->first,
                found->second};
    };
    for (const auto& [pattern, said] :
         {std::pair(&paused, uint8_t{kPaused}), std::pair(&running, uint8_t{kRunning | kPaused}),
          std::pair(&finished, uint8_t{kFinished})}) {
        const ProgressCue cue = cue_of(*pattern, said);
        if (cue.progress != kUnsaid) return cue;
    }
    return {};
}

uint8_t progress_in(std::string_view clause) { return progress_cue_in(clause).progress; }

bool is_of_each(std::string_view clause) {
    static const Pattern each(
        R"(\b(both|each|all (two|three|of them)|likewise|respectively)\b)"
        R"(|どちらも|どっちも|両方|それぞれ|いずれも|ともに|共に|[2二2]作とも|同様)");
    return has(each, clause);
}

std::optional<Measure> equal_in(std::string_view clause) {
    static const Pattern price(
        R"(\b(the )?same (price|cost)|\bcosts? (exactly |about )?the same)"
        R"(|\bpriced (equally|the same))"
        R"(|同じ(値段|価格|料金|お値段)|(値段|価格)[はがも](どちらも|両方とも)?(同じ|一緒))");
    static const Pattern volumes(
        R"(\b(the )?same (length|number of (volumes|books))|\b(equally|just as) long\b)"
        R"(|\b(is|are) as long as\b)"
        R"(|同じ(長さ|巻数|冊数)|(長さ|巻数|冊数)[はがも](どちらも|両方とも)?(同じ|一緒))");
    static const Pattern begin(R"(\b(began|started|begun|debuted)( in)? the same year)"
                               R"(|\bin the same year\b|\bequally old\b)"
                               R"(|同じ(年|時期)に(始|連載|発売|開始))");
    if (is_negative(clause)) return std::nullopt;
    if (has(price, clause)) return Measure::kPrice;
    if (has(volumes, clause)) return Measure::kVolumes;
    if (has(begin, clause)) return Measure::kBegin;
    return std::nullopt;
}

bool asks_which(std::string_view question) {
    static const Pattern which(R"(\b(which|who)\b|どちら|どっち|どれ|のは[??\s]*$)");
    static const Pattern both(R"(どちらも|どっちも)");
    return has(which, question) && !has(both, question);
}

std::vector<std::pair<size_t, size_t>> clauses_of(std::string_view sentence) {
    static const Pattern divider(R"(, | while | whereas | but |; | – |、|一方|。)");
    std::vector<std::pair<size_t, size_t>> clauses;
    size_t begin = 0;
    while (const auto found = divider.find(sentence, begin)) {
        if (found->first > begin) clauses.emplace_back(begin, found->first);
        begin = found->second;
    }
    if (begin < sentence.size()) clauses.emplace_back(begin, sentence.size());
    return clauses;
}

}  // namespace hayate::gate
