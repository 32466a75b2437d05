// Grounds, the second half: which facts are known, of what, and together with which others.

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "engine/gate/grounds.hpp"

namespace hayate::gate {
namespace {

constexpr size_t kPairedPricesMax = 64;
constexpr int64_t kYear = 10000;  // of a Fact's date

bool says(std::span<const Fact> facts, const Fact& said) {
    return std::ranges::any_of(facts, [&](const Fact& known) { return supports(known, said); });
}

bool is_priced(std::span<const Fact> facts) {
    return std::ranges::any_of(facts,
                               [](const Fact& fact) { return fact.kind == FactKind::kPrice; });
}

}  // namespace

bool Grounds::is_known(const Fact& said) const {
    if (std::ranges::any_of(facts_, [&](const Fact& known) { return supports(known, said); }))
        return true;
    // "748 to 770 yen", "volumes 1 to 3": both ends are listed.
    const bool is_range = said.low < said.high && !said.is_count;
    if (!is_range || (said.kind != FactKind::kPrice && said.kind != FactKind::kVolume))
        return false;
    Fact low = said;
    Fact high = said;
    low.high = said.low;
    high.low = said.high;
    return is_known(low) && is_known(high);
}

bool Grounds::is_only_asked(const Fact& said) const {
    bool is_asked = false;
    for (const Statement& statement : statements_) {
        const bool is_there = std::ranges::any_of(
            facts_of(statement), [&](const Fact& known) { return supports(known, said); });
        if (is_there && statement.source != Source::kQuestion) return false;
        is_asked |= is_there;
    }
    return is_asked;
}

bool Grounds::is_asked(const Fact& said) const {
    return std::ranges::any_of(statements_, [&](const Statement& statement) {
        return statement.source == Source::kQuestion &&
               std::ranges::any_of(facts_of(statement),
                                   [&](const Fact& known) { return supports(known, said); });
    });
}

bool Grounds::is_computable(const Fact& said, Computation computation) const {
    const bool is_difference =
        said.kind != FactKind::kPrice && said.low > 0 && is_difference_of_counts(said.low);
    if (is_difference || is_computed_from_asked(said.low)) return true;
    if (is_day_apart(said, facts_) || is_time_between(said, facts_)) return true;
    if (said.kind == FactKind::kDate) return false;
    if (computation == Computation::kTotal && is_total_of_counts(said)) return true;
    if (computation == Computation::kDifference && is_difference_of_two(said)) return true;
    return said.kind == FactKind::kPrice && is_total_of_listed(said.low, computation);
}

bool Grounds::is_rewarded(const Fact& said, std::span<const int64_t> prices) const {
    return std::ranges::any_of(statements_, [&](const Statement& statement) {
        return statement.source == Source::kDocuments &&
               is_at_rate(said, prices, facts_of(statement));
    });
}

/// "Both series together: 146 volumes."
bool Grounds::is_total_of_counts(const Fact& said) const {
    Operands counts;
    for (const Fact& fact : facts_) {
        if (fact.kind == FactKind::kVolume && fact.is_count) counts.add(fact);
    }
    const bool is_number = said.kind == FactKind::kNumber && said.counted_in == CountedIn::kNone;
    return (is_number || (said.kind == FactKind::kVolume && said.is_count)) &&
           is_sum_or_difference(said.low, counts.counts());
}

/// "The box is 830 yen dearer", "a difference of 16 centimetres": of two amounts of one document,
/// or of what two products cost.
bool Grounds::is_difference_of_two(const Fact& said) const {
    constexpr size_t kAmountsMax = 64;
    struct Amount {
        int64_t value = 0;
        uint32_t paragraph = 0;
        bool is_listed = false;
    };
    const bool is_price = said.kind == FactKind::kPrice;
    std::vector<Amount> amounts;
    for (const Statement& statement : statements_) {
        const auto facts = facts_of(statement);
        const bool is_listed =
            std::ranges::any_of(facts, [](const Fact& f) { return f.kind == FactKind::kTitle; });
        for (const Fact& fact : facts) {
            const bool is_alike =
                is_price ? fact.kind == FactKind::kPrice
                         : fact.kind == FactKind::kNumber && fact.counted_in == said.counted_in;
            if (is_alike && amounts.size() < kAmountsMax)
                amounts.push_back({fact.low, statement.paragraph, is_listed && is_price});
        }
    }
    return std::ranges::any_of(amounts, [&](const Amount& a) {
        return std::ranges::any_of(amounts, [&](const Amount& b) {
            const bool is_comparable = a.paragraph == b.paragraph || (a.is_listed && b.is_listed);
            return is_comparable && a.value - b.value == said.low;
        });
    });
}

/// A sum of two prices of what is sold, or of three where a total is spoken of; a small multiple of
/// one; a difference of two. Fees do not add up to anything.
bool Grounds::is_total_of_listed(int64_t price, Computation computation) const {
    constexpr int64_t kTimesMax = 10;
    std::vector<int64_t> known;
    for (const Statement& statement : statements_) {
        const auto facts = facts_of(statement);
        if (std::ranges::none_of(facts, [](const Fact& f) { return f.kind == FactKind::kTitle; }))
            continue;
        for (const Fact& fact : facts) {
            if (fact.kind == FactKind::kPrice && known.size() < kPairedPricesMax)
                known.push_back(fact.low);
        }
    }
    const auto is_known = [&](int64_t value) { return std::ranges::count(known, value) > 0; };
    for (const int64_t a : known) {
        const bool is_multiple = a > 0 && price % a == 0 && price / a <= kTimesMax;
        if (is_multiple) return true;
        for (const int64_t b : known) {
            if (a + b == price || std::abs(a - b) == price) return true;
            if (computation == Computation::kTotal && is_known(price - a - b)) return true;
        }
    }
    return false;
}

/// "My cart is 4,900 yen": 100 yen short of free delivery, and 49 points at 1 %.
bool Grounds::is_computed_from_asked(int64_t value) const {
    constexpr int64_t kWhole = 100;
    for (const Statement& statement : statements_) {
        if (statement.source != Source::kQuestion) continue;
        for (const Fact& asked : facts_of(statement)) {
            if (asked.kind != FactKind::kPrice) continue;
            const bool is_computed = std::ranges::any_of(facts_, [&](const Fact& known) {
                if (known.counted_in == CountedIn::kPercent)
                    return asked.low * known.low / kWhole == value;
                return known.kind == FactKind::kPrice &&
                       (asked.low + known.low == value || std::abs(asked.low - known.low) == value);
            });
            if (is_computed && value != 0) return true;
        }
    }
    return false;
}

bool Grounds::is_difference_of_counts(int64_t number) const {
    const auto is_count = [](const Fact& fact) {
        return fact.kind == FactKind::kVolume && fact.is_count;
    };
    return std::ranges::any_of(facts_, [&](const Fact& a) {
        return is_count(a) && std::ranges::any_of(facts_, [&](const Fact& b) {
                   return is_count(b) && a.low - b.low == number;
               });
    });
}

const Fact* Grounds::sole_title() const {
    const Fact* sole = nullptr;
    uint32_t paragraph = 0;
    for (const Statement& statement : statements_) {
        if (statement.source != Source::kDocuments) continue;
        for (const Fact& fact : facts_of(statement)) {
            if (fact.kind != FactKind::kTitle || fact.is_slight) continue;
            const bool is_new = sole != nullptr && statement.paragraph != paragraph;
            if (is_new && fact.id != sole->id) return nullptr;
            if (sole == nullptr) sole = &fact;
            if (fact.id == sole->id) paragraph = statement.paragraph;
        }
    }
    return sole;
}

bool Grounds::lists(const Fact& title, uint64_t edition, const Fact* topic) const {
    return std::ranges::any_of(statements_, [&](const Statement& statement) {
        const auto facts = facts_of(statement);
        return statement.source == Source::kDocuments && is_priced(facts) && says(facts, title) &&
               (edition == 0 || edition_in(facts) == edition) &&
               (topic == nullptr || says(facts, *topic));
    });
}

bool Grounds::is_of_a_title(const Fact& said) const {
    return std::ranges::any_of(statements_, [&](const Statement& statement) {
        const auto facts = facts_of(statement);
        return std::ranges::any_of(facts,
                                   [](const Fact& f) { return f.kind == FactKind::kTitle; }) &&
               std::ranges::any_of(facts, [&](const Fact& known) { return supports(known, said); });
    });
}

Grounds::Listing Grounds::listing_of(const Fact& title, const Fact& volume,
                                     const Fact* said) const {
    Listing listing = Listing::kUnlisted;
    for (const Statement& statement : statements_) {
        if (statement.source == Source::kQuestion) continue;
        bool has_title = false;
        bool has_volume = false;
        bool has_said = said == nullptr;
        for (const Fact& known : facts_of(statement)) {
            has_title |= supports(known, title);
            // A box set that contains it is another thing to buy.
            has_volume |= known.kind == FactKind::kVolume && !known.is_count &&
                          known.low == volume.low && known.high == volume.high;
            has_said |= said != nullptr && supports(known, *said);
        }
        if (!has_title || !has_volume) continue;
        if (has_said) return Listing::kListed;
        listing = Listing::kOtherwise;
    }
    return listing;
}

bool Grounds::are_together(const Fact& title, const Fact& said, bool is_near_enough) const {
    const auto says = [&](const Statement& statement, const Fact& fact) {
        return std::ranges::any_of(facts_of(statement),
                                   [&](const Fact& known) { return supports(known, fact); });
    };
    for (const Statement& with_title : statements_) {
        if (with_title.source == Source::kQuestion || !says(with_title, title)) continue;
        if (says(with_title, said)) return true;
        if (!is_near_enough) continue;
        for (const Statement& other : statements_) {
            if (other.paragraph == with_title.paragraph && says(other, said)) return true;
        }
    }
    return false;
}

std::optional<Extent> Grounds::extent_of(const Fact& title, Measure measure,
                                         const Fact* volume) const {
    const auto measured = [&](const Fact& fact) -> std::optional<int64_t> {
        if (measure == Measure::kPrice && fact.kind == FactKind::kPrice) return fact.low;
        if (measure == Measure::kBegin && fact.kind == FactKind::kDate && fact.low >= kYear)
            return fact.low / kYear;
        const bool is_count = fact.kind == FactKind::kVolume && fact.is_count;
        return measure == Measure::kVolumes && is_count ? std::optional(fact.high) : std::nullopt;
    };
    const auto is_of_volume = [&](const Statement& statement) {
        return volume == nullptr || std::ranges::any_of(facts_of(statement), [&](const Fact& fact) {
                   return fact.kind == FactKind::kVolume && !fact.is_count &&
                          fact.low == volume->low && fact.high == volume->high;
               });
    };
    std::optional<Extent> extent;
    for (const Statement& statement : statements_) {
        const auto facts = facts_of(statement);
        const bool is_own =
            statement.source == Source::kDocuments && is_document_of(statement.paragraph, title);
        if (!is_own || !is_of_volume(statement)) continue;
        for (const Fact& fact : facts) {
            const auto value = measured(fact);
            if (!value) continue;
            if (!extent) extent = Extent{*value, *value};
            extent->low = std::min(extent->low, *value);
            extent->high = std::max(extent->high, *value);
        }
    }
    // A series begins with the first of its years.
    if (extent && measure == Measure::kBegin) extent->high = extent->low;
    return extent;
}

bool Grounds::is_asked_by_name(const Fact& title) const {
    return title.kind == FactKind::kTitle && std::ranges::count(asked_names_, title.id) > 0;
}

const Fact* Grounds::asked_beside(const Fact& title) const {
    std::vector<const Fact*> others = asked_titles();
    std::erase_if(others, [&](const Fact* asked) { return asked->id == title.id; });
    return others.size() == 1 ? others.front() : nullptr;
}

std::vector<const Fact*> Grounds::asked_titles() const {
    std::vector<const Fact*> titles;
    for (const Statement& statement : statements_) {
        if (statement.source != Source::kQuestion) continue;
        for (const Fact& fact : facts_of(statement)) {
            const bool is_new = std::ranges::count(titles, fact.id, &Fact::id) == 0;
            if (fact.kind == FactKind::kTitle && is_new) titles.push_back(&fact);
        }
    }
    return titles;
}

bool Grounds::is_document_of(uint32_t paragraph, const Fact& title) const {
    for (const Statement& statement : statements_) {
        if (statement.paragraph != paragraph || statement.source != Source::kDocuments) continue;
        const auto facts = facts_of(statement);
        const auto first = std::ranges::find(facts, FactKind::kTitle, &Fact::kind);
        if (first != facts.end()) return first->id == title.id;
    }
    return false;
}

uint8_t Grounds::progress_of(const Fact& title) const {
    for (const Statement& statement : statements_) {
        const bool is_told = statement.source == Source::kDocuments && statement.progress != 0;
        if (is_told && is_document_of(statement.paragraph, title)) return statement.progress;
    }
    return 0;
}

bool Grounds::is_of_other_edition(const Fact& title, const Fact& said, uint64_t wanted) const {
    bool is_wanted_marked = false;  // some line names the wanted language
    bool is_unmarked_there = false;
    bool is_said_in_wanted = false;
    bool is_said_unmarked = false;
    bool is_said_elsewhere = false;
    for (const Statement& statement : statements_) {
        const auto facts = facts_of(statement);
        if (statement.source != Source::kDocuments || !is_priced(facts) || !says(facts, title))
            continue;
        const uint64_t edition = edition_in(facts);
        const bool is_said = says(facts, said);
        is_wanted_marked |= edition == wanted;
        is_unmarked_there |= edition == 0;
        is_said_in_wanted |= is_said && edition == wanted;
        is_said_unmarked |= is_said && edition == 0;
        is_said_elsewhere |= is_said && edition != wanted && edition != 0;
    }
    if (is_wanted_marked) return !is_said_in_wanted && (is_said_unmarked || is_said_elsewhere);
    return is_unmarked_there && !is_said_unmarked && is_said_elsewhere;
}

std::optional<bool> Grounds::have_a_maker_in_common(const Fact& a, const Fact& b) const {
    const auto makers_of = [&](const Fact& title) {
        std::vector<uint64_t> people;
        for (const Statement& statement : statements_) {
            if (statement.source != Source::kDocuments) continue;
            for (const Fact& fact : facts_of(statement)) {
                if (fact.kind == FactKind::kPerson && is_document_of(statement.paragraph, title))
                    people.push_back(fact.id);
            }
        }
        return people;
    };
    const std::vector<uint64_t> of_a = makers_of(a);
    const std::vector<uint64_t> of_b = makers_of(b);
    if (of_a.empty() || of_b.empty()) return std::nullopt;
    return std::ranges::find_first_of(of_a, of_b) != of_a.end();
}

std::optional<Extent> Grounds::prices_of_the_asked() const {
    std::vector<Fact> asked;
    for (const Statement& statement : statements_) {
        if (statement.source != Source::kQuestion) continue;
        for (const Fact& fact : facts_of(statement)) {
            const bool is_name = fact.kind == FactKind::kTitle || fact.kind == FactKind::kPerson;
            if (is_name && !is_only_asked(fact)) asked.push_back(fact);
        }
    }
    std::optional<Extent> extent;
    for (const Statement& statement : statements_) {
        const auto facts = facts_of(statement);
        const bool is_listed =
            statement.source == Source::kDocuments &&
            std::ranges::any_of(facts, [](const Fact& f) { return f.kind == FactKind::kTitle; });
        const bool is_wanted = asked.empty() || std::ranges::any_of(asked, [&](const Fact& fact) {
                                   return is_in_paragraph(fact, statement.paragraph);
                               });
        if (!is_listed || !is_wanted) continue;
        for (const Fact& fact : facts) {
            if (fact.kind != FactKind::kPrice) continue;
            if (!extent) extent = Extent{fact.low, fact.low};
            extent->low = std::min(extent->low, fact.low);
            extent->high = std::max(extent->high, fact.low);
        }
    }
    return extent;
}

bool Grounds::counts_so(const Fact& title, const Fact& count) const {
    return std::ranges::any_of(statements_, [&](const Statement& statement) {
        const bool is_own =
            statement.source == Source::kDocuments && is_document_of(statement.paragraph, title);
        return is_own && std::ranges::any_of(facts_of(statement), [&](const Fact& known) {
                   if (known.kind != FactKind::kVolume) return false;
                   const bool is_number = known.is_count || known.low < known.high;
                   return is_number && supports(known, count);
               });
    });
}

std::optional<int64_t> Grounds::last_volume_of(const Fact& title) const {
    std::optional<int64_t> last;
    for (const Statement& statement : statements_) {
        if (statement.source != Source::kDocuments) continue;
        for (const Fact& fact : facts_of(statement)) {
            const bool is_volume = fact.kind == FactKind::kVolume && !fact.is_count;
            if (is_volume && is_document_of(statement.paragraph, title))
                last = std::max(last.value_or(fact.high), fact.high);
        }
    }
    return last;
}

bool Grounds::are_in_one(std::span<const Fact> said) const {
    return std::ranges::any_of(documents_, [&](const Document& document) {
        return std::ranges::all_of(
            said, [&](const Fact& fact) { return is_in_paragraph(fact, document.paragraph); });
    });
}

bool Grounds::is_in_paragraph(const Fact& fact, uint32_t paragraph) const {
    return std::ranges::any_of(statements_, [&](const Statement& statement) {
        return statement.paragraph == paragraph && statement.source != Source::kQuestion &&
               std::ranges::any_of(facts_of(statement),
                                   [&](const Fact& known) { return supports(known, fact); });
    });
}

}  // namespace hayate::gate
