// Examiner, the fifth part: what a sentence says of whole series: which of them it is, whether it
// has ended, when it began, and what several have in common.

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/text/pattern.hpp"
#include "engine/gate/examiner.hpp"
#include "engine/gate/series.hpp"

namespace hayate::gate {
namespace {

using text::Pattern;

constexpr int64_t kYear = 10000;  // of a Fact's date

bool is_count(const Fact& fact) { return fact.kind == FactKind::kVolume && fact.is_count; }

/// What belongs to one title: a price, a day or a year, a volume or (72巻) a number of them.
bool is_value(const Fact& fact) {
    return fact.kind == FactKind::kPrice || fact.kind == FactKind::kDate ||
           fact.kind == FactKind::kVolume;
}

bool is_of_a_kind(const Fact& a, const Fact& b) {
    return a.kind == b.kind && a.is_count == b.is_count;
}

/// "30 volumes in X": the value belongs to the title behind it.
bool is_led_to(std::string_view between) {
    static const Pattern link(
        R"(^(\s*(volumes?|books?|yen))?\s*(in total )?(in|of|for|to the)( the)?[\s\pP]*$)"
        R"(|^巻?の[\s\pP]*$)");
    return link.find(between).has_value();
}

/// "どちらも42巻です": so many, not the 42nd. `behind` is what follows the fact.
bool is_counted(std::string_view behind) {
    static const Pattern verb(R"(^巻?(です|でした|あり|ある|で完結|で、|ずつ|。|$))");
    return verb.find(behind).has_value();
}

/// "Makoto Yukimura's X", "渡辺航さんの『X』".
bool is_maker_of(std::string_view between) {
    static const Pattern link(R"(^(['’]s?|(さん|先生|氏)?の)[\s\pP]*$)");
    return link.find(between).has_value();
}

/// "X and Y", "XとY".
bool is_joined(std::string_view between) {
    static const Pattern link(R"(^[\s\pP]*(and|&|と|及び|や)[\s\pP]*$)");
    return link.find(between).has_value();
}

}  // namespace

/// The titles that begin there, each once, in order.
std::vector<const Fact*> Examiner::titles_in(std::pair<size_t, size_t> bytes) const {
    std::vector<const Fact*> titles;
    for (const Fact& fact : facts_) {
        const size_t at = units_.all()[fact.begin].begin;
        if (fact.kind != FactKind::kTitle || at < bytes.first || at >= bytes.second) continue;
        if (fact.is_slight && !grounds_->is_asked_by_name(fact)) continue;
        const bool is_new =
            std::ranges::none_of(titles, [&](const Fact* title) { return title->id == fact.id; });
        if (is_new) titles.push_back(&fact);
    }
    return titles;
}

bool Examiner::are_joined(const Fact& a, const Fact& b) const {
    const size_t end = units_.all()[a.end - 1].end;
    const size_t begin = units_.all()[b.begin].begin;
    return begin >= end && is_joined(units_.text().substr(end, begin - end));
}

/// The title that a fact is said of: usually `title`, the last one before it, or that of an earlier
/// sentence; but the second of two numbers behind two titles is of the second.
const Fact* Examiner::owner_of(size_t index, std::optional<size_t> title) const {
    const Fact& fact = facts_[index];
    const auto& all = units_.all();
    const auto between = [&](const Fact& from, const Fact& to) {
        const size_t begin = all[from.end - 1].end;
        return units_.text().substr(begin, all[to.begin].begin - begin);
    };
    const auto next = std::find_if(facts_.begin() + static_cast<ptrdiff_t>(index), facts_.end(),
                                   [](const Fact& f) { return f.kind == FactKind::kTitle; });
    if (next != facts_.end() && next->begin >= fact.end) {
        const std::string_view link = between(fact, *next);
        if (is_value(fact) && is_led_to(link)) return &*next;
        const std::string_view name = units_.text(all[fact.end - 1]);
        const bool is_possessive = name.ends_with("'s") || name.ends_with("’s");
        if (fact.kind == FactKind::kPerson && (is_possessive || is_maker_of(link))) return &*next;
    }
    if (is_value(fact)) {
        std::vector<const Fact*> values;
        for (const Fact& other : facts_) {
            if (is_of_a_kind(fact, other)) values.push_back(&other);
        }
        const auto titles = titles_in({0, all[values.front()->begin].begin});
        const auto later = titles_in({all[values.front()->begin].begin, units_.text().size()});
        if (values.size() > 1 && values.size() == titles.size() && later.empty()) {
            const auto at = std::ranges::find(values, &fact);
            return titles[static_cast<size_t>(at - values.begin())];
        }
        // "それぞれ484円と528円": of those that the customer named, in their order.
        const auto asked = grounds_->asked_titles();
        const bool is_of_asked = titles.empty() && later.empty() && is_of_each(units_.text());
        if (values.size() > 1 && values.size() == asked.size() && is_of_asked) {
            const auto at = std::ranges::find(values, &fact);
            return asked[static_cast<size_t>(at - values.begin())];
        }
    }
    if (title) return &facts_[*title];
    return last_title_before_ ? &*last_title_before_ : grounds_->sole_title();
}

/// The title's document tells this value of it; also if it tells none of the kind.
bool Examiner::is_told_of(const Fact& title, const Fact& said) const {
    if (!grounds_->is_known(title) || grounds_->is_only_asked(title)) return true;
    if (is_count(said)) {
        return !grounds_->extent_of(title, Measure::kVolumes, nullptr) ||
               grounds_->counts_so(title, said);
    }
    return grounds_->are_together(title, said, said.kind != FactKind::kPrice);
}

/// "Which is longer?" "X." It has the values of X in view, or none.
void Examiner::check_choice() {
    if (sentences_ > 0 || !grounds_->asks_which()) return;
    const bool is_stated = !is_asking_ && !is_refusing_ && !is_denying_;
    const Fact* chosen = only_title();
    if (!is_stated || chosen == nullptr || std::ranges::any_of(facts_, is_value)) return;
    const Fact* other = grounds_->asked_beside(*chosen);
    if (other == nullptr || !grounds_->is_asked(*chosen)) return;
    if (grounds_->asked_progress() != kUnsaid && progress_in(units_.text()) == kUnsaid)
        check_progress_of(std::span(&chosen, 1), grounds_->asked_progress());
    const auto ranking = grounds_->asked_ranking();
    if (!ranking) return;
    const auto own = grounds_->extent_of(*chosen, ranking->measure, nullptr);
    const auto beside = grounds_->extent_of(*other, ranking->measure, nullptr);
    const Comparison comparison{.measure = ranking->measure, .is_more = ranking->is_more};
    if (own && beside && is_impossible(comparison, *own, *beside))
        evidence_.raise(Feature::kContradiction, 1);
}

void Examiner::check_progress_of(std::span<const Fact* const> titles, uint8_t said) {
    for (const Fact* title : titles) {
        const uint8_t known = grounds_->progress_of(*title);
        if (known != kUnsaid && (known & said) == 0) evidence_.raise(Feature::kContradiction, 1);
    }
}

/// "It is still running", where its document says "finished".
void Examiner::check_progress() {
    if (is_asking_ || is_refusing_) return;
    std::vector<const Fact*> titles;
    if (subject() != nullptr) titles.push_back(subject());
    const auto asked = grounds_->asked_titles();
    bool is_said = false;
    for (const auto& clause : clauses_of(units_.text())) {
        const std::string_view text =
            std::string_view(units_.text()).substr(clause.first, clause.second - clause.first);
        const auto own = titles_in(clause);
        if (!own.empty()) titles = own;
        const ProgressCue cue = progress_cue_in(text);
        if (cue.progress == kUnsaid) continue;
        is_said = true;
        // "Oda's series is still running" names it by its maker.
        const bool is_by_maker =
            own.empty() && std::ranges::any_of(facts_, [&](const Fact& fact) {
                const size_t at = units_.all()[fact.begin].begin;
                return fact.kind == FactKind::kPerson && clause.first <= at && at < clause.second;
            });
        if (is_by_maker) continue;
        const bool is_of_all = is_of_each(text) && titles.size() < 2;
        if (is_of_all || (titles.empty() && asked.size() == 1)) {
            check_progress_of(asked, cue.progress);
        } else if (titles.size() < 2 || is_of_each(text) || own.empty()) {
            check_progress_of(titles, cue.progress);
        } else {
            const bool is_before_title = text.substr(cue.end).starts_with("の");  // 連載中の『X』
            const Fact* of = nullptr;
            for (const Fact* title : titles) {
                const bool is_after = units_.all()[title->begin].begin >= clause.first + cue.end;
                if (is_before_title ? is_after && of == nullptr : !is_after || of == nullptr)
                    of = title;
            }
            const bool is_joined_pair = titles.size() == 2 && are_joined(*titles[0], *titles[1]);
            if (is_joined_pair && !is_before_title)
                check_progress_of(titles, cue.progress);
            else if (of != nullptr)
                check_progress_of(std::span(&of, 1), cue.progress);
        }
    }
    const Polarity answer = sentences_ == 0 ? opening_polarity(units_.text()) : Polarity::kNeither;
    const uint8_t wanted = grounds_->asked_progress();
    if (is_said || wanted == kUnsaid || answer == Polarity::kNeither || asked.empty() ||
        !grounds_->asks_whether() || grounds_->asks_negatively())
        return;
    if (answer == Polarity::kYes) return check_progress_of(asked, wanted);
    const bool is_so = std::ranges::all_of(asked, [&](const Fact* title) {
        const uint8_t known = grounds_->progress_of(*title);
        return known != kUnsaid && (known & ~wanted) == 0;
    });
    if (is_so) evidence_.raise(Feature::kContradiction, 1);
}

/// "It began in 2013", where its document says 2005; "it ended in 2005", which is when it began.
void Examiner::check_begin_and_end() {
    static const Pattern began(
        R"(\b(began|begun|started|debuted|launched|first published|published first|)"
        R"(been (around|running|published))( publication| serialization| running)?)"
        R"( (in|on|since|from)[\s\pP]*$)");
    static const Pattern began_behind(
        R"(^(年|月|日)?(から|より|に)?(始ま|はじま|連載開始|連載が始|連載を開始|開始され|スタート))");
    static const Pattern ended(
        R"(\b(finished|ended|concluded|completed?|over) (in|on|since|at)[\s\pP]*$)");
    static const Pattern ended_behind(R"(^(年|月|日)?(に|で)?(完結|連載終了|連載を終|終了|終わ))");
    for (size_t i = 0; i < facts_.size(); ++i) {
        const Fact& date = facts_[i];
        if (date.kind != FactKind::kDate || date.low < kYear) continue;
        const std::string_view text = units_.text();
        const std::string_view before = text.substr(0, units_.all()[date.begin].begin);
        const std::string_view behind = text.substr(units_.all()[date.end - 1].end);
        const bool is_end = ended.find(before) || ended_behind.find(behind);
        const bool is_begin = !is_end && (began.find(before) || began_behind.find(behind));
        if (!is_begin && !is_end) continue;
        std::vector<const Fact*> titles = titles_in({0, before.size()});
        if (titles.empty() && subject() != nullptr) titles.push_back(subject());
        const bool is_of_several = titles.size() > 1 && is_of_each(text);
        if (titles.size() > 1 && !is_of_several) titles.erase(titles.begin(), titles.end() - 1);
        for (const Fact* title : titles) {
            const auto begin = grounds_->extent_of(*title, Measure::kBegin, nullptr);
            if (!begin) continue;
            const bool is_same = begin->low == date.low / kYear;
            if (is_begin != is_same) evidence_.raise(Feature::kMismatch, 1);
        }
    }
}

/// "X and Y both have 42 volumes", "they cost the same".
void Examiner::check_each() {
    if (is_asking_ || is_denying_) return;
    const auto asked = grounds_->asked_titles();
    for (const auto& clause : clauses_of(units_.text())) {
        const std::string_view text =
            std::string_view(units_.text()).substr(clause.first, clause.second - clause.first);
        auto titles = titles_in(clause);
        bool is_each = is_of_each(text);
        if (titles.size() == 2) is_each |= are_joined(*titles[0], *titles[1]);
        const auto equal = equal_in(text);
        if (titles.empty() && asked.size() == 2) titles = asked;
        if (titles.size() < 2) continue;
        if (equal && titles.size() == 2) {
            const auto a = grounds_->extent_of(*titles[0], *equal, nullptr);
            const auto b = grounds_->extent_of(*titles[1], *equal, nullptr);
            if (a && b && (a->high < b->low || b->high < a->low))
                evidence_.raise(Feature::kContradiction, 1);
        }
        if (!is_each) continue;
        for (const Fact& value : facts_) {
            const size_t at = units_.all()[value.begin].begin;
            const auto is_other = [&](const Fact& fact) {
                return fact.begin != value.begin && is_of_a_kind(fact, value);
            };
            Fact said = value;
            said.is_count |= value.kind == FactKind::kVolume && value.low == value.high &&
                             is_counted(units_.text().substr(units_.all()[value.end - 1].end));
            const bool is_volume = said.kind == FactKind::kVolume && !said.is_count;
            const bool is_alone = is_value(value) && !is_volume && at >= clause.first &&
                                  at < clause.second && std::ranges::none_of(facts_, is_other);
            if (!is_alone || !grounds_->is_known(value) || grounds_->is_asked(value)) continue;
            for (const Fact* title : titles) {
                if (!is_told_of(*title, said)) evidence_.raise(Feature::kMismatch, 1);
            }
        }
    }
}

/// The price of the English edition, said of the Japanese one. Where a clause names an edition, the
/// values in it are of that; where another one does, they may be of any.
void Examiner::check_editions() {
    // "1,900 yen in English, 660 otherwise"; "the English one is sold out, the regular is 484".
    static const Pattern contrast(
        R"(\b(regular|ordinary|normal|plain|standard|otherwise|the other|without|not marked|)"
        R"(unmarked|non-english)\b)"
        R"(|(では|じゃ)ない|以外|普通|通常|もう一方|の差|より[^。]*(高|安))");
    const auto is_dated_or_priced = [](const Fact& fact) {
        return fact.kind == FactKind::kPrice || fact.kind == FactKind::kDate;
    };
    if (is_asking_ || std::ranges::none_of(facts_, is_dated_or_priced)) return;
    if (contrast.find(units_.text())) return;
    const auto is_edition = [](const Fact& fact) {
        return fact.kind == FactKind::kTopic && fact.topic == understand::EntityKind::kLanguage;
    };
    const bool is_named = std::ranges::any_of(facts_, is_edition);
    std::optional<size_t> title;
    for (size_t i = 0; i < facts_.size(); ++i) {
        const Fact& fact = facts_[i];
        if (fact.kind == FactKind::kTitle) title = i;
        const bool is_full_date = fact.kind == FactKind::kDate && fact.low % 100 != 0;
        if (fact.kind != FactKind::kPrice && !is_full_date) continue;
        const uint64_t wanted = is_named ? edition_near(fact) : grounds_->asked_edition();
        const Fact* of = wanted == 0 ? nullptr : owner_of(i, title);
        if (of != nullptr && grounds_->is_of_other_edition(*of, fact, wanted))
            evidence_.raise(Feature::kMismatch, 1);
    }
}

/// The one right behind the fact ("770 yen in Japanese"), else the one that its clause names, or an
/// earlier one if no other volume came since; 0 if none or several.
uint64_t Examiner::edition_near(const Fact& fact) const {
    static const Pattern link(R"(^( yen)? (in|as|for)( the| an?)? ?$|^円?[(（]$)");
    const auto all = units_.all();
    for (const Fact& other : facts_) {
        if (other.begin < fact.end || edition_in(std::span(&other, 1)) == 0) continue;
        const size_t end = all[fact.end - 1].end;
        if (link.find(units_.text().substr(end, all[other.begin].begin - end))) return other.id;
    }
    uint64_t before = 0;
    for (const Fact& other : facts_) {
        if (other.begin >= fact.begin) break;
        if (other.kind == FactKind::kTitle || other.kind == FactKind::kVolume) before = 0;
        if (edition_in(std::span(&other, 1)) != 0) before = other.id;
        const size_t begin = all[other.end - 1].end;
        const size_t end = std::max<size_t>(begin, all[fact.begin].begin);
        if (units_.text().substr(begin, end - begin).contains(" and ")) before = 0;
    }
    std::vector<Fact> near;
    for (const auto& [begin, end] : clauses_of(units_.text())) {
        const auto is_in = [&](const Fact& other) {
            return begin <= all[other.begin].begin && all[other.begin].begin < end;
        };
        if (is_in(fact)) std::ranges::copy_if(facts_, std::back_inserter(near), is_in);
    }
    const uint64_t own = edition_in(near);
    const bool is_of_several = own == 0 && std::ranges::any_of(near, [](const Fact& other) {
                                   return edition_in(std::span(&other, 1)) != 0;
                               });
    return own != 0 || is_of_several ? own : before;
}

}  // namespace hayate::gate
