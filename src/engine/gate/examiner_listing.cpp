// Examiner, the fourth part: what a sentence says of several things that documents list: which is
// longer, who made both, which is the cheapest, how many there are, whether they are in stock.

#include <algorithm>
#include <optional>
#include <vector>

#include "core/text/pattern.hpp"
#include "engine/gate/examiner.hpp"
#include "engine/gate/series.hpp"

namespace hayate::gate {
namespace {

bool is_volume(const Fact& fact) { return fact.kind == FactKind::kVolume && !fact.is_count; }

}  // namespace

/// "X is longer than Y", where the documents say how long both are.
void Examiner::check_comparison() {
    const auto comparison = comparison_in(units_, facts_);
    if (!comparison) return check_choice();
    if (is_asking_) return;
    // A denial that is not understood says anything.
    if (is_denying_ != comparison->is_denied) return;
    const Fact* other = comparison->other;
    if (other == nullptr && !comparison->names_other)
        other = grounds_->asked_beside(*comparison->subject);
    if (other == nullptr) return;
    const auto volume = std::ranges::find_if(facts_, is_volume);
    // "Vol. 2 came out first": of volumes nothing is known but what they cost.
    if (volume != facts_.end() && comparison->measure != Measure::kPrice) return;
    const Fact* of = volume == facts_.end() ? nullptr : &*volume;
    const auto extent = grounds_->extent_of(*comparison->subject, comparison->measure, of);
    const auto beside = grounds_->extent_of(*other, comparison->measure, of);
    if (extent && beside && is_impossible(*comparison, *extent, *beside))
        evidence_.raise(Feature::kContradiction, 1);
}

/// "No, they have different authors", where the documents name the same.
void Examiner::check_makers() {
    if (is_asking_ || is_refusing_) return;
    Makers said = makers_of(units_.text());
    const Polarity answer = sentences_ == 0 ? opening_polarity(units_.text()) : Polarity::kNeither;
    if (said == Makers::kUnsaid && grounds_->asks_whether() && answer != Polarity::kNeither) {
        const bool is_yes = answer == Polarity::kYes;
        if (grounds_->asked_makers() == Makers::kSame)
            said = is_yes ? Makers::kSame : Makers::kDifferent;
        if (grounds_->asked_makers() == Makers::kDifferent)
            said = is_yes ? Makers::kDifferent : Makers::kSame;
    }
    if (said == Makers::kUnsaid) return;
    std::vector<const Fact*> titles;
    for (const Fact& fact : facts_) {
        const bool is_new = std::ranges::count(titles, fact.id, &Fact::id) == 0;
        if (fact.kind == FactKind::kTitle && !fact.is_slight && is_new) titles.push_back(&fact);
    }
    if (titles.size() < 2) titles = grounds_->asked_titles();
    if (titles.size() != 2) return;
    const auto in_common = grounds_->have_a_maker_in_common(*titles[0], *titles[1]);
    if (in_common && *in_common != (said == Makers::kSame))
        evidence_.raise(Feature::kContradiction, 1);
}

/// "The cheapest one costs 880 yen", where one for 748 is listed.
void Examiner::check_superlative() {
    if (is_denying_ || is_asking_) return;
    Superlative said = superlative_in(units_.text());
    if (said == Superlative::kNone && sentences_ == 0) said = grounds_->asked_superlative();
    if (said == Superlative::kNone) return;
    if (said == Superlative::kLatest) {
        const auto volume = std::ranges::find_if(facts_, is_volume);
        const Fact* title = only_title();
        if (volume == facts_.end() || title == nullptr) return;
        const auto last = grounds_->last_volume_of(*title);
        if (last && volume->high < *last) evidence_.raise(Feature::kContradiction, 1);
        return;
    }
    const auto listed = grounds_->prices_of_the_asked();
    std::optional<Extent> named;
    for (const Fact& fact : facts_) {
        if (fact.kind != FactKind::kPrice || !grounds_->is_of_a_title(fact)) continue;
        if (!named) named = Extent{fact.low, fact.low};
        named->low = std::min(named->low, fact.low);
        named->high = std::max(named->high, fact.low);
    }
    if (!listed || !named) return;
    const bool is_wrong =
        said == Superlative::kCheapest ? named->low > listed->low : named->high < listed->high;
    if (is_wrong) evidence_.raise(Feature::kContradiction, 1);
}

/// "15 volumes in all", where the title's document counts 16. One that counts none may be counted.
void Examiner::check_whole() {
    if (only_title() == nullptr || is_denying_) return;
    std::optional<size_t> before;
    for (size_t i = 0; i < facts_.size(); ++i) {
        const Fact& fact = facts_[i];
        if (fact.kind == FactKind::kTitle) before = i;
        const bool is_count = fact.kind == FactKind::kVolume && fact.is_count && fact.low > 1;
        if (!is_count || fact.low != fact.high || !grounds_->is_known(fact)) continue;
        const Fact* title = owner_of(i, before);
        if (title == nullptr || !grounds_->extent_of(*title, Measure::kVolumes, nullptr)) continue;
        if (!grounds_->counts_so(*title, fact) && !grounds_->is_difference_of_counts(fact.low))
            evidence_.raise(Feature::kMismatch, 1);
    }
}

/// Clause by clause: "volume 1 is sold out, volume 2 is in stock".
void Examiner::check_stock() {
    std::optional<Fact> title = last_title_before_;
    if (!title && subject() != nullptr) title = *subject();
    std::optional<Fact> volume = last_volume_before_;
    static const text::Pattern denial(R"(n['’]t (currently )?have\b.*in stock)");
    const bool is_denied = denial.find(units_.text()).has_value();
    for (const auto& clause : clauses_of(units_.text())) {
        for (const Fact& fact : facts_) {
            const size_t at = units_.all()[fact.begin].begin;
            if (at < clause.first || at >= clause.second) continue;
            if (fact.kind == FactKind::kTitle && (!title || fact.id != title->id)) {
                title = fact;
                volume.reset();
            }
            if (is_volume(fact)) volume = fact;
        }
        Stock said = stock_of(units_.text().substr(clause.first, clause.second - clause.first));
        if (said == Stock::kIn && is_denied) said = Stock::kOut;
        if (said != Stock::kUnsaid && title) check_stock_in(*title, volume, said);
    }
}

void Examiner::check_stock_in(const Fact& title, const std::optional<Fact>& volume, Stock said) {
    // "Volumes 1 and 31": each of them.
    const auto end_of = [&](int64_t number) {
        Fact end = *volume;
        end.low = end.high = number;
        return end;
    };
    const bool is_listed =
        volume && grounds_->listing_of(title, *volume, nullptr) != Grounds::Listing::kUnlisted;
    if (volume && volume->low != volume->high && !is_listed) {
        check_stock_of(title, end_of(volume->low), said);
        check_stock_of(title, end_of(volume->high), said);
    } else {
        check_stock_of(title, volume, said);
    }
    const bool is_single = volume && volume->low == volume->high;
    if (is_single && said == Stock::kIn && !is_listed) evidence_.raise(Feature::kOnlyAsked, 1);
}

/// The title that the sentence is about: its own, else that of an earlier one or of the question;
/// null if there is none.
const Fact* Examiner::subject() const {
    if (only_title() != nullptr) return only_title();
    if (last_title_) return &*last_title_;
    const auto asked = grounds_->asked_titles();
    return asked.size() == 1 ? asked.front() : nullptr;
}

/// "We do not carry it", although it is listed: the title, and the volume, edition or format that
/// was asked for.
void Examiner::check_denied_listing() {
    if (sentences_ > 0 || grounds_->asks_untold() || !denies_listing(units_.text()) || is_asking_)
        return;
    const Fact* title = subject();
    if (title == nullptr || !grounds_->is_known(*title) || grounds_->is_only_asked(*title)) return;
    uint64_t edition = edition_in(facts_);
    if (edition == 0) edition = grounds_->asked_edition();
    std::vector<Fact> named = facts_;
    for (const Statement& statement : grounds_->statements()) {
        if (statement.source != Source::kQuestion) continue;
        const auto asked = grounds_->facts_of(statement);
        named.insert(named.end(), asked.begin(), asked.end());
    }
    for (const Fact& fact : named) {
        const bool is_format =
            fact.kind == FactKind::kTopic && fact.topic == understand::EntityKind::kFormat;
        if (is_format && !grounds_->lists(*title, edition, &fact)) return;
        if (is_volume(fact) && !grounds_->lists(*title, edition, &fact)) return;
    }
    if (grounds_->lists(*title, edition, nullptr)) evidence_.raise(Feature::kContradiction, 1);
}

void Examiner::check_stock_of(const Fact& title, const std::optional<Fact>& volume, Stock said) {
    bool is_same = false;
    bool is_opposite = false;
    for (const Statement& statement : grounds_->statements()) {
        if (statement.source != Source::kDocuments || statement.stock == Stock::kUnsaid) continue;
        const auto says = [&](const Fact& fact) {
            return std::ranges::any_of(grounds_->facts_of(statement),
                                       [&](const Fact& known) { return supports(known, fact); });
        };
        // A box set that contains the volume is another thing to buy.
        const auto is_exactly = [&](const Fact& known) {
            return known.kind == FactKind::kVolume && !known.is_count && known.low == volume->low &&
                   known.high == volume->high;
        };
        if (!says(title)) continue;
        if (volume && std::ranges::none_of(grounds_->facts_of(statement), is_exactly)) continue;
        (statement.stock == said ? is_same : is_opposite) = true;
    }
    if (is_opposite && !is_same) evidence_.raise(Feature::kStock, 1);
}

}  // namespace hayate::gate
